/** Processor time of other processes, from /proc: what a message costs says more on a busy machine than how long it took. */
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second for every architecture Node runs on (`getconf CLK_TCK`). */
const TICK_MS = 10;

/** Milliseconds of processor time a process has used with all its threads; 0 when there is no such process. */
export function cpuMsOf(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return 0;
  }
  // proc(5): the name in parentheses may hold anything; utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Tells how much processor time each of some processes takes from here on. */
export class CpuMeter {
  readonly #pids: Record<string, number>;
  readonly #began: Record<string, number>;

  /** @param pids by the name to show. */
  constructor(pids: Record<string, number>) {
    this.#pids = pids;
    this.#began = this.#read();
  }

  /** Milliseconds by process, divided by a number of messages. */
  perMessage(count: number): Record<string, number> {
    const now = this.#read();
    return Object.fromEntries(Object.keys(now).map((name) => [name, ((now[name] ?? 0) - (this.#began[name] ?? 0)) / count]));
  }

  #read(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#pids).map(([name, pid]) => [name, cpuMsOf(pid)]));
  }
}
