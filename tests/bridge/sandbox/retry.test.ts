import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InboxFailure, InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Client } from "./support/client.js";
import { textOf } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { sentStanza } from "./support/ledger.js";
import { waitFor } from "./support/wait.js";

const CONTACT = "+5511920000071";
const CONTACT_JID = "5511920000071@s.whatsapp.net";

describe("messages that cannot be decrypted", () => {
  let harness: Harness;
  let alice: Client;
  let bob: Client;

  before(async () => {
    harness = await Harness.start();
    [alice, bob] = await Promise.all([harness.paired("+5511910000071", "Alice"), harness.paired("+5511910000072", "Bob")]);
  });
  after(() => harness.stop());

  const loseSessions = async (client: Client): Promise<void> => {
    await client.auth.keys.set({ session: Object.fromEntries(client.auth.allIds("session").map((id) => [id, null])) });
  };
  const retries = async (direction: string): Promise<unknown[]> =>
    (await harness.admin.get<{ entries: unknown[] }>(`/ledger?tag=receipt&type=retry&direction=${direction}&limit=1000`)).entries;

  it("are asked for again by a client and resent by another", async () => {
    await alice.send(bob.jid, { text: "session one" });
    await bob.waitText("session one");
    await bob.send(alice.jid, { text: "answer" });
    await alice.waitText("answer");
    await alice.send(bob.jid, { text: "no more key exchange" });
    await bob.waitText("no more key exchange");
    await loseSessions(bob);
    await alice.send(bob.jid, { text: "lost session" });
    await bob.waitText("lost session");
    assert.ok((await retries("out")).length > 0);
  });

  it("are resent by a mock contact", async () => {
    await alice.send(CONTACT_JID, { text: "hello" });
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "before" });
    await alice.waitText("before");
    await loseSessions(alice);
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "after the loss" });
    await alice.waitText("after the loss");
  });

  it("are asked for again by a mock contact that lost its keys, and resent by the client", async () => {
    await harness.admin.post(`/contacts/${CONTACT}/say`, { to: `+${alice.number}`, text: "talk first" });
    await alice.waitText("talk first");
    await alice.send(CONTACT_JID, { text: "established" });
    const read = async (id: string): Promise<{ messages: InboxMessage[]; failures: InboxFailure[] }> =>
      harness.admin.get(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
    await harness.admin.post(`/contacts/${CONTACT}/forget-keys`);
    const sent = await alice.send(CONTACT_JID, { text: "please resend" });
    const { messages, failures } = await read(sent.key.id ?? "");
    assert.equal(messages[0]?.text, "please resend");
    assert.equal(messages[0].copy, 1);
    assert.equal(failures[0]?.reason, "undecryptable");
  });

  it("are fetched from the phone when nobody resends them", async () => {
    // Without getMessage a client cannot answer a retry receipt of a device in a one-to-one chat.
    alice.known.clear();
    await bob.send(alice.jid, { text: "keeps the session" });
    await alice.waitText("keeps the session");
    await loseSessions(bob);
    const sent = await alice.sock.sendMessage(bob.jid, { text: "only the phone has it" });
    const message = await bob.waitMessage("the phone's copy", (each) => each.key.id === sent?.key.id && textOf(each) === "only the phone has it", 15_000);
    assert.equal(message.key.fromMe, false);
  });

  it("do not count twice when the same ciphertext comes again", async () => {
    const { entries } = await harness.admin.get<{ entries: { node: { content: unknown } }[] }>(
      `/ledger?tag=message&direction=in&number=${alice.number}&limit=1000`,
    );
    assert.ok(entries.length > 0);
    const sent = await alice.send(CONTACT_JID, { text: "only once" });
    const id = sent.key.id ?? "";
    await harness.admin.get(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
    await alice.sock.sendNode(await sentStanza(harness.admin, id));
    const read = (): Promise<{ failures: InboxFailure[]; messages: InboxMessage[] }> => harness.admin.get(`/contacts/${CONTACT}/messages?id=${id}`);
    const { failures, messages } = await waitFor("the copy to be refused", async () => {
      const answer = await read();
      return answer.failures.length > 0 ? answer : undefined;
    });
    assert.equal(messages.length, 1);
    assert.equal(failures[0]?.reason, "duplicate");
  });
});
