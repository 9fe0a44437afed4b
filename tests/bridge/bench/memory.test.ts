import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fit } from "../../../bench/capacity/line.js";
import { settled } from "../../../bench/capacity/rest.js";
import { aloneOf, footprintOf, parseFiles, parseRollup, treeOf } from "../../../bench/memory.js";

test("a process's memory is its share of its pages, in MiB", () => {
  const text = "55d2-7ffc ---p 00000000 00:00 0 [rollup]\nRss:  20480 kB\nPss:   10240 kB\nPss_Anon:  5120 kB\nPss_File: 5120 kB\n";
  assert.deepEqual(parseRollup(text), { pss: 10, anonymous: 5 });
});

test("of a file that is mapped in parts everything counts but the pages the process changed", () => {
  const text = [
    "5581-5582 r-xp 00000000 fe:00 42       /usr/bin/some program",
    "Rss:   100 kB",
    "Anonymous:   0 kB",
    "5582-5583 rw-p 00001000 fe:00 42       /usr/bin/some program",
    "Rss:   50 kB",
    "Anonymous:   20 kB",
    "7f00-7f01 rw-p 00000000 00:00 0 ",
    "Rss:   9000 kB",
    "7f02-7f03 rw-p 00000000 00:00 0        [heap]",
    "Rss:   9000 kB",
  ].join("\n");
  assert.deepEqual([...parseFiles(text)], [["/usr/bin/some program", 130]]);
});

test("a tree is a process with all that it started, and alone it takes at least its share", async () => {
  const child = spawn("sh", ["-c", "sleep 60 & echo ready; wait"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    const tree = treeOf(child.pid ?? 0);
    assert.equal(tree.length, 2);
    assert.ok(treeOf(process.pid).includes(tree[1] ?? 0));
    for (const pid of tree) process.kill(pid, "SIGKILL");
  } finally {
    child.kill("SIGKILL");
  }
  assert.ok(footprintOf(process.pid).pss > 10);
  assert.ok(aloneOf([process.pid]) >= footprintOf(process.pid).pss - 1);
});

test("a line through points tells what one more costs", () => {
  const { base, slope } = fit([[1, 100.4], [10, 104], [100, 140]]);
  assert.ok(Math.abs(slope - 0.4) < 1e-9);
  assert.ok(Math.abs(base - 100) < 1e-9);
});

test("memory is at rest when it has not changed for a time", async () => {
  const values = [100, 150, 200, 300];
  const found = await settled(() => values.shift() ?? 200, 600, 10_000);
  assert.deepEqual(found, { value: 200, atRest: true });
});

test("memory that does not come to rest is told as it is, and that it changes", async () => {
  let now = 100;
  const found = await settled(() => (now *= 1.5), 500, 600);
  assert.equal(found.atRest, false);
  assert.ok(found.value > 100);
});
