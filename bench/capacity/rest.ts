/** Waits until memory has come to rest: after a session is linked, collectors have work left. */

const EVERY_MS = 250;

/** So much of change counts as none: keep-alives come and go. */
const STEADY_SHARE = 0.01;

export interface Settled {
  /** MiB: the median of the time at rest. */
  value: number;
  /** False when it still changed in the end. */
  atRest: boolean;
}

/**
 * @param look reads the memory, in MiB.
 * @param restMs how long it must not change.
 * @param patienceMs when to take what there is.
 */
export async function settled(look: () => number, restMs: number, patienceMs: number): Promise<Settled> {
  const began = performance.now();
  const seen: { at: number; value: number }[] = [];
  for (;;) {
    const now = performance.now();
    seen.push({ at: now, value: look() });
    while ((seen[0]?.at ?? now) < now - restMs) seen.shift();
    const values = seen.map(({ value }) => value).sort((a, b) => a - b);
    const [least = 0, middle = 0, most = 0] = [values[0], values[values.length >> 1], values.at(-1)];
    const atRest = now - began >= restMs && most - least <= most * STEADY_SHARE;
    if (atRest || now - began > patienceMs) return { value: middle, atRest };
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
