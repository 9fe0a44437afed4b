/** Randomness that is the same in every run, and what the settings say when nobody set anything. */
import assert from "node:assert/strict";
import { BridgeError } from "../../../bridge/src/errors.js";
import { readConfig, type SendingConfig } from "../../../bridge/src/config.js";

/** Uniform in [0, 1), from a seed (mulberry32, Tommy Ettinger). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const DEFAULTS: SendingConfig = readConfig({}).sending;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Noon of some day. */
export const START = Date.UTC(2026, 5, 1, 12);

/** The most of these times that lie in any window of a length, both ends of which may be anywhere. */
export function mostWithin(times: readonly number[], spanMs: number): number {
  let most = 0;
  let from = 0;
  times.forEach((time, index) => {
    while ((times[from] ?? 0) <= time - spanMs) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

/** The whole numbers from one to another, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** When to try again, as somebody was told who was not let in. */
export function refusal(work: () => void): number {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof BridgeError && error.errorName === "queue_full");
    return Number(error.details["retryAfterMs"]);
  }
  throw new Error("it was let in");
}
