import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Questions } from "../../../bridge/src/whatsapp/questions.js";

const OPEN = { isOpen: true };

/** An answer of WhatsApp's that refuses, as Baileys throws it. */
function refusal(code: number): Error {
  return Object.assign(new Error("refused"), { data: code });
}

describe("questions to WhatsApp", () => {
  it("of one kind are asked one after the other for each tenant, and do not wait for another's", async () => {
    const questions = new Questions();
    let underWay = 0;
    let most = 0;
    const slow = async (): Promise<void> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      underWay -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => questions.ask("acme", "groups", OPEN, slow)));
    assert.equal(most, 1);
    let release: () => void = () => undefined;
    const held = questions.ask("acme", "groups", OPEN, () => new Promise<void>((resolve) => (release = resolve)));
    await questions.ask("acme", "contacts", OPEN, slow);
    await questions.ask("other", "groups", OPEN, slow);
    release();
    await held;
  });

  it("that get no answer end in time and let the next one go", async () => {
    const questions = new Questions(20);
    const never = questions.ask("acme", "groups", OPEN, () => new Promise<never>(() => undefined));
    const next = questions.ask("acme", "groups", OPEN, () => Promise.resolve("answer"));
    await assert.rejects(never, { errorName: "whatsapp_timeout" });
    assert.equal(await next, "answer");
  });

  it("cease after WhatsApp was asked too much, longer each time", async () => {
    const questions = new Questions();
    const clock = { nowMs: Date.now() };
    const original = Date.now;
    Date.now = () => clock.nowMs;
    try {
      const wait = async (): Promise<number> => {
        const error = (await questions.ask("acme", "groups", OPEN, () => Promise.reject(refusal(429))).catch((thrown: unknown) => thrown)) as { errorName: string; details: { retryAfterMs: number } };
        assert.equal(error.errorName, "whatsapp_rate_limited");
        return error.details.retryAfterMs;
      };
      const first = await wait();
      let asked = 0;
      await assert.rejects(questions.ask("acme", "groups", OPEN, () => Promise.resolve(asked++)), { errorName: "whatsapp_rate_limited" });
      assert.equal(asked, 0);
      assert.equal(await questions.ask("acme", "contacts", OPEN, () => Promise.resolve("other kind")), "other kind");
      clock.nowMs += first;
      assert.equal(await wait(), 2 * first);
      clock.nowMs += 2 * first;
      assert.equal(await questions.ask("acme", "groups", OPEN, () => Promise.resolve("answer")), "answer");
      assert.equal(await wait(), first, "an answer in between begins anew");
    } finally {
      Date.now = original;
    }
  });

  it("tell what WhatsApp's codes mean for them, and keep the code", async () => {
    const questions = new Questions();
    const ask = (error: unknown): Promise<unknown> => questions.ask("acme", "groups", OPEN, () => Promise.reject(error as Error), { 404: "group_not_found" });
    await assert.rejects(ask(refusal(404)), { errorName: "group_not_found", details: { whatsappError: 404 } });
    await assert.rejects(ask(refusal(500)), { errorName: "whatsapp_refused", details: { whatsappError: 500 } });
    await assert.rejects(ask(Object.assign(new Error("GraphQL"), { data: { extensions: { error_code: 404 } } })), { errorName: "group_not_found" });
    await assert.rejects(ask(new TypeError("ours")), { message: "ours" });
  });

  it("fail with the connection they were asked over", async () => {
    const questions = new Questions();
    const carrier = { isOpen: true };
    const lost = questions.ask("acme", "groups", carrier, () => {
      carrier.isOpen = false;
      return Promise.reject(new Error("Connection Closed"));
    });
    const waiting = questions.ask("acme", "groups", carrier, () => Promise.resolve("never asked"));
    await assert.rejects(lost, { errorName: "session_not_connected" });
    await assert.rejects(waiting, { errorName: "session_not_connected" });
  });

  it("are refused when too many wait", async () => {
    const questions = new Questions();
    let release: () => void = () => undefined;
    const held = questions.ask("acme", "groups", OPEN, () => new Promise<void>((resolve) => (release = resolve)));
    const waiting = Array.from({ length: 49 }, () => questions.ask("acme", "groups", OPEN, () => Promise.resolve()));
    await assert.rejects(questions.ask("acme", "groups", OPEN, () => Promise.resolve()), { errorName: "whatsapp_rate_limited" });
    // The first of them begins in a moment, when its turn is looked at.
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await Promise.all([held, ...waiting]);
  });
});
