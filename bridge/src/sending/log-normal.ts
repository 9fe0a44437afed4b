/** Pauses as people make them: mostly short, now and then long, never twice the same. */
import type { Gap } from "../config.js";

/** How widely pauses scatter around their median: two thirds lie between 0.6 and 1.6 times of it. */
const SIGMA = 0.5;

/** A draw from the standard normal distribution (Box and Muller, 1958). @param random uniform in [0, 1). */
export function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The pause a draw stands for: log-normal around the median, kept within the gap's bounds. Milliseconds. */
export function pauseOf({ minMs, medianMs, maxMs }: Gap, draw: number): number {
  return Math.round(Math.min(maxMs, Math.max(minMs, medianMs * Math.exp(SIGMA * draw))));
}
