import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../support/gateway.js";

const MIB = 1024 * 1024;

describe("a bridge that knows its memory", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway.end());

  it("shows a QR code to each of 50 tenants that start at once, in bounded time and memory", async (test) => {
    const before = await gateway.rpc.call("system.health", {});
    const beganMs = Date.now();
    const sessions = await Promise.all(Array.from({ length: 50 }, (_, i) => gateway.rpc.call("session.start", { tenantId: `crowd-${i}`, waitMs: 25_000 })));
    const tookMs = Date.now() - beganMs;
    const grownMib = ((await gateway.rpc.call("system.health", {})).memoryRssBytes - before.memoryRssBytes) / MIB;
    test.diagnostic(`50 QR codes in ${tookMs} ms, ${grownMib.toFixed(0)} MiB more`);
    assert.equal(new Set(sessions.map((session) => session.qr?.text)).size, 50);
    assert.ok(sessions.every((session) => session.state === "qr"));
    assert.ok(tookMs < 20_000, `${tookMs} ms`);
    assert.ok(grownMib < 150, `${grownMib} MiB`);
    await Promise.all(sessions.map(({ tenantId }) => gateway.rpc.call("session.stop", { tenantId })));
  });

  it("takes no session that would not fit, says why, and leaves those that run alone", async () => {
    await gateway.paired("settled", "+5511910000801");
    await gateway.bridge.stop();
    await gateway.restart({ MEMORY_LIMIT_MB: "40" });
    await gateway.waitState("settled", "connected");
    const health = await gateway.rpc.call("system.health", {});
    assert.equal(health.memoryLimitBytes, 40 * MIB);
    const refused = { data: { name: "memory_limit_reached", retryable: true } };
    await assert.rejects(gateway.rpc.call("session.start", { tenantId: "too-much", waitMs: 0 }), refused);
    await assert.rejects(gateway.rpc.call("session.pairingCode", { tenantId: "too-much", phoneNumber: "+5511910000802" }), refused);
    await assert.rejects(gateway.session("too-much"), { data: { name: "session_not_found", retryable: false } });
    const restarted = await gateway.rpc.call("session.restart", { tenantId: "settled", waitMs: 5000 });
    assert.equal(restarted.state, "connected");
  });

  it("has a limit below what the machine or its container has when none is set", async () => {
    await gateway.bridge.stop();
    await gateway.restart();
    const { memoryLimitBytes } = await gateway.rpc.call("system.health", {});
    const available = Math.min(...[process.constrainedMemory(), process.availableMemory() * 100].filter((bytes) => bytes > 0));
    assert.ok(memoryLimitBytes > 0 && memoryLimitBytes < available);
  });
});
