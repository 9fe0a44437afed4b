import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, type Case } from "../../../bench/compare.js";
import { renderTable, type Report } from "../../../bench/figures.js";
import { atOnce, atRate, percentile, type Run } from "../../../bench/load.js";

const ran = (count: number, elapsedMs: number): Run => ({ count, elapsedMs, latenciesMs: [1, 2, 3] });

function scripted(id: string, elapsed: number[], raw?: string): Case & { counts: number[] } {
  const counts: number[] = [];
  const run = (count: number): Promise<Run> => {
    counts.push(count);
    // The first call is the round that does not count.
    return Promise.resolve(ran(count, counts.length === 1 ? 1 : (elapsed[counts.length - 2] ?? 0)));
  };
  return { id, what: id, count: 100, run, counts, pids: {}, ...(raw === undefined ? {} : { raw }) };
}

test("a percentile is the value below which that share of the values lies", () => {
  const values = Array.from({ length: 100 }, (_, n) => 100 - n);
  assert.equal(percentile(values, 0.5), 50);
  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile([7], 0.99), 7);
  assert.deepEqual(values.slice(0, 2), [100, 99], "the values stay in their order");
});

test("no more messages are under way than asked for, and every one is sent once", async () => {
  let underWay = 0;
  let most = 0;
  const seen: number[] = [];
  const run = await atOnce(20, 4, async (n) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    seen.push(n);
  });
  assert.equal(most, 4);
  assert.deepEqual(seen.toSorted((a, b) => a - b), Array.from({ length: 20 }, (_, n) => n));
  assert.equal(run.latenciesMs.length, 20);
});

test("a message that is slow holds up none that follows at a rate, and one that fails fails the run", async () => {
  const started: number[] = [];
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const run = atRate(3, 1000, (n) => {
    started.push(n);
    if (n === 2) release();
    return n === 0 ? slow : Promise.resolve();
  });
  assert.equal((await run).latenciesMs.length, 3);
  assert.deepEqual(started, [0, 1, 2]);
  await assert.rejects(atRate(2, 1000, (n) => (n === 0 ? Promise.reject(new Error("refused")) : Promise.resolve())), /refused/);
});

test("cases are measured in turns and held against raw Baileys round by round", async () => {
  const raw = scripted("raw", [100, 200, 400]);
  const ours = scripted("ours", [200, 250, 400], "raw");
  const [first, second] = await compare([raw, ours], 3, 10, () => undefined);
  assert.deepEqual(raw.counts, [10, 100, 100, 100]);
  assert.equal(first?.value, 500);
  assert.equal(first.toRaw, undefined);
  // 0.5, 0.8 and 1 of raw; the middle one.
  assert.equal(second?.toRaw, 0.8);
  assert.equal(second.p99Ms, 3);
});

test("the table names the machine and every figure with its ratio", () => {
  const report: Report = {
    bench: "sends",
    machine: { cores: 2, cpu: "Some CPU", memoryMib: 2048, kernel: "6.1", node: "v24", load: 0.5, fsyncMs: 0.2 },
    sections: [{ title: "Texts", figures: [{ id: "a", what: "REST", value: 123.4, unit: "/s", toRaw: 0.81, p50Ms: 1.25, p99Ms: 9, cpuMs: { bridge: 1.5 }, note: "noted" }] }],
  };
  const table = renderTable(report);
  assert.match(table, /2 cores Some CPU, 2\.0 GiB, Linux 6\.1, Node v24, load 0\.5, fsync 0\.2 ms/);
  assert.match(table, /REST\s+123 \/s\s+0\.81\s+1\.3\s+9\.0\s+bridge 1\.50\s+noted/);
});
