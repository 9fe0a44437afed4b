import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { MessageStatus } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000001";
const CONTACT = "+5511920000001";

interface Inbox {
  messages: { id: string; text?: string; copy: number }[];
}

describe("sending", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER, "Acme");
  });
  after(() => gateway.end());

  const inbox = (id: string): Promise<Inbox> => gateway.sandbox.get<Inbox>(`/contacts/${CONTACT}/messages?wait=5000&id=${id}`);
  const statuses = (id: string): MessageStatus[] => gateway.follower.of("message.status").filter((event) => event.data.messageId === id).map((event) => event.data.status);

  it("takes a text to the contact, who reads it, and every step is told once", async () => {
    const sent = await gateway.send("acme", CONTACT, "hello contact");
    assert.deepEqual([sent.status, sent.chatId], ["sent", "5511920000001@s.whatsapp.net"]);
    assert.match(sent.messageId, /^3EB0[0-9A-F]{18}$/);
    assert.equal((await inbox(sent.messageId)).messages[0]?.text, "hello contact");
    await waitFor("the delivery", () => statuses(sent.messageId).includes("delivered"));
    await gateway.sandbox.post(`/contacts/${CONTACT}/receipt`, { type: "read", to: OWNER, ids: [sent.messageId] });
    await waitFor("the reading", () => statuses(sent.messageId).includes("read"));
    await gateway.sandbox.post(`/contacts/${CONTACT}/receipt`, { type: "delivered", to: OWNER, ids: [sent.messageId] });
    const next = await gateway.send("acme", CONTACT, "another");
    await waitFor("the next delivery", () => statuses(next.messageId).includes("delivered"));
    assert.deepEqual(statuses(sent.messageId), ["delivered", "read"], "a late receipt takes nothing back");
  });

  it("sends an id once, and answers what became of it when it is used again", async () => {
    const messageId = "3EB0AAAAAAAAAAAAAAAAAA";
    const [first, second] = await Promise.all([1, 2].map(() => gateway.send("acme", CONTACT, "once", { messageId })));
    assert.deepEqual([first?.status, second?.status], ["sent", "sent"]);
    const third = await gateway.send("acme", CONTACT, "once", { messageId });
    assert.ok(["sent", "delivered"].includes(third.status));
    assert.equal((await inbox(messageId)).messages.length, 1);
    await assert.rejects(gateway.send("acme", CONTACT, "other text", { messageId }), { data: { name: "message_conflict", retryable: false } });
    await assert.rejects(gateway.send("acme", "+5511920000002", "once", { messageId }), { data: { name: "message_conflict", retryable: false } });
  });

  it("answers with accepted when WhatsApp takes its time, and tells later", async () => {
    const sent = await gateway.send("acme", CONTACT, "no hurry", { waitMs: 0 });
    assert.equal(sent.status, "accepted");
    await waitFor("the status", () => statuses(sent.messageId).includes("delivered"));
    assert.deepEqual(statuses(sent.messageId), ["sent", "delivered"]);
  });

  it("says that it was sent when the recipient has it before WhatsApp's server answered", async () => {
    await gateway.sandbox.post("/faults", { kind: "delay-ack", number: OWNER, ms: 1500, count: 2 });
    const told = await gateway.send("acme", CONTACT, "overtaken", { waitMs: 0 });
    await waitFor("the status", () => statuses(told.messageId).includes("delivered"));
    assert.deepEqual(statuses(told.messageId), ["sent", "delivered"]);
    assert.ok((await gateway.rpc.call("message.get", { tenantId: "acme", messageId: told.messageId })).sentAtMs);
    const answered = await gateway.send("acme", CONTACT, "overtaken and waited for");
    assert.ok(answered.sentAtMs !== undefined && answered.sentAtMs - answered.acceptedAtMs < 1500, "whoever waits hears it at once");
    await waitFor("the status", () => statuses(answered.messageId).includes("delivered"));
    assert.deepEqual(statuses(answered.messageId), ["delivered"]);
    await gateway.sandbox.delete("/faults");
  });

  it("gives a contact its privacy token once and not with every message", async () => {
    const contact = "+5511920000077";
    const asked = async (): Promise<number> => {
      const { entries } = await gateway.sandbox.get<{ entries: { attrs: Record<string, string> }[] }>("/ledger?limit=5000&direction=in&tag=iq&type=set&number=5511910000001");
      return entries.filter(({ attrs }) => attrs["xmlns"] === "privacy").length;
    };
    const before = await asked();
    await gateway.send("acme", contact, "first");
    await waitFor("the token", async () => (await asked()) > before);
    for (const text of ["second", "third", "fourth"]) await gateway.send("acme", contact, text);
    // What comes of the last message's own request is behind this one's answer.
    await gateway.send("acme", CONTACT, "and another chat");
    assert.equal((await asked()) - before, 1);
  });

  it("says which error WhatsApp gave when it refuses a message", async () => {
    await gateway.sandbox.post("/faults", { kind: "error-ack", number: OWNER, code: 463, count: 1 });
    const messageId = "3EB0BBBBBBBBBBBBBBBBBB";
    await assert.rejects(gateway.send("acme", CONTACT, "refused", { messageId }), { data: { name: "send_rejected", retryable: false, whatsappError: 463 } });
    const again = await gateway.send("acme", CONTACT, "refused", { messageId });
    assert.deepEqual([again.status, again.failure?.whatsappError], ["failed", 463]);
  });

  it("says so when a number is not on WhatsApp, and records nothing", async () => {
    await gateway.sandbox.post("/contacts", { number: "+5511930000001", exists: false });
    const messageId = "3EB0CCCCCCCCCCCCCCCCCC";
    await assert.rejects(gateway.send("acme", "+5511930000001", "anybody?", { messageId }), { data: { name: "recipient_not_on_whatsapp", retryable: false } });
    assert.equal((await gateway.send("acme", CONTACT, "somebody", { messageId })).status, "sent");
  });

  it("takes addresses as they are, also LIDs", async () => {
    const contact = await gateway.sandbox.get<{ lid: string }>(`/contacts/${CONTACT}`);
    const sent = await gateway.send("acme", contact.lid, "by lid");
    assert.deepEqual([sent.status, sent.chatId], ["sent", contact.lid]);
    assert.equal((await inbox(sent.messageId)).messages[0]?.text, "by lid");
    await waitFor("the delivery", () => statuses(sent.messageId).includes("delivered"));
  });

  it("reaches a group, and refuses for one that does not exist or does not have us", async () => {
    const group = await gateway.sandbox.post<{ jid: string }>("/groups", { by: CONTACT, subject: "Team", members: [OWNER] });
    const sent = await gateway.send("acme", group.jid, "hello group");
    assert.equal(sent.status, "sent");
    assert.equal((await inbox(sent.messageId)).messages[0]?.text, "hello group");
    const messageId = await gateway.sandbox.post<{ id: string }>(`/contacts/${CONTACT}/say`, { group: group.jid, text: "hello member" });
    const event = await waitFor("the answer", () => gateway.follower.of("message").find((each) => each.data.messageId === messageId.id));
    assert.deepEqual([event.data.chatId, event.data.isGroup, event.data.sender.phoneNumber], [group.jid, true, CONTACT]);
    await assert.rejects(gateway.send("acme", "120363049999999999@g.us", "nobody"), (error: { data: { name: string } }) => error.data.name === "send_rejected");
  });

  it("carries a long text with every kind of character", async () => {
    const text = "çã 世界 👩‍👩‍👧 \u0000\u2028 \"\\".repeat(500);
    const sent = await gateway.send("acme", CONTACT, text);
    assert.equal((await inbox(sent.messageId)).messages[0]?.text, text);
  });

  it("refuses while the session is not connected when it is asked to, and records nothing", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    const messageId = "3EB0DDDDDDDDDDDDDDDDDD";
    await assert.rejects(gateway.send("acme", CONTACT, "not now", { messageId, queue: false }), { data: { name: "session_not_connected", retryable: true } });
    await assert.rejects(gateway.send("nobody", CONTACT, "x"), { data: { name: "session_not_found", retryable: false } });
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 10_000 });
    assert.equal((await gateway.send("acme", CONTACT, "now", { messageId })).status, "sent");
  });

  it("hands over again what a killed bridge was sending, and the contact reads it once", async () => {
    await gateway.sandbox.post("/faults", { kind: "swallow-ack", number: OWNER });
    await gateway.sandbox.post("/faults", { kind: "delay", number: OWNER, tag: "receipt", ms: 600_000 });
    const sent = await gateway.send("acme", CONTACT, "into the dark", { waitMs: 300 });
    assert.equal(sent.status, "accepted");
    await inbox(sent.messageId);
    await gateway.bridge.kill();
    await gateway.sandbox.delete("/faults");
    await gateway.restart();
    await gateway.waitState("acme", "connected");
    await waitFor("delivered", () => statuses(sent.messageId).includes("delivered"));
    assert.ok(["sent", "delivered"].includes((await gateway.send("acme", CONTACT, "into the dark", { messageId: sent.messageId })).status));
    assert.equal((await inbox(sent.messageId)).messages.length, 1, "it was read once");
  });

  it("gives a device that could not read a message another copy, from the outbox", async () => {
    await gateway.sandbox.post(`/contacts/${CONTACT}/forget-keys`);
    const sent = await gateway.send("acme", CONTACT, "once more please");
    const { messages } = await inbox(sent.messageId);
    assert.equal(messages[0]?.text, "once more please");
  });
});
