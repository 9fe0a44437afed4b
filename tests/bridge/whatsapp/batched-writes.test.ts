import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { it } from "node:test";
import { batchWrites } from "../../../bridge/src/whatsapp/batched-writes.js";

it("what is written in one turn leaves together, in order, and every writer is told", async () => {
  const left: string[][] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      left.push([chunk.toString()]);
      done();
    },
    writev: (chunks, done) => {
      left.push(chunks.map(({ chunk }) => (chunk as Buffer).toString()));
      done();
    },
  });
  batchWrites(stream);
  const told: string[] = [];
  const write = (text: string): Promise<void> => new Promise((resolve) => {
    stream.write(text, () => {
      told.push(text);
      resolve();
    });
  });
  const first = [write("a"), write("b")];
  // As the WebSocket library does for a header and its payload.
  stream.cork();
  first.push(write("c"), write("d"));
  stream.uncork();
  await Promise.resolve();
  first.push(write("e"));
  assert.deepEqual(left, []);
  await Promise.all(first);
  await write("f");
  assert.deepEqual(left, [["a", "b", "c", "d", "e"], ["f"]]);
  assert.deepEqual(told, ["a", "b", "c", "d", "e", "f"]);
  const last = write("g");
  stream.end();
  await last;
  const final = left[left.length - 1];
  assert.deepEqual(final, ["g"]);
});
