import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BridgeError } from "../../../bridge/src/errors.js";
import type { OutgoingContent } from "../../../bridge/src/rpc/contract.gen.js";
import { render } from "../../../bridge/src/sending/template.js";

const FILE = { name: "Zm9vYmFyYmF6cXV4Zm9vYmFy", mimeType: "image/jpeg", sizeBytes: 1, sha256: "0".repeat(64) };

function text(words: string): OutgoingContent {
  return { type: "text", text: words };
}

function refusal(content: OutgoingContent, variables?: Record<string, string>): string {
  try {
    render(content, variables, "recipients[12]");
  } catch (error) {
    assert.ok(error instanceof BridgeError && error.errorName === "content_not_possible");
    return String(error.details["reason"]);
  }
  throw new Error("it was rendered");
}

describe("variables of a batch", () => {
  it("stand in the text, as often as they are named, with blanks inside the braces or not", () => {
    assert.deepEqual(render(text("Olá {{name}}, {{ name }}: {{order_7}} 👋"), { name: "世界", order_7: "x" }, "r"), text("Olá 世界, 世界: x 👋"));
  });

  it("stand in captions, questions of polls and link previews", () => {
    assert.deepEqual(render({ type: "image", file: FILE, caption: "{{a}}" }, { a: "1" }, "r"), { type: "image", file: FILE, caption: "1" });
    assert.deepEqual(render({ type: "poll", question: "{{a}}?", options: ["{{a}}", "no"], selectableCount: 1 }, { a: "1" }, "r"), { type: "poll", question: "1?", options: ["{{a}}", "no"], selectableCount: 1 });
    const preview = { url: "https://shop.example/{{a}}", title: "For {{a}}", description: "{{a}}{{a}}" };
    assert.deepEqual(render({ type: "text", text: "https://shop.example/{{a}}", preview }, { a: "1" }, "r"), { type: "text", text: "https://shop.example/1", preview: { url: "https://shop.example/1", title: "For 1", description: "11" } });
  });

  it("are values and nothing else: no value is looked into, and names of objects mean nothing", () => {
    assert.deepEqual(render(text("{{a}}"), { a: "{{b}} $& $1", b: "secret" }, "r"), text("{{b}} $& $1"));
    assert.match(refusal(text("{{constructor}}"), {}), /"constructor"/);
    assert.match(refusal(text("{{__proto__}}"), {}), /"__proto__"/);
  });

  it("that are missing refuse the batch and are named with their recipient", () => {
    assert.equal(refusal(text("Hi {{first_name}}"), { name: "x" }), 'recipients[12] has no variable "first_name"');
    assert.equal(refusal(text("Hi {{first_name}}")), 'recipients[12] has no variable "first_name"');
  });

  it("do not take the place of what is no name", () => {
    for (const words of ["{{#if a}}", "{{a.b}}", "{{}}", "{{a b}}"]) assert.match(refusal(text(words), { a: "1" }), /form/, words);
    assert.deepEqual(render(text("{a} {{a}} }} {{"), { a: "1" }, "r"), text("{a} 1 }} {{"));
  });

  it("that make a content impossible refuse it", () => {
    assert.match(refusal(text("{{a}}"), { a: "" }), /recipients\[12\]: .*not valid/);
    assert.match(refusal({ type: "poll", question: "{{a}}", options: ["a", "b"], selectableCount: 1 }, { a: "x".repeat(256) }), /not valid/);
  });

  it("are all that changes: content without any is the same", () => {
    const location: OutgoingContent = { type: "location", place: { latitude: 1, longitude: 2 } };
    assert.equal(render(location, { a: "1" }, "r"), location);
  });
});
