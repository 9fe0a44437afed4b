import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Admission, IDLE_BYTES, LINKING_BYTES, memoryInUse } from "../../../bridge/src/whatsapp/admission.js";
import { ConnectGate } from "../../../bridge/src/whatsapp/connect-gate.js";
import { Devices } from "../../../bridge/src/whatsapp/devices.js";
import { HistoryBudget } from "../../../bridge/src/whatsapp/history-budget.js";
import { Turns } from "../../../bridge/src/whatsapp/turns.js";

const MIB = 1024 * 1024;

describe("admission", () => {
  it("counts the sessions that are still to take their memory", () => {
    const admission = new Admission({ maxSessions: 100, memoryLimitBytes: 100 * MIB, maxParallelConnects: 8 }, () => 100 * MIB - 5 * LINKING_BYTES);
    assert.doesNotThrow(() => {
      admission.check(4, 4);
    });
    assert.throws(() => {
      admission.check(5, 5);
    }, { errorName: "memory_limit_reached" });
  });

  it("counts those that wait for their turn to be linked as what they will be then", () => {
    const admission = new Admission({ maxSessions: 1000, memoryLimitBytes: 100 * MIB, maxParallelConnects: 2 }, () => 100 * MIB - 2 * LINKING_BYTES - 10 * IDLE_BYTES);
    assert.doesNotThrow(() => {
      admission.check(11, 11);
    });
    assert.throws(() => {
      admission.check(12, 12);
    }, { errorName: "memory_limit_reached" });
  });

  it("has a number of sessions whatever the memory", () => {
    const admission = new Admission({ maxSessions: 2, memoryLimitBytes: 100 * MIB, maxParallelConnects: 8 }, () => 0);
    assert.throws(() => {
      admission.check(2, 0);
    }, { errorName: "session_limit_reached" });
  });

  it("measures less than the size of the process and more than its live objects", () => {
    const inUse = memoryInUse();
    assert.ok(inUse <= process.memoryUsage.rss() && inUse > 10 * MIB);
  });
});

describe("the room for histories", () => {
  it("has a largest one, several at once only when they fit, and again when the time is over", () => {
    let nowMs = 0;
    const budget = new HistoryBudget(4 * MIB, () => true, () => nowMs);
    assert.equal(budget.take(4 * MIB + 1), false);
    assert.equal(budget.take(4 * MIB), true);
    assert.equal(budget.take(3 * MIB), false);
    nowMs += 60_001;
    assert.equal(budget.take(3 * MIB), true);
  });

  it("has none when the process is full", () => {
    assert.equal(new HistoryBudget(4 * MIB, () => false).take(1), false);
  });
});

describe("the gate", () => {
  it("lets what a person waits for go first", () => {
    const gate = new ConnectGate(1);
    const order: string[] = [];
    const leave = gate.request(() => order.push("first"));
    const leaves = [gate.request(() => order.push("patient")), gate.request(() => order.push("urgent"), true)];
    leave();
    leaves[1]?.();
    assert.deepEqual(order, ["first", "urgent", "patient"]);
  });
});

describe("a device", () => {
  it("belongs to one tenant until that one lets go", () => {
    const devices = new Devices();
    assert.ok(devices.claim("5511910000001:3@s.whatsapp.net", "a"));
    assert.ok(devices.claim("5511910000001:3@s.whatsapp.net", "a"));
    assert.equal(devices.claim("5511910000001:3@s.whatsapp.net", "b"), false);
    assert.ok(devices.claim("5511910000001:4@s.whatsapp.net", "b"));
    devices.release("a");
    assert.ok(devices.claim("5511910000001:3@s.whatsapp.net", "b"));
  });
});

describe("turns", () => {
  it("are taken one after another, and the same one asked for twice in a row is done once", async () => {
    const turns = new Turns();
    const done: string[] = [];
    const work = (name: string) => (): Promise<void> => new Promise((resolve) => setImmediate(() => {
      done.push(name);
      resolve();
    }));
    await Promise.all(["stop", "stop", "start", "stop"].map((name) => turns.take(name, work(name))));
    assert.deepEqual(done, ["stop", "start", "stop"]);
    await turns.take("stop", work("stop"));
    assert.equal(done.length, 4);
  });

  it("go on after one that failed", async () => {
    const turns = new Turns();
    await assert.rejects(turns.take("stop", () => Promise.reject(new Error("no"))), /no/);
    assert.equal(await turns.take("start", () => 5), 5);
  });
});
