import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { NewMessage, OutboxRow } from "../../../bridge/src/store/outbox-row.js";
import type { Pairing } from "../../../bridge/src/store/sessions.js";
import type { Store } from "../../../bridge/src/store/store.js";
import { openTestStore, sampleOutgoing } from "../support/test-store.js";

const HOUR_MS = 3_600_000;

describe("the lines of the outbox", () => {
  let store: Store;
  let pairing: Pairing;
  let count = 0;
  beforeEach(() => {
    ({ store, pairing } = openTestStore());
  });
  afterEach(() => {
    store.close();
  });

  const write = <T>(work: () => T): T => store.writer.now(work);
  const accept = (addresses: string[], more: Partial<NewMessage> = {}): OutboxRow => {
    const row = write(() => store.outbox.insert(sampleOutgoing(pairing, `M${(count += 1)}`, { addresses, ...more })));
    assert.ok(row);
    return row;
  };
  const ready = (): number[] => store.outbox.line.readyIds(pairing.id, 100);
  const hand = (row: OutboxRow): boolean => write(() => store.outbox.hand(row.id, undefined));

  it("let only the first of each chat leave, and the next once it has left, failed or was taken back", () => {
    const [a1, a2, a3] = [accept(["a"]), accept(["a"]), accept(["a"])];
    const b1 = accept(["b"]);
    assert.deepEqual(ready(), [a1.id, b1.id]);
    assert.ok(hand(a1));
    assert.equal(hand(a1), false, "once");
    assert.deepEqual(ready(), [a2.id, b1.id]);
    write(() => store.outbox.advance(a2, "failed", { nowMs: 1, failure: "cancelled" }));
    assert.deepEqual(ready(), [a3.id, b1.id]);
  });

  it("hold up a chat by its first message and no other chat", () => {
    const a1 = accept(["a"]);
    const a2 = accept(["a"]);
    const b1 = accept(["b"]);
    write(() => {
      store.outbox.line.park(a1.id, "new_chat_limit", Date.now() + HOUR_MS);
    });
    assert.deepEqual(ready(), [b1.id]);
    assert.equal(store.outbox.stageOf(a2.id), "queued");
    assert.equal(write(() => store.outbox.line.unpark(pairing.id, 0, 10)), a1.id);
    assert.deepEqual(ready(), [a1.id, b1.id]);
    assert.equal(write(() => store.outbox.line.unpark(pairing.id, a1.id, 10)), undefined, "a sweep comes to its end");
  });

  it("take in what was scheduled when its time has come, before what was accepted after it", () => {
    const later = accept(["a"], { sendAtMs: Date.now() + HOUR_MS });
    const now = accept(["a"]);
    const behind = accept(["a"]);
    assert.deepEqual(ready(), [now.id], "it holds nobody up until then");
    assert.deepEqual(store.outbox.line.waking(Date.now() + HOUR_MS, 10).map(({ id, stage, expired }) => [id, stage, expired]), [[later.id, "scheduled", false]]);
    write(() => {
      store.outbox.line.enter(later.id);
    });
    assert.deepEqual(ready(), [later.id]);
    hand(later);
    assert.deepEqual(ready(), [now.id]);
    assert.equal(store.outbox.stageOf(behind.id), "queued");
  });

  it("leave a paused batch out, and take it back in", () => {
    const batch = accept(["a"], { batchId: "bat_1" });
    const single = accept(["a"]);
    assert.deepEqual(store.outbox.waiting("t"), { single: 1, batched: 1 });
    write(() => {
      for (const chat of store.outboxLists.pauseBatch("t", "bat_1")) store.outbox.line.promote(chat);
    });
    assert.deepEqual(ready(), [single.id]);
    assert.deepEqual(store.outboxLists.countsOfBatch("t", "bat_1"), [{ status: "accepted", cancelled: false, messages: 1 }]);
    for (const { id } of store.outboxLists.pausedOfBatch("t", "bat_1", 10)) write(() => {
      store.outbox.line.enter(id);
    });
    assert.deepEqual(ready(), [batch.id]);
    assert.deepEqual(store.outboxLists.ofBatch("t", "bat_1", { limit: 10 })?.map(({ id }) => id), [batch.id]);
  });

  it("become one when two addresses turn out to be the same person's", () => {
    const first = accept(["+5511920000001"]);
    const other = accept(["77@lid"]);
    assert.deepEqual(ready(), [first.id, other.id]);
    const third = accept(["+5511920000001", "77@lid"]);
    assert.deepEqual(ready(), [first.id]);
    hand(first);
    assert.deepEqual(ready(), [other.id]);
    hand(other);
    assert.deepEqual(ready(), [third.id]);
  });

  it("count what waits, whatever becomes of it", () => {
    const rows = [accept(["a"]), accept(["a"]), accept(["b"], { sendAtMs: Date.now() + HOUR_MS })];
    assert.equal(store.outbox.waiting("t").single, 3);
    assert.ok(rows[0] !== undefined && hand(rows[0]));
    assert.equal(store.outbox.waiting("t").single, 2);
    write(() => rows[1] === undefined || store.outbox.advance(rows[1], "failed", { nowMs: 1, failure: "expired" }));
    assert.equal(store.outbox.waiting("t").single, 1);
    assert.throws(() => { write(() => {
      store.outbox.insertMany([sampleOutgoing(pairing, "X1"), sampleOutgoing(pairing, "X1")]);
    }); }, "all or none");
    assert.equal(store.outbox.waiting("t").single, 1);
    assert.equal(store.outbox.get("t", "X1"), undefined);
  });

  it("forget a message, its key, its ciphertexts and its receipts together, and never one that waits", () => {
    const settled = accept(["a"]);
    const waiting = accept(["b"]);
    write(() => {
      store.idempotency.claim("t", "key", { fingerprint: "f", kind: "message", subject: settled.messageId, answer: { x: 1 } });
      store.ciphers.record(pairing, settled.id, "a:0", { type: "group", ciphertext: Buffer.from("cipher"), distribution: Buffer.from("key") });
      store.outbox.hand(settled.id, 1);
      store.receipts.record(settled, "1@lid", 0, "delivered", 5);
      store.outbox.advance(settled, "sent", { nowMs: 10 });
    });
    assert.deepEqual(store.ciphers.get(pairing, settled.id, "a:0"), { type: "group", ciphertext: Buffer.from("cipher"), distribution: Buffer.from("key") });
    assert.equal(write(() => store.ciphers.prune(10, 10)), 0, "not before its time");
    assert.equal(write(() => store.ciphers.prune(11, 10)), 1);
    assert.equal(store.ciphers.get(pairing, settled.id, "a:0"), undefined);
    assert.equal(write(() => store.idempotency.claim("t", "key", { fingerprint: "g", kind: "batch", subject: "b", answer: undefined })), false);
    assert.deepEqual(write(() => store.outbox.prune(11, 10)), [{ tenantId: "t", messageId: settled.messageId }]);
    write(() => {
      store.idempotency.forget("t", "message", settled.messageId);
    });
    assert.equal(store.idempotency.find("t", "key"), undefined);
    assert.deepEqual(store.receipts.list(settled), []);
    assert.equal(store.outbox.stageOf(waiting.id), "ready");
  });

  it("are asked by index alone, however many wait", () => {
    write(() => {
      for (let i = 0; i < 3000; i += 1) store.outbox.insert(sampleOutgoing(pairing, `N${i}`, { addresses: [`chat ${i % 1500}`], rank: i % 3 }));
    });
    const beganMs = performance.now();
    for (let i = 0; i < 200; i += 1) store.outbox.line.readyIds(pairing.id, 64);
    assert.ok(performance.now() - beganMs < 1000);
    const ranks = ready().map((id) => store.outbox.byId(id)?.rank ?? 0);
    assert.deepEqual(ranks, [...ranks].sort((a, b) => a - b), "by rank first");
  });
});
