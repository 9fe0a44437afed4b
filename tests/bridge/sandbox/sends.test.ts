import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { InboxFailure, InboxMessage } from "../../../bridge/sandbox/phone/inbox.js";
import type { Send } from "../../../bridge/sandbox/world/sends.js";
import type { Client } from "./support/client.js";
import { Harness } from "./support/harness.js";
import { sentStanza } from "./support/ledger.js";
import { waitFor } from "./support/wait.js";

const CONTACT = "+5511920000091";
const CONTACT_JID = "5511920000091@s.whatsapp.net";
const FRIEND = "+5511920000092";

describe("the record of sends", () => {
  let harness: Harness;
  let alice: Client;

  before(async () => {
    harness = await Harness.start({ receiptDelayMs: 0 });
    alice = await harness.paired("+5511910000091", "Alice");
  });
  after(() => harness.stop());

  const sends = async (query: string): Promise<Send[]> => (await harness.admin.get<{ sends: Send[] }>(`/sends?number=%2B${alice.number}${query}`)).sends;
  const one = async (id: string, fits: (send: Send) => boolean): Promise<Send> =>
    waitFor(`the record of ${id}`, async () => (await sends(`&id=${id}`)).find(fits));
  const at = (send: Send, number: string): Send["devices"][number] => {
    const found = send.devices.find((each) => each.number === number.slice(1) && each.device === 0);
    assert.ok(found, `${number} got nothing`);
    return found;
  };

  it("tells every message once, in the order of its chat, readable once, with what it says", async () => {
    const ids: string[] = [];
    for (const [to, text] of [[CONTACT_JID, "one"], ["5511920000092@s.whatsapp.net", "elsewhere"], [CONTACT_JID, "two"], [CONTACT_JID, "three"]] as const) {
      ids.push((await alice.send(to, { text })).key.id ?? "");
    }
    const last = ids.at(-1) ?? "";
    await one(last, (send) => at(send, CONTACT).readable === 1);
    const all = await sends("");
    assert.deepEqual(all.map((each) => each.id), ids);
    const chat = await sends(`&chat=${CONTACT_JID}`);
    assert.deepEqual(chat.map((each) => [each.chatPosition, each.text, each.kind, each.ack, each.arrivals]), [
      [1, "one", "text", "sent", 1], [2, "two", "text", "sent", 1], [3, "three", "text", "sent", 1],
    ]);
    const reads = chat.map((each) => at(each, CONTACT));
    assert.ok(reads.every((each) => each.copies === 1 && each.readable === 1 && each.identical && each.retries === 0));
    const order = reads.map((each) => each.firstRead ?? 0);
    assert.deepEqual(order, [...order].sort((a, b) => a - b));
    // The account's own phone got a copy too.
    assert.equal(at(chat[0] as Send, `+${alice.number}`).readable, 1);
  });

  it("shows a byte-identical copy as refused by the receiver's ratchet, and silence about it", async () => {
    const established = await alice.send(CONTACT_JID, { text: "only once" });
    const id = established.key.id ?? "";
    await one(id, (send) => at(send, CONTACT).readable === 1);
    await alice.sock.sendNode(await sentStanza(harness.admin, id));
    await waitFor("the refusal", async () => (await harness.admin.get<{ failures: InboxFailure[] }>(`/contacts/${CONTACT}/messages?id=${id}`)).failures[0]);
    const send = await one(id, (each) => each.arrivals === 2);
    assert.deepEqual({ ...at(send, CONTACT), firstRead: 0 }, { number: CONTACT.slice(1), device: 0, copies: 2, readable: 1, identical: true, retries: 0, firstRead: 0 });
  });

  it("shows a message encrypted anew under its old id as read twice", async () => {
    const sent = await alice.send(CONTACT_JID, { text: "twice" });
    const id = sent.key.id ?? "";
    await one(id, (send) => at(send, CONTACT).readable === 1);
    await alice.sock.relayMessage(CONTACT_JID, sent.message ?? {}, { messageId: id });
    const send = await one(id, (each) => at(each, CONTACT).readable === 2);
    assert.deepEqual([send.arrivals, at(send, CONTACT).copies, at(send, CONTACT).identical], [2, 2, false]);
    const { messages } = await harness.admin.get<{ messages: InboxMessage[] }>(`/contacts/${CONTACT}/messages?id=${id}`);
    assert.deepEqual(messages.map((each) => each.copy), [1, 2]);
  });

  it("counts every member of a group, and refuses an identical copy there as well", async () => {
    const { id: group } = await alice.sock.groupCreate("Counted", [CONTACT_JID, "5511920000092@s.whatsapp.net"]);
    const sent = await alice.send(group, { text: "to all" });
    const id = sent.key.id ?? "";
    await one(id, (send) => at(send, CONTACT).readable === 1 && at(send, FRIEND).readable === 1);
    await alice.sock.sendNode(await sentStanza(harness.admin, id));
    await waitFor("the refusals", async () => (await harness.admin.get<{ failures: InboxFailure[] }>(`/contacts/${FRIEND}/messages?id=${id}`)).failures[0]);
    const send = await one(id, (each) => each.arrivals === 2);
    for (const member of [CONTACT, FRIEND]) {
      assert.deepEqual([at(send, member).copies, at(send, member).readable, at(send, member).identical], [2, 1, true]);
    }
  });

  it("shows what a sender makes of a receiver that asks again for what it has", async () => {
    await harness.admin.post("/contacts", { number: CONTACT, retryOnDuplicate: true });
    const sent = await alice.send(CONTACT_JID, { text: "asked again" });
    const id = sent.key.id ?? "";
    await one(id, (send) => at(send, CONTACT).readable === 1);
    await alice.sock.sendNode(await sentStanza(harness.admin, id));
    const send = await one(id, (each) => at(each, CONTACT).readable === 2);
    // Asked by a phone, Baileys sends to all devices again (messages-recv.js, sendMessagesAgain).
    assert.deepEqual([send.arrivals, at(send, CONTACT).retries, at(send, CONTACT).copies, at(send, CONTACT).identical], [3, 1, 3, false]);
    await harness.admin.post("/contacts", { number: CONTACT, retryOnDuplicate: false });
  });

  it("shows refusals and unacknowledged messages as such, and can be read on from a position", async () => {
    await harness.admin.post("/faults", { kind: "error-ack", code: 463, count: 1 });
    const refused = await alice.send(CONTACT_JID, { text: "refused" });
    const { ack, error, devices } = await one(refused.key.id ?? "", () => true);
    assert.deepEqual([ack, error, devices], ["refused", "463", []]);
    await harness.admin.post("/faults", { kind: "swallow-ack", count: 1 });
    const silent = await alice.send(CONTACT_JID, { text: "no answer" });
    const unanswered = await one(silent.key.id ?? "", (send) => send.devices.length > 0);
    assert.equal(unanswered.ack, "none");
    assert.deepEqual((await sends(`&after=${unanswered.position - 1}`)).map((each) => each.id), [silent.key.id]);
    await harness.admin.delete("/sends");
    assert.deepEqual(await sends(""), []);
  });
});
