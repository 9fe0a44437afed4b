import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Batch, BatchCreateParams, MessageListResult } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000401";
const FINGERPRINT = "a".repeat(64);

interface Sends {
  sends: { id: string; chat: string; text?: string; arrivals: number; devices: { number: string; readable?: number }[] }[];
}

function numbers(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `+55119204${String(from + index).padStart(5, "0")}`);
}

type Recipients = BatchCreateParams["recipients"];

/** Each by number, with what makes their text theirs. */
function everybody(recipients: readonly string[]): Recipients {
  const [first = "", ...others] = recipients;
  const one = (to: string): Recipients[number] => ({ to, variables: { n: to } });
  return [one(first), ...others.map(one)];
}

function text(words: string): BatchCreateParams["content"] {
  return { type: "text", text: words };
}

describe("a batch", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start({ NUMBER_CHECKS_PER_MINUTE: "10000" });
    await gateway.paired("acme", OWNER);
  });
  after(() => gateway.end());

  async function create(params: Omit<BatchCreateParams, "tenantId">): Promise<Batch> {
    return (await gateway.rpc.call("batch.create", { tenantId: "acme", ...params })).batch;
  }

  const get = (batchId: string): Promise<Batch> => gateway.rpc.call("batch.get", { tenantId: "acme", batchId });

  const messages = (batchId: string, more: { after?: string; limit?: number } = {}): Promise<MessageListResult> =>
    gateway.rpc.call("batch.messages", { tenantId: "acme", batchId, limit: 200, ...more });

  const finished = (batchId: string, timeoutMs = 20_000): Promise<Batch> =>
    waitFor("the batch to be finished", async () => {
      const batch = await get(batchId);
      return batch.state === "finished" ? batch : undefined;
    }, timeoutMs);

  async function sendsTo(recipients: readonly string[]): Promise<Sends["sends"]> {
    const { sends } = await gateway.sandbox.get<Sends>(`/sends?number=${OWNER.slice(1)}&limit=10000`);
    return sends.filter(({ devices }) => devices.some(({ number }) => recipients.includes(`+${number}`)));
  }

  it("reaches each recipient once with the text made for them, and is finished by itself", async () => {
    const [ana = "", ben = ""] = numbers(0, 2);
    await gateway.send("acme", ana, "so that Ana's addresses are known");
    const params = {
      content: text("Olá {{name}} 👋"),
      recipients: [{ to: ana, variables: { name: "Ana" } }, { to: ben, variables: { name: "世界" } }, { to: `${ana.slice(1)}@s.whatsapp.net`, variables: { name: "Ana" } }] as Recipients,
      idempotency: { key: "hello", fingerprint: FINGERPRINT },
    };
    const batch = await create(params);
    assert.deepEqual([batch.state, batch.total, batch.duplicates], ["running", 2, 1]);
    const done = await finished(batch.batchId);
    assert.equal(done.counts.accepted + done.counts.failed + done.counts.unknown, 0);
    const texts = (await sendsTo([ana, ben])).map((send) => send.text).sort();
    assert.deepEqual(texts, ["Olá Ana 👋", "Olá 世界 👋", "so that Ana's addresses are known"].sort());
    const again = await gateway.rpc.call("batch.create", { tenantId: "acme", ...params });
    assert.deepEqual(again, { batch, replayed: true });
    assert.deepEqual(await gateway.rpc.call("message.replay", { tenantId: "acme", idempotency: params.idempotency }), { batch });
    const other = { tenantId: "acme", ...params, idempotency: { key: "hello", fingerprint: "b".repeat(64) } };
    await assert.rejects(gateway.rpc.call("batch.create", other), { data: { name: "idempotency_mismatch", retryable: false } });
    assert.equal((await sendsTo([ana, ben])).length, 3);
  });

  it("is made once by a hundred requests with one key", async () => {
    const [to = ""] = numbers(10, 1);
    const params = { tenantId: "acme", content: text("once"), recipients: everybody([to]), idempotency: { key: "many", fingerprint: FINGERPRINT } };
    const answers = await Promise.allSettled(Array.from({ length: 100 }, () => gateway.rpc.call("batch.create", params)));
    const ids = new Set(answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.batch.batchId] : [])));
    assert.equal(ids.size, 1);
    for (const answer of answers) if (answer.status === "rejected") assert.equal((answer.reason as { data: { name: string } }).data.name, "idempotency_in_flight");
    await finished([...ids][0] ?? "");
    assert.equal((await sendsTo([to])).length, 1);
  });

  it("is refused as a whole when one recipient lacks a variable, and leaves nothing behind", async () => {
    // What their messages do goes on meanwhile.
    const batchIds = async (): Promise<string[]> => (await gateway.rpc.call("batch.list", { tenantId: "acme", limit: 100 })).batches.map(({ batchId }) => batchId);
    const before = await batchIds();
    const [ana = "", ben = ""] = numbers(20, 2);
    const wrong = create({ content: text("{{name}}"), recipients: [{ to: ana, variables: { name: "Ana" } }, { to: ben }], idempotency: { key: "wrong", fingerprint: FINGERPRINT } });
    await assert.rejects(wrong, { data: { name: "content_not_possible", retryable: false, reason: 'recipients[1] has no variable "name"' } });
    assert.deepEqual(await batchIds(), before);
    assert.deepEqual(await gateway.rpc.call("message.replay", { tenantId: "acme", idempotency: { key: "wrong", fingerprint: FINGERPRINT } }), {});
    assert.equal((await sendsTo([ana, ben])).length, 0);
  });

  it("is leafed through in the order of its recipients, and batches from the newest", async () => {
    const recipients = numbers(30, 5);
    const batch = await create({ content: text("x"), recipients: everybody(recipients) });
    const first = await messages(batch.batchId, { limit: 3 });
    const last = first.messages.at(-1)?.messageId ?? "";
    const rest = await messages(batch.batchId, { after: last, limit: 3 });
    assert.deepEqual([...first.messages, ...rest.messages].map(({ to }) => to), recipients);
    assert.deepEqual([first.hasMore, rest.hasMore], [true, false]);
    assert.ok(first.messages.every(({ batchId }) => batchId === batch.batchId));
    await finished(batch.batchId);
    const { batches, hasMore } = await gateway.rpc.call("batch.list", { tenantId: "acme", limit: 1 });
    assert.deepEqual([batches[0]?.batchId, hasMore], [batch.batchId, true]);
    const older = await gateway.rpc.call("batch.list", { tenantId: "acme", before: batch.batchId, limit: 100 });
    assert.ok(older.batches.length > 0 && older.batches.every(({ batchId }) => batchId !== batch.batchId));
    await assert.rejects(get("bat_0000000000000000000000000"), { data: { name: "batch_not_found", retryable: false } });
    await assert.rejects(messages(batch.batchId, { after: "3EB0FFFF" }), { data: { name: "message_not_found", retryable: false } });
  });

  it("stays paused over a kill, sends nothing meanwhile, and goes on when it is resumed", async () => {
    await gateway.rpc.call("limits.set", { tenantId: "acme", profile: "paced" });
    const recipients = numbers(100, 8);
    const { batchId } = await create({ content: text("paused"), recipients: everybody(recipients) });
    assert.equal((await gateway.rpc.call("batch.pause", { tenantId: "acme", batchId })).state, "paused");
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState("acme", "connected");
    await gateway.rpc.call("limits.set", { tenantId: "acme", profile: "unpaced" });
    assert.equal((await gateway.send("acme", recipients[7] ?? "", "another message to one of them")).status, "sent");
    const { state, counts } = await get(batchId);
    assert.equal(state, "paused");
    assert.ok(counts.accepted >= 6, `${counts.accepted} wait`);
    const waiting = (await messages(batchId)).messages.filter(({ status }) => status === "accepted");
    assert.deepEqual(new Set(waiting.map(({ heldBy }) => heldBy)), new Set(["batch_paused"]));
    assert.equal((await gateway.rpc.call("batch.pause", { tenantId: "acme", batchId })).state, "paused", "twice is once");
    await gateway.rpc.call("batch.resume", { tenantId: "acme", batchId });
    await finished(batchId);
    const sends = (await sendsTo(recipients)).filter((send) => send.text === "paused");
    assert.equal(sends.length, 8);
    await assert.rejects(gateway.rpc.call("batch.pause", { tenantId: "acme", batchId }), { data: { name: "batch_finished", retryable: false } });
    await assert.rejects(gateway.rpc.call("batch.resume", { tenantId: "acme", batchId }), { data: { name: "batch_finished", retryable: false } });
  });

  it("that is cancelled keeps what left and takes back the rest", async () => {
    await gateway.rpc.call("limits.set", { tenantId: "acme", profile: "paced" });
    const recipients = numbers(200, 6);
    const { batchId } = await create({ content: text("cancelled"), recipients: everybody(recipients) });
    const cancelled = await gateway.rpc.call("batch.cancel", { tenantId: "acme", batchId });
    assert.equal(cancelled.state, "cancelled");
    assert.ok(cancelled.counts.failed >= 5, JSON.stringify(cancelled.counts));
    assert.equal((await gateway.rpc.call("batch.cancel", { tenantId: "acme", batchId })).state, "cancelled", "twice is once");
    await assert.rejects(gateway.rpc.call("batch.resume", { tenantId: "acme", batchId }), { data: { name: "batch_finished", retryable: false } });
    await gateway.rpc.call("limits.set", { tenantId: "acme", profile: "unpaced" });
    const { messages: all } = await messages(batchId);
    assert.deepEqual(new Set(all.filter(({ status }) => status === "failed").map(({ failure }) => failure?.code)), new Set(["cancelled"]));
    assert.ok((await sendsTo(recipients)).length <= 1);
  });

  it("is taken in with a thousand recipients without holding up others, and no more than may wait", async () => {
    await gateway.rpc.call("session.stop", { tenantId: "acme" });
    const sendAtMs = Date.now() + 3_600_000;
    const batches: string[] = [];
    const startedMs = Date.now();
    batches.push((await create({ content: text("{{n}}"), recipients: everybody(numbers(1000, 1000)), sendAtMs })).batchId);
    const tookMs = Date.now() - startedMs;
    assert.ok(tookMs < 5000, `${tookMs} ms`);
    await gateway.bridge.stop();
    await gateway.restart({ SEND_BATCH_QUEUE_LIMIT: "1000" });
    const full = create({ content: text("x"), recipients: [{ to: numbers(5000, 1)[0] ?? "" }] });
    await assert.rejects(full, (error: { data: { name: string; retryAfterMs: number } }) => error.data.name === "queue_full" && error.data.retryAfterMs >= 1000);
    assert.equal((await gateway.rpc.call("message.send", { tenantId: "acme", to: numbers(5000, 1)[0] ?? "", content: { type: "text", text: "beside it" }, waitMs: 0 })).message.status, "accepted");
    for (const batchId of batches) await gateway.rpc.call("batch.cancel", { tenantId: "acme", batchId });
    await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 5000 });
    await gateway.waitState("acme", "connected");
  });

  it("is taken in as a whole or not at all when the bridge is killed meanwhile", async () => {
    const recipients = numbers(20_000, 1000);
    const params = { tenantId: "acme", content: text("{{n}}"), recipients: everybody(recipients), sendAtMs: Date.now() + 3_600_000, idempotency: { key: "cut", fingerprint: FINGERPRINT } };
    const written = async (): Promise<number> => {
      const { messages: newest } = await gateway.rpc.call("message.list", { tenantId: "acme", status: "accepted", limit: 200 });
      return newest.filter(({ to }) => recipients.includes(to)).length;
    };
    const other = await gateway.bridge.client();
    const cut = other.call("batch.create", params).catch(() => undefined);
    await waitFor("it to be half written", async () => ((await written()) > 0 ? true : undefined));
    await gateway.bridge.kill();
    assert.equal(await cut, undefined, "nobody was told that it was taken in");
    await gateway.restart();
    assert.equal(await written(), 0, "nothing of it is left");
    const { batch, replayed } = await gateway.rpc.call("batch.create", params);
    assert.deepEqual([batch.total, batch.counts.accepted, replayed], [1000, 1000, false]);
    await gateway.rpc.call("batch.cancel", { tenantId: "acme", batchId: batch.batchId });
    await gateway.waitState("acme", "connected");
  });

  it("reaches each recipient exactly once although the bridge is killed in the middle, again and again", async () => {
    const recipients = numbers(8000, 120);
    const { batchId } = await create({ content: text("to each once {{n}}"), recipients: everybody(recipients) });
    for (const share of [15, 50, 85]) {
      await waitFor(`${share} to have left`, async () => ((await sendsTo(recipients)).length >= share ? true : undefined), 20_000);
      await gateway.bridge.kill();
      await gateway.restart();
    }
    const done = await finished(batchId, 30_000);
    assert.equal(done.counts.failed + done.counts.unknown, 0, JSON.stringify(done.counts));
    const sends = await sendsTo(recipients);
    assert.equal(sends.length, recipients.length, "one message each");
    for (const { text: words, devices } of sends) {
      for (const { readable } of devices) assert.ok((readable ?? 0) <= 1, "read once");
      assert.ok(devices.some(({ number }) => words === `to each once +${number}`), words);
    }
  });
});
