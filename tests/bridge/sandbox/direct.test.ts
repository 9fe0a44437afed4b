import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import { Harness } from "./support/harness.js";
import type { Client } from "./support/client.js";
import { textOf } from "./support/client.js";
import { waitFor } from "./support/wait.js";

const ALICE = "+5511910000001";
const BOB = "+5511910000002";
const CONTACT = "+5511920000001";

describe("one-to-one messages", () => {
  let harness: Harness;
  let alice: Client;
  let bob: Client;

  before(async () => {
    harness = await Harness.start();
    [alice, bob] = await Promise.all([harness.paired(ALICE, "Alice"), harness.paired(BOB, "Bob")]);
  });
  after(() => harness.stop());

  const inbox = async (number: string, query = ""): Promise<InboxMessage[]> => {
    const path = `/contacts/${encodeURIComponent(number)}/messages?wait=5000${query}`;
    return (await harness.admin.get<{ messages: InboxMessage[] }>(path)).messages;
  };

  it("reach a mock contact, who decrypts them with a real Signal session", async () => {
    const sent = await alice.send("5511920000001@s.whatsapp.net", { text: "hello contact" });
    const [message] = await inbox(CONTACT, `&id=${sent.key.id ?? ""}`);
    assert.equal(message?.text, "hello contact");
    assert.equal(message.number, "5511910000001");
    assert.equal(message.encType, "pkmsg");
    assert.equal(message.copy, 1);
    assert.match(message.plaintextSha256, /^[0-9a-f]{64}$/);
  });

  it("are confirmed as delivered and as read to the sender", async () => {
    const sent = await alice.send("5511920000001@s.whatsapp.net", { text: "read me" });
    const id = sent.key.id ?? "";
    await waitFor("delivery", () => alice.statuses(id).includes(3));
    await harness.admin.post(`/contacts/${CONTACT}/receipt`, { type: "read", to: ALICE, ids: [id] });
    await waitFor("reading", () => alice.statuses(id).includes(4));
  });

  it("arrive from a mock contact with text, name and both addresses", async () => {
    await harness.admin.post("/contacts", { number: CONTACT, name: "Carla" });
    const { id } = await harness.admin.post<{ id: string }>(`/contacts/${CONTACT}/say`, { to: ALICE, text: "hello gateway" });
    const message = await alice.waitText("hello gateway");
    assert.equal(message.key.id, id);
    assert.equal(message.pushName, "Carla");
    assert.equal(message.key.remoteJid, "5511920000001@s.whatsapp.net");
    assert.match(message.key.remoteJidAlt ?? "", /^\d+@lid$/);
  });

  it("travel between two clients by phone address and by LID, both ways", async () => {
    await alice.send(bob.jid, { text: "by number" });
    assert.equal((await bob.waitText("by number")).key.remoteJid, alice.jid);
    await bob.send(alice.jid, { text: "back by number" });
    await alice.waitText("back by number");
    await alice.send(bob.lid, { text: "by lid" });
    assert.equal((await bob.waitText("by lid")).key.remoteJid, alice.lid);
    await bob.send(alice.lid, { text: "back by lid" });
    assert.equal((await alice.waitText("back by lid")).key.remoteJid, bob.lid);
  });

  it("wait for a client that is away and come in order, marked as backlog", async () => {
    await bob.goOffline();
    const texts = Array.from({ length: 12 }, (_, i) => `waiting ${i}`);
    for (const text of texts) await alice.send(bob.jid, { text });
    const seen = bob.events.length;
    await bob.comeBack().waitOpen();
    await bob.waitText("waiting 11");
    const upserts = bob.events.slice(seen).flatMap((each) => (each.name === "messages.upsert" ? [each.data] : []));
    assert.deepEqual(upserts.flatMap((each) => each.messages).map(textOf).filter((text) => text?.startsWith("waiting")), texts);
    assert.ok(upserts.every((each) => each.type === "append"));
  });

  it("are in the ledger in both directions", async () => {
    const { entries } = await harness.admin.get<{ entries: { direction: string; tag: string }[] }>(
      `/ledger?number=${encodeURIComponent(ALICE)}&tag=message&limit=1000`,
    );
    assert.ok(entries.some((entry) => entry.direction === "in"));
    assert.ok(entries.some((entry) => entry.direction === "out"));
  });

  it("tells existing numbers from absent ones", async () => {
    await harness.admin.post("/contacts", { number: "+5511930000009", exists: false });
    const results = await alice.sock.onWhatsApp("+5511930000008", "+5511930000009");
    assert.deepEqual(results, [{ jid: "5511930000008@s.whatsapp.net", exists: true }]);
  });
});
