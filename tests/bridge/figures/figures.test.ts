import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Distribution } from "../../../bridge/src/figures/distribution.js";
import { Engine, LoopWatch } from "../../../bridge/src/figures/engine.js";
import { Traffic } from "../../../bridge/src/figures/traffic.js";

describe("figures of the bridge", () => {
  it("sort durations into steps", () => {
    const took = new Distribution([5, 10]);
    for (const ms of [0, 5, 6, 10, 11, 1000, -3]) took.note(ms);
    assert.deepEqual(took.view(), { boundsMs: [5, 10], counts: [3, 2, 2], sumMs: 1032 });
  });

  it("count a message once for each step it made, told or not", () => {
    const traffic = new Traffic();
    const row = { acceptedAtMs: 1000, sendAtMs: undefined, failure: undefined };
    traffic.accepted(3);
    traffic.moved({ ...row, status: "sent" }, "accepted", 1040);
    traffic.moved({ ...row, status: "delivered" }, "sent", 1100);
    traffic.moved({ ...row, status: "read" }, "delivered", 2000);
    traffic.moved({ ...row, status: "played" }, "read", 2500);
    // A receipt that came before the server's answer.
    traffic.moved({ ...row, sendAtMs: 5000, status: "read" }, "accepted", 5007);
    traffic.moved({ ...row, status: "failed", failure: "expired" }, "accepted", 9000);
    traffic.moved({ ...row, status: "unknown" }, "accepted", 9000);
    traffic.moved({ ...row, status: "sent" }, "unknown", 1001);
    const { latency, ...counts } = traffic.sends;
    assert.deepEqual(counts, { accepted: 3, sent: 3, delivered: 2, read: 2, unknown: 1, failed: { expired: 1 } });
    assert.deepEqual([latency.sumMs, latency.counts.reduce((sum, count) => sum + count)], [48, 3]);
  });

  it("measure a stall of the event loop, and each asker its own", async () => {
    const engine = new Engine(1);
    const [one, other] = [new LoopWatch(), new LoopWatch()];
    await new Promise((resolve) => setTimeout(resolve, 50));
    one.take();
    // The first tick after a look only begins to count.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = performance.now() + 150;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const figures = engine.figures(one);
    assert.ok(figures.eventLoopDelayMs.max >= 100, `${figures.eventLoopDelayMs.max} ms`);
    assert.ok(figures.eventLoopUtilization > 0.3 && figures.eventLoopUtilization <= 1);
    assert.ok(other.take().delay.max >= 100);
    assert.ok(figures.openFiles > 0 && figures.rssBytes > figures.heapUsedBytes);
    for (const watch of [one, other]) watch.stop();
    engine.stop();
  });
});
