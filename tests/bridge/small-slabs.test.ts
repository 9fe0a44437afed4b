import assert from "node:assert/strict";
import { test } from "node:test";
import { useSmallSlabs } from "../../bridge/src/small-slabs.js";

test("a key that is kept keeps no more than 8 KiB of garbage with it", () => {
  useSmallSlabs();
  // What is left of the slab in use before is used up first; a slab is given up when it has too little room.
  for (let used = 0; used < 1024 * 1024; used += 1024) Buffer.from("x".repeat(1024));
  for (let n = 0; n < 1000; n++) {
    const key = Buffer.from("k".repeat(32));
    assert.ok(key.buffer.byteLength <= 8 * 1024, `${key.buffer.byteLength} bytes stay for 32`);
  }
});
