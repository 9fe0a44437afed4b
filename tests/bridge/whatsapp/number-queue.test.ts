/** Numbers that are asked about: who goes first, and that nobody waits longer than their call can. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BridgeError } from "../../../bridge/src/errors.js";
import type { Link } from "../../../bridge/src/whatsapp/link.js";
import { NumberQueue } from "../../../bridge/src/whatsapp/number-queue.js";

const link = Object.create(null, { isOpen: { value: true } }) as Link;

function queue(asked: string[][], patienceMs: number): NumberQueue {
  return new NumberQueue(
    60,
    (_link, numbers) => {
      asked.push([...numbers]);
      return Promise.resolve(new Map(numbers.map((number) => [number, { jid: `${number.slice(1)}@s.whatsapp.net` }])));
    },
    patienceMs,
  );
}

void test("a check that urgent numbers keep from its turn is refused before its call runs out of time", async () => {
  const asked: string[][] = [];
  const numbers = queue(asked, 100);
  await numbers.find("+5511999990001", link, true);
  // At one a second the next one that is not urgent has to wait longer than it can.
  const began = Date.now();
  await assert.rejects(numbers.find("+5511999990002", link, false), (error: unknown) => {
    assert.ok(error instanceof BridgeError);
    assert.equal(error.errorName, "whatsapp_rate_limited");
    return true;
  });
  assert.ok(Date.now() - began < 1000);
  assert.deepEqual(asked, [["+5511999990001"]]);
});

void test("a number that became urgent while it waited is asked for all the same", async () => {
  const asked: string[][] = [];
  const numbers = queue(asked, 100);
  await numbers.find("+5511999990001", link, true);
  const patient = numbers.find("+5511999990002", link, false);
  const urgent = numbers.find("+5511999990002", link, true);
  assert.deepEqual(await patient, { jid: "5511999990002@s.whatsapp.net" });
  assert.deepEqual(await urgent, { jid: "5511999990002@s.whatsapp.net" });
  assert.deepEqual(asked, [["+5511999990001"], ["+5511999990002"]]);
});
