import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import type { Limits, OutgoingMessage } from "../../../bridge/src/rpc/contract.gen.js";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

interface Sends {
  sends: { id: string; time: number; arrivals: number; resends: number; text?: string }[];
}

/** A tenant for each test: what one did counts for the next otherwise. */
describe("a number with a governor", () => {
  let gateway: Gateway;
  let tenant = "";
  let owner = "";
  let index = 0;
  before(async () => {
    gateway = await Gateway.start({ SEND_PROFILE: "paced" });
  });
  after(() => gateway.end());
  beforeEach(async () => {
    index += 1;
    tenant = `shop-${index}`;
    owner = `+551191000${String(500 + index).padStart(4, "0")}`;
    await gateway.paired(tenant, owner);
  });
  afterEach(async () => {
    await gateway.sandbox.delete("/faults");
    await gateway.rpc.call("session.stop", { tenantId: tenant });
  });

  const person = (n: number): string => `+5511920${String(index).padStart(2, "0")}${String(n).padStart(4, "0")}`;
  const send = (to: string, text: string, waitMs = 3000): Promise<OutgoingMessage> => gateway.send(tenant, to, text, { waitMs });
  const get = (messageId: string): Promise<OutgoingMessage> => gateway.rpc.call("message.get", { tenantId: tenant, messageId });
  const limits = (): Promise<Limits> => gateway.rpc.call("limits.get", { tenantId: tenant });
  const sends = async (): Promise<Sends["sends"]> => (await gateway.sandbox.get<Sends>(`/sends?number=${owner.slice(1)}&limit=10000`)).sends;

  /** Somebody writes, and the gateway has it. */
  async function hears(from: string): Promise<void> {
    const seen = gateway.follower.of("message").length;
    await gateway.sandbox.say(from, owner, "hello");
    await waitFor("the message to arrive", () => Promise.resolve(gateway.follower.of("message").length > seen ? true : undefined));
  }

  async function restriction(kind: Limits["restrictions"][number]["kind"]): Promise<void> {
    await waitFor(`${kind} to be known`, async () => ((await limits()).restrictions.some((each) => each.kind === kind) ? true : undefined));
  }

  it("begins one new chat, holds the next, and answers whoever writes at once", async () => {
    assert.equal((await send(person(1), "first")).status, "sent");
    const second = await send(person(2), "second", 300);
    assert.deepEqual([second.status, (await get(second.messageId)).heldBy], ["accepted", "new_chat_limit"]);
    const expectedAtMs = (await get(second.messageId)).expectedAtMs ?? 0;
    assert.ok(expectedAtMs > Date.now() + 60_000 && expectedAtMs < Date.now() + 160_000, `${expectedAtMs - Date.now()} ms`);
    await hears(person(3));
    assert.equal((await send(person(3), "an answer")).status, "sent");
    const { queued, parkedNewChats, nextSendAtMs, buckets } = await limits();
    assert.deepEqual([queued, parkedNewChats], [1, 1]);
    assert.ok(Math.abs((nextSendAtMs ?? 0) - expectedAtMs) < 2000);
    assert.deepEqual(buckets.filter(({ used }) => used > 0).map(({ name, used }) => [name, used]), [["minute", 1], ["hour", 1], ["day", 1], ["replies_minute", 1], ["replies_hour", 1], ["replies_day", 1], ["new_chats_hour", 1], ["new_chats_day", 1], ["warm_up_day", 1]]);
  });

  it("lets a message leave that was held as soon as that person writes", async () => {
    await send(person(1), "first");
    const held = await send(person(2), "second", 300);
    assert.equal(held.status, "accepted");
    await hears(person(2));
    await waitFor("it to leave", async () => ((await get(held.messageId)).status === "accepted" ? undefined : true), 5000);
  });

  it("is not talked out of its limits by a kill", async () => {
    await send(person(1), "first");
    await gateway.bridge.kill();
    await gateway.restart();
    await gateway.waitState(tenant, "connected");
    const second = await send(person(2), "second", 300);
    assert.equal((await get(second.messageId)).heldBy, "new_chat_limit");
    const before = await limits();
    assert.equal(before.buckets.find(({ name }) => name === "new_chats_day")?.used, 1);
    const { profile } = await gateway.rpc.call("limits.set", { tenantId: tenant, profile: "unpaced" });
    assert.equal(profile, "unpaced");
    await waitFor("it to leave at once under another profile", async () => ((await get(second.messageId)).status === "accepted" ? undefined : true), 5000);
  });

  it("lets only first messages wait while WhatsApp allows no new chats, until the time it named", async () => {
    await gateway.rpc.call("limits.set", { tenantId: tenant, profile: "unpaced" });
    await hears(person(1));
    await gateway.sandbox.post("/faults", { kind: "timelock-notice", ms: 4000, number: owner });
    await gateway.waitState(tenant, "restricted");
    const held = await send(person(2), "to a stranger", 300);
    assert.equal((await get(held.messageId)).heldBy, "restricted");
    assert.equal((await send(person(1), "an answer")).status, "sent");
    const untilMs = (await limits()).restrictions[0]?.untilMs ?? 0;
    await waitFor("the stranger's to leave", async () => ((await get(held.messageId)).status === "accepted" ? undefined : true), 8000);
    const left = (await sends()).find(({ id }) => id === held.messageId);
    assert.ok((left?.time ?? 0) >= untilMs - 5 && (left?.time ?? 0) <= untilMs + 2000, `${(left?.time ?? 0) - untilMs} ms after its end`);
    await gateway.waitState(tenant, "connected");
  });

  it("lets only first messages wait when WhatsApp's quota of new chats is used up", async () => {
    await gateway.rpc.call("limits.set", { tenantId: tenant, profile: "conversations" });
    await hears(person(1));
    await gateway.sandbox.post("/faults", { kind: "capping-notice", quota: 3, spent: 3, status: "CAPPED", ms: 60_000, number: owner });
    await restriction("message_capping");
    const held = await send(person(2), "to a stranger", 300);
    assert.equal((await get(held.messageId)).heldBy, "restricted");
    assert.equal((await send(person(1), "an answer")).status, "sent");
    assert.equal((await limits()).parkedNewChats, 1);
    await gateway.sandbox.post("/faults", { kind: "capping-notice", quota: 10, spent: 3, status: "NONE", ms: 60_000, number: owner });
    await waitFor("the stranger's to leave", async () => ((await get(held.messageId)).status === "accepted" ? undefined : true), 5000);
  });

  it("never sends again what WhatsApp refused with 463, and waits with strangers until WhatsApp says what is the matter", async () => {
    await gateway.rpc.call("limits.set", { tenantId: tenant, profile: "unpaced" });
    await hears(person(1));
    await gateway.sandbox.post("/faults", { kind: "timelock", ms: 3000, number: owner });
    await gateway.sandbox.post("/faults", { kind: "error-ack", code: 463, newChats: true, count: 1, number: owner });
    await assert.rejects(send(person(2), "to a stranger"), { data: { name: "send_rejected", retryable: false, whatsappError: 463 } });
    const failed = gateway.follower.of("message.status").find((event) => event.data.status === "failed");
    const { messages } = await gateway.rpc.call("message.list", { tenantId: tenant, status: "failed", limit: 10 });
    assert.deepEqual(messages.map(({ failure }) => failure), [{ code: "restricted", whatsappError: 463 }]);
    await restriction("reachout_timelock");
    const held = await send(person(3), "to another stranger", 300);
    assert.equal((await get(held.messageId)).heldBy, "restricted");
    assert.equal((await send(person(1), "an answer")).status, "sent");
    await waitFor("the other stranger's to leave", async () => ((await get(held.messageId)).status === "accepted" ? undefined : true), 8000);
    const all = await sends();
    assert.deepEqual(all.filter(({ id }) => id === messages[0]?.messageId).map(({ arrivals, resends }) => [arrivals, resends]), [[1, 0]]);
    assert.equal(failed, undefined, "whoever waits is answered and not told twice");
  });

  it("carries more than a hundred messages a minute in running chats with the profile for conversations", async () => {
    await gateway.rpc.call("limits.set", { tenantId: tenant, profile: "conversations" });
    const people = Array.from({ length: 10 }, (_, n) => person(n));
    for (const each of people) await hears(each);
    const startedMs = Date.now();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => send(people[n % 10] ?? "", `answer ${n}`, 30_000)));
    const tookMs = Date.now() - startedMs;
    assert.ok(answers.every(({ status }) => status === "sent"));
    assert.ok(tookMs < 20_000, `40 messages took ${tookMs} ms`);
    assert.ok(tookMs > 40 * 50, "and not all at once");
  });
});
