import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";
import { waitFor } from "../support/wait.js";

const OWNER = "+5511910000301";
const FRIEND = "+5511920000301";

describe("an account that may not begin new chats", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    await gateway.paired("acme", OWNER);
    // Strangers would have to wait; see live/pacing.test.ts.
    await gateway.sandbox.say(FRIEND, OWNER, "hello");
    await waitFor("the friend to be known", () => Promise.resolve(gateway.follower.of("message").length > 0 ? true : undefined));
  });
  after(() => gateway.end());

  it("is restricted until WhatsApp's time, stays connected, and its messages still go to WhatsApp", async () => {
    // What the notice says, WhatsApp says when asked too.
    await gateway.sandbox.post("/faults", { kind: "timelock", ms: 60_000, number: OWNER });
    await gateway.sandbox.post("/faults", { kind: "timelock-notice", ms: 60_000, number: OWNER });
    const session = await gateway.waitState("acme", "restricted");
    assert.equal(session.reason, "restricted_by_whatsapp");
    assert.equal(session.whatsappCode, 463);
    const leftMs = (session.restrictedUntilMs ?? 0) - Date.now();
    assert.ok(leftMs > 50_000 && leftMs <= 61_000, `${leftMs} ms left`);
    assert.equal((await gateway.send("acme", FRIEND, "a reply")).status, "sent");
    const id = await gateway.sandbox.say(FRIEND, OWNER, "an answer");
    assert.ok(id !== "");
    const again = await gateway.rpc.call("session.start", { tenantId: "acme", waitMs: 5000 });
    assert.equal(again.state, "restricted");
  });

  it("is still restricted after it reconnected, and after the bridge was killed", async () => {
    const before = await gateway.session("acme");
    await gateway.sandbox.post("/faults", { kind: "drop", number: OWNER });
    await gateway.waitState("acme", "reconnecting");
    assert.equal((await gateway.waitState("acme", "restricted")).restrictedUntilMs, before.restrictedUntilMs);
    await gateway.bridge.kill();
    await gateway.restart();
    assert.equal((await gateway.waitState("acme", "restricted")).restrictedUntilMs, before.restrictedUntilMs);
  });

  it("is connected again when WhatsApp lifts the restriction", async () => {
    await gateway.sandbox.delete("/faults");
    await gateway.sandbox.post("/faults", { kind: "timelock-notice", ms: 0, number: OWNER });
    const session = await gateway.waitState("acme", "connected");
    assert.equal(session.restrictedUntilMs, undefined);
    assert.equal(session.whatsappCode, undefined);
  });

  it("is found out when a message is refused with 463, and is connected again when the time is over", async () => {
    await gateway.sandbox.post("/faults", { kind: "timelock", ms: 2000, number: OWNER });
    await gateway.sandbox.post("/faults", { kind: "error-ack", code: 463, count: 1, number: OWNER });
    await assert.rejects(gateway.send("acme", FRIEND, "hello stranger"), { data: { name: "send_rejected", retryable: false, whatsappError: 463 } });
    const session = await gateway.waitState("acme", "restricted");
    assert.ok((session.restrictedUntilMs ?? 0) > Date.now());
    await gateway.waitState("acme", "connected");
    assert.ok(Date.now() >= (session.restrictedUntilMs ?? 0) - 5);
    const told = gateway.follower.of("session.status").filter((event) => event.data.state === "restricted").at(-1);
    assert.equal(told?.data.restrictedUntilMs, session.restrictedUntilMs);
    await gateway.sandbox.delete("/faults");
  });

  it("is not called restricted for a message that was refused for another reason", async () => {
    await gateway.bridge.stop();
    await gateway.restart();
    await gateway.waitState("acme", "connected");
    await gateway.sandbox.post("/faults", { kind: "error-ack", code: 463, count: 1, number: OWNER });
    await assert.rejects(gateway.send("acme", FRIEND, "hello"), { data: { name: "send_rejected", retryable: false, whatsappError: 463 } });
    assert.equal((await gateway.send("acme", FRIEND, "hello again")).status, "sent");
    assert.equal((await gateway.session("acme")).state, "connected");
  });
});
