import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FramingError, LineReader, toLine } from "../../../bridge/src/rpc/framing.js";

describe("a line reader", () => {
  it("puts a line together from single bytes, also inside a character", () => {
    const reader = new LineReader(100);
    const lines = [...Buffer.from("olá 👋\n")].flatMap((byte) => reader.push(Buffer.from([byte])));
    assert.deepEqual(lines, ["olá 👋"]);
  });

  it("takes lines apart that came together, and keeps the begun one", () => {
    const reader = new LineReader(100);
    assert.deepEqual(reader.push(Buffer.from("a\nb\n\nc")), ["a", "b"]);
    assert.deepEqual(reader.push(Buffer.from("d\n")), ["cd"]);
  });

  it("takes a line of exactly the maximum and refuses one byte more", () => {
    assert.deepEqual(new LineReader(4).push(Buffer.from("abcd\n")), ["abcd"]);
    assert.throws(() => new LineReader(4).push(Buffer.from("abcde\n")), FramingError);
  });

  it("refuses a line that never ends before it fills the memory", () => {
    const reader = new LineReader(10);
    reader.push(Buffer.from("0123456789"));
    assert.throws(() => reader.push(Buffer.from("0")), FramingError);
  });

  it("refuses what is not UTF-8", () => {
    assert.throws(() => new LineReader(10).push(Buffer.from([0xff, 0xfe, 0x0a])), FramingError);
  });
});

describe("a written line", () => {
  it("ends with the only newline in it", () => {
    assert.equal(toLine({ text: "a\nb" }, 100).toString(), '{"text":"a\\nb"}\n');
  });

  it("is never longer than the maximum", () => {
    assert.throws(() => toLine({ text: "abc" }, 5), FramingError);
  });
});
