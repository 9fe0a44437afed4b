import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { MessageSendParams, OutgoingMessage } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { refused, RpcFailure } from "../support/rpc-client.js";
import { waitFor } from "../support/wait.js";
import { arrived, assertReadOnce, sendsOf } from "./sends.js";

const OWNER = "+5511910000002";
const CONTACT = "+5511920000001";
const OTHER = "+5511920000002";
const T = "acme";

describe("the outbox", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired(T, OWNER, "Acme");
    for (const number of [CONTACT, OTHER]) await gateway.send(T, number, "first");
  });
  after(() => gateway.end());

  const get = (messageId: string): Promise<OutgoingMessage> => gateway.rpc.call("message.get", { tenantId: T, messageId });
  const send = (to: string, text: string, more: Partial<MessageSendParams> = {}): Promise<OutgoingMessage> => gateway.send(T, to, text, { waitMs: 0, ...more });
  const status = (messageId: string, wanted: string): Promise<OutgoingMessage> =>
    waitFor(`${messageId} to be ${wanted}`, async () => {
      const message = await get(messageId);
      return message.status === wanted ? message : undefined;
    });
  const stop = (): Promise<unknown> => gateway.rpc.call("session.stop", { tenantId: T });
  const start = (): Promise<unknown> => gateway.rpc.call("session.start", { tenantId: T, waitMs: 10_000 });

  it("keeps what is sent while the session is stopped, says why it waits, and sends it in order, also after a restart", async () => {
    await stop();
    const ids: string[] = [];
    for (let i = 0; i < 12; i += 1) ids.push((await send(i % 3 === 0 ? OTHER : CONTACT, `queued ${i}`)).messageId);
    const waiting = await get(ids[1] ?? "");
    assert.deepEqual([waiting.status, waiting.heldBy], ["accepted", "not_connected"]);
    await gateway.bridge.kill();
    await gateway.restart();
    assert.equal((await get(ids[11] ?? "")).status, "accepted");
    await start();
    for (const id of ids) await arrived(gateway, OWNER, id);
    const sends = await sendsOf(gateway, OWNER);
    assertReadOnce(sends, ids);
    for (const chat of new Set(sends.map((each) => each.chat))) {
      const order = sends.filter((each) => each.chat === chat && ids.includes(each.id)).sort((a, b) => a.chatPosition - b.chatPosition).map((each) => each.id);
      assert.deepEqual(order, ids.filter((id) => order.includes(id)), "in the order of acceptance");
    }
    const done = await status(ids[11] ?? "", "delivered");
    assert.ok((done.acceptedAtMs <= (done.sentAtMs ?? 0)) && (done.sentAtMs ?? 0) <= (done.deliveredAtMs ?? 0), "every step has its time");
  });

  it("sends at a time that was asked for, also when the bridge was restarted, and lets later ones of the chat pass", async () => {
    const sendAtMs = Date.now() + 1500;
    const scheduled = await send(CONTACT, "later", { sendAtMs });
    assert.deepEqual([scheduled.status, scheduled.sendAtMs], ["accepted", sendAtMs]);
    const seen = await get(scheduled.messageId);
    assert.deepEqual([seen.heldBy, seen.expectedAtMs], ["scheduled", sendAtMs]);
    assert.equal((await gateway.send(T, CONTACT, "now")).status, "sent");
    await gateway.bridge.kill();
    await gateway.restart();
    const done = await status(scheduled.messageId, "delivered");
    assert.ok((done.sentAtMs ?? 0) >= sendAtMs, "not before its time");
  });

  it("fails what could not be sent in time, while the session is stopped as well", async () => {
    await stop();
    const late = await send(CONTACT, "too late", { expiresAtMs: Date.now() + 300 });
    const failed = await status(late.messageId, "failed");
    assert.equal(failed.failure?.code, "expired");
    await start();
    const next = await gateway.send(T, CONTACT, "in time");
    await arrived(gateway, OWNER, next.messageId);
    assert.equal((await sendsOf(gateway, OWNER)).some(({ id }) => id === late.messageId), false);
  });

  it("takes back what has not left, once, and nothing that has", async () => {
    const scheduled = await send(CONTACT, "never mind", { sendAtMs: Date.now() + 3_600_000 });
    const cancelled = await gateway.rpc.call("message.cancel", { tenantId: T, messageId: scheduled.messageId });
    assert.deepEqual([cancelled.status, cancelled.failure?.code], ["failed", "cancelled"]);
    assert.equal((await gateway.rpc.call("message.cancel", { tenantId: T, messageId: scheduled.messageId })).failure?.code, "cancelled");
    await waitFor("the event", () => gateway.follower.of("message.status").some(({ data }) => data.messageId === scheduled.messageId && data.failure?.code === "cancelled"));
    const sent = await gateway.send(T, CONTACT, "gone");
    await assert.rejects(gateway.rpc.call("message.cancel", { tenantId: T, messageId: sent.messageId }), refused("message_not_cancellable"));
    await assert.rejects(gateway.rpc.call("message.cancel", { tenantId: T, messageId: "NOSUCH" }), refused("message_not_found"));
    await stop();
    const queued = await send(CONTACT, "stopped");
    const behind = await send(CONTACT, "behind");
    await gateway.rpc.call("message.cancel", { tenantId: T, messageId: queued.messageId });
    await start();
    await status(behind.messageId, "delivered");
    assert.equal((await get(queued.messageId)).status, "failed");
  });

  it("makes one message of a hundred requests with the same key, and answers them alike", async () => {
    const idempotency = { key: "order 7", fingerprint: "a".repeat(64) };
    const request = { tenantId: T, to: CONTACT, content: { type: "text" as const, text: "exactly once" }, waitMs: 5000, idempotency };
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => gateway.rpc.call("message.send", request).catch((error: unknown) => {
      if (!(error instanceof RpcFailure)) throw error;
      return error.data.name;
    })));
    const answers = outcomes.filter((each) => typeof each !== "string");
    assert.equal(answers.filter(({ replayed }) => !replayed).length, 1, "one request made the message");
    assert.deepEqual([...new Set(outcomes.filter((each) => typeof each === "string"))], ["idempotency_in_flight"]);
    const id = answers[0]?.message.messageId ?? "";
    await status(id, "delivered");
    const again = await gateway.rpc.call("message.send", request);
    assert.deepEqual([again.replayed, again.message.messageId, again.message.status], [true, id, "sent"], "the first answer, as it was then");
    assert.deepEqual((await gateway.rpc.call("message.replay", { tenantId: T, idempotency })).message, again.message);
    await assert.rejects(gateway.rpc.call("message.send", { ...request, idempotency: { ...idempotency, fingerprint: "b".repeat(64) } }), refused("idempotency_mismatch"));
    await assert.rejects(gateway.rpc.call("message.replay", { tenantId: T, idempotency: { ...idempotency, fingerprint: "b".repeat(64) } }), refused("idempotency_mismatch"));
    assert.deepEqual(await gateway.rpc.call("message.replay", { tenantId: T, idempotency: { key: "order 8", fingerprint: "a".repeat(64) } }), {});
    assert.equal((await sendsOf(gateway, OWNER)).filter(({ text }) => text === "exactly once").length, 1);
    await gateway.bridge.kill();
    await gateway.restart();
    assert.deepEqual((await gateway.rpc.call("message.replay", { tenantId: T, idempotency })).message, again.message, "also after a crash");
    await gateway.waitState(T, "connected");
  });

  it("does not take a key for a request it refused", async () => {
    const idempotency = { key: "refused", fingerprint: "c".repeat(64) };
    await stop();
    await assert.rejects(send(CONTACT, "x", { queue: false, idempotency }), refused("session_not_connected"));
    await start();
    const { replayed } = await gateway.rpc.call("message.send", { tenantId: T, to: CONTACT, content: { type: "text", text: "x" }, waitMs: 5000, idempotency });
    assert.equal(replayed, false);
  });

  it("says a message failed when its number turns out not to be on WhatsApp after it was accepted", async () => {
    await gateway.sandbox.post("/contacts", { number: "+5511930000001", exists: false });
    await stop();
    const nobody = await send("+5511930000001", "anybody?");
    const somebody = await send(CONTACT, "somebody");
    await start();
    assert.equal((await status(nobody.messageId, "failed")).failure?.code, "recipient_not_on_whatsapp");
    await status(somebody.messageId, "delivered");
  });

  it("keeps one line for a person whatever address a message was sent to", async () => {
    const contact = await gateway.sandbox.get<{ lid: string }>(`/contacts/${CONTACT}`);
    await stop();
    const ids: string[] = [];
    for (const to of [CONTACT, contact.lid, `${CONTACT.slice(1)}@s.whatsapp.net`, CONTACT, contact.lid]) ids.push((await send(to, `to ${to}`)).messageId);
    await start();
    for (const id of ids) await arrived(gateway, OWNER, id);
    const sends = (await sendsOf(gateway, OWNER)).filter(({ id }) => ids.includes(id)).sort((a, b) => a.position - b.position);
    assert.deepEqual(sends.map(({ id }) => id), ids);
  });

  it("lists messages newest first, by status and in pages", async () => {
    const page = await gateway.rpc.call("message.list", { tenantId: T, limit: 3 });
    assert.equal(page.messages.length, 3);
    assert.equal(page.hasMore, true);
    const next = await gateway.rpc.call("message.list", { tenantId: T, limit: 200, before: page.messages[2]?.messageId ?? "" });
    assert.ok((next.messages[0]?.acceptedAtMs ?? 0) <= (page.messages[2]?.acceptedAtMs ?? 0));
    const failed = await gateway.rpc.call("message.list", { tenantId: T, limit: 200, status: "failed" });
    assert.ok(failed.messages.length >= 3 && failed.messages.every((message) => message.status === "failed"));
    await assert.rejects(gateway.rpc.call("message.list", { tenantId: T, limit: 3, before: "NOSUCH" }), refused("message_not_found"));
  });

  it("fails what waits when the session is logged out, and says so", async () => {
    await gateway.paired("ending", "+5511910000099");
    const scheduled = await gateway.send("ending", CONTACT, "later", { sendAtMs: Date.now() + 3_600_000, waitMs: 0 });
    await gateway.rpc.call("session.logout", { tenantId: "ending" });
    const event = await waitFor("the event", () => gateway.follower.of("message.status").find(({ data }) => data.messageId === scheduled.messageId));
    assert.deepEqual([event.data.status, event.data.failure?.code], ["failed", "session_ended"]);
    await assert.rejects(gateway.send("ending", CONTACT, "nobody there"), refused("session_not_connected"));
    await gateway.rpc.call("session.delete", { tenantId: "ending" });
    await assert.rejects(gateway.rpc.call("message.get", { tenantId: "ending", messageId: scheduled.messageId }), refused("message_not_found"));
  });
});
