/** Measures cases in turns, so that whatever else the machine does meets all of them, and holds each against raw Baileys. */
import { CpuMeter } from "./cpu.js";
import type { Figure } from "./figures.js";
import { median, percentile, rateOf, type Run } from "./load.js";

export interface Case {
  id: string;
  what: string;
  /** Sends a number of messages. */
  run: (count: number) => Promise<Run>;
  /** Messages of one round. */
  count: number;
  /** Processes that work for it, by the name to show. */
  pids: Record<string, number>;
  /** The case of raw Baileys it is held against. */
  raw?: string;
}

/** What a case did in each round. */
interface Rounds {
  rates: number[];
  latenciesMs: number[];
  cpuMs: Record<string, number>[];
}

export type Progress = (line: string) => void;

async function round(measured: Case, rounds: Rounds): Promise<void> {
  const meter = new CpuMeter(measured.pids);
  const run = await measured.run(measured.count);
  rounds.cpuMs.push(meter.perMessage(run.count));
  rounds.rates.push(rateOf(run));
  rounds.latenciesMs.push(...run.latenciesMs);
}

function toFigure({ id, what, pids }: Case, { rates, latenciesMs, cpuMs }: Rounds, raw: Rounds | undefined): Figure {
  return {
    id,
    what,
    value: median(rates),
    unit: "/s",
    // Round by round, because both of a round saw the same machine.
    ...(raw === undefined ? {} : { toRaw: median(rates.map((rate, n) => rate / (raw.rates[n] ?? Number.NaN))) }),
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    cpuMs: Object.fromEntries(Object.keys(pids).map((name) => [name, median(cpuMs.map((each) => each[name] ?? 0))])),
  };
}

/**
 * Runs every case once for each round, after one round that does not count.
 * @param warmUp messages of the round that does not count.
 */
export async function compare(cases: readonly Case[], rounds: number, warmUp: number, progress: Progress): Promise<Figure[]> {
  const results = new Map<string, Rounds>();
  for (const each of cases) {
    await each.run(warmUp);
    results.set(each.id, { rates: [], latenciesMs: [], cpuMs: [] });
  }
  for (let n = 1; n <= rounds; n++) {
    for (const each of cases) {
      const result = results.get(each.id);
      if (result === undefined) continue;
      await round(each, result);
      progress(`${n}/${rounds}  ${each.what}: ${(result.rates.at(-1) ?? 0).toFixed(0)}/s`);
    }
  }
  return cases.flatMap((each) => {
    const result = results.get(each.id);
    return result === undefined ? [] : [toFigure(each, result, each.raw === undefined ? undefined : results.get(each.raw))];
  });
}
