/**
 * Whether one more session may start: there is a number of them, and there is memory. A session that does not fit is
 * refused with the reason, so that the ones that run are not hurt; those that ran before a restart are never refused.
 */
import { getHeapStatistics } from "node:v8";
import { BridgeError } from "../errors.js";

const MIB = 1024 * 1024;

/** What a session takes while it is being linked, at most: TLS, 812 pre-keys, the first history. */
export const LINKING_BYTES = 3 * MIB;

/** What it takes afterwards: 0.2 to 0.7 MiB, measured. Once it is connected that is in the process's size already. */
export const IDLE_BYTES = 0.7 * MIB;

export interface AdmissionLimits {
  maxSessions: number;
  memoryLimitBytes: number;
  /** How many are linked or connected at the same time; the others wait. */
  maxParallelConnects: number;
}

/** Memory in use: what V8 has taken from the system and does not need at the moment counts as free. */
export function memoryInUse(): number {
  const heap = getHeapStatistics();
  return Math.max(0, process.memoryUsage.rss() - (heap.total_physical_size - heap.used_heap_size));
}

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #inUse: () => number;

  constructor(limits: AdmissionLimits, inUse: () => number = memoryInUse) {
    this.#limits = limits;
    this.#inUse = inUse;
  }

  get memoryLimitBytes(): number {
    return this.#limits.memoryLimitBytes;
  }

  /** True when so many bytes more fit. */
  fits(bytes: number): boolean {
    return this.#inUse() + bytes <= this.#limits.memoryLimitBytes;
  }

  /**
   * Checks that one more session may start.
   * @param running sessions that run.
   * @param unsettled those of them that are being connected or linked: most of what they will take is still to come.
   * @throws BridgeError session_limit_reached, memory_limit_reached
   */
  check(running: number, unsettled: number): void {
    if (running >= this.#limits.maxSessions) throw new BridgeError("session_limit_reached");
    const coming = unsettled + 1;
    const linking = Math.min(coming, this.#limits.maxParallelConnects);
    if (!this.fits(linking * LINKING_BYTES + (coming - linking) * IDLE_BYTES)) throw new BridgeError("memory_limit_reached");
  }
}
