/** Counts how often something took how long, in fixed steps: what a Prometheus histogram is made of. */
import type { Distribution as DistributionShape } from "../rpc/contract.gen.js";

/** From one message to a tenant that sends one in a minute: with pacing, minutes are as usual as milliseconds. */
export const SEND_BOUNDS_MS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 1_800_000, 7_200_000];

export class Distribution {
  readonly #boundsMs: readonly number[];
  readonly #counts: number[];
  #sumMs = 0;

  /** @param boundsMs ascending. */
  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
    this.#counts = new Array<number>(boundsMs.length + 1).fill(0);
  }

  note(ms: number): void {
    const took = Math.max(0, Math.round(ms));
    const index = this.#boundsMs.findIndex((bound) => took <= bound);
    const slot = index === -1 ? this.#boundsMs.length : index;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#sumMs += took;
  }

  view(): DistributionShape {
    return { boundsMs: [...this.#boundsMs], counts: [...this.#counts], sumMs: this.#sumMs };
  }
}
