/** Two ways to put load on something: as many at a time as given, or so many a second whatever the answers do. */

/** What a run took. Latencies are in milliseconds, in no particular order. */
export interface Run {
  count: number;
  elapsedMs: number;
  latenciesMs: number[];
}

/** Sends one message, the n-th of its run; resolves when it is done, throws when it failed. */
export type Send = (n: number) => Promise<unknown>;

async function timed(send: Send, n: number, latenciesMs: number[]): Promise<void> {
  const began = performance.now();
  await send(n);
  latenciesMs.push(performance.now() - began);
}

/** Sends `count` messages, `concurrency` of them under way at any time. */
export async function atOnce(count: number, concurrency: number, send: Send): Promise<Run> {
  const latenciesMs: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await timed(send, next++, latenciesMs);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
  return { count, elapsedMs: performance.now() - began, latenciesMs };
}

/** Starts `count` messages at a steady rate. One that is slow holds up none that follows. */
export async function atRate(count: number, perSecond: number, send: Send): Promise<Run> {
  const latenciesMs: number[] = [];
  const began = performance.now();
  const sending: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const waitMs = began + (n * 1000) / perSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const sent = timed(send, n, latenciesMs);
    // Looked at below; until then a failure must not count as unhandled.
    sent.catch(() => undefined);
    sending.push(sent);
  }
  await Promise.all(sending);
  return { count, elapsedMs: performance.now() - began, latenciesMs };
}

/** Messages a second. */
export function rateOf(run: Run): number {
  return (run.count * 1000) / run.elapsedMs;
}

/** The value below which a share (0 to 1) of the values lies: the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
