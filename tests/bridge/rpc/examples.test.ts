import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { ERRORS, METHOD_NAMES, type MethodName } from "../../../bridge/src/rpc/contract.gen.js";
import { checkParams, checkResult, isEvent } from "../../../bridge/src/rpc/validate.js";

// The compiled test lies below build/, the examples beside the contract.
const EXAMPLES = new URL("../../../../bridge/contract/examples/", import.meta.url);

interface Example {
  params?: unknown;
  result?: unknown;
  error?: { name: string };
}

function read(folder: string): { name: string; example: Example }[] {
  const directory = new URL(`${folder}/`, EXAMPLES);
  return readdirSync(directory).map((name) => ({ name, example: JSON.parse(readFileSync(new URL(name, directory), "utf8")) as Example }));
}

describe("the golden examples of the contract", () => {
  for (const method of METHOD_NAMES) {
    it(`of ${method} are all accepted`, () => {
      const examples = read(method);
      assert.ok(examples.some(({ example }) => example.result !== undefined), "there is one with a result");
      for (const { name, example } of examples) {
        assert.doesNotThrow(() => checkParams(method, example.params), name);
        if (example.error === undefined) assert.doesNotThrow(() => checkResult(method, example.result), name);
        else assert.ok(example.error.name in ERRORS, name);
      }
    });
  }

  it("of events are all accepted", () => {
    for (const { name, example } of read("events")) assert.equal(isEvent(example), true, name);
  });

  it("that must be refused are all refused", () => {
    for (const { name, example } of read("rejected")) {
      const method = METHOD_NAMES.find((each) => name.startsWith(`${each}.`)) as MethodName;
      if ("params" in example) assert.throws(() => checkParams(method, example.params), { errorName: "invalid_params" }, name);
      else assert.throws(() => checkResult(method, example.result), name);
    }
  });
});
