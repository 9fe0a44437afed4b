import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { healthOf, Pulse } from "../../../bridge/src/whatsapp/pulse.js";

const HOUR_MS = 3_600_000;

describe("the pulse of a connection", () => {
  it("is stirred by what WhatsApp passes on, not by its answers", () => {
    const pulse = new Pulse();
    for (const frame of [{ tag: "iq", attrs: { type: "result" } }, new Uint8Array(3), { tag: "ib", attrs: {} }]) {
      pulse.heardMs = pulse.stirredMs = 0;
      pulse.note(frame);
      assert.deepEqual([pulse.heardMs > 0, pulse.stirredMs], [true, 0]);
    }
    for (const tag of ["message", "receipt", "notification", "ack", "call", "presence", "chatstate"]) {
      pulse.stirredMs = 0;
      pulse.note({ tag, attrs: {} });
      assert.equal(pulse.stirredMs, pulse.heardMs);
    }
  });

  it("tells a connection that only answers from one that does not even do that", () => {
    const nowMs = 100 * HOUR_MS;
    const pulses = [
      { heardMs: nowMs - 20_000, stirredMs: nowMs - 60_000 },
      { heardMs: nowMs - 20_000, stirredMs: nowMs - 7 * HOUR_MS },
      { heardMs: nowMs - 76_000, stirredMs: nowMs - 2 * HOUR_MS },
    ];
    assert.deepEqual(healthOf(pulses, nowMs, 6 * HOUR_MS), { connected: 3, unanswered: 1, silent: 1, longestSilenceMs: 7 * HOUR_MS });
    assert.deepEqual(healthOf([], nowMs, 6 * HOUR_MS), { connected: 0, unanswered: 0, silent: 0 });
  });
});
