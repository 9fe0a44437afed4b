/** How the process itself is doing: event loop, memory, garbage collection, what it holds open. */
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay, performance, PerformanceObserver, type EventLoopUtilization } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import type { ProcessFigures } from "../rpc/contract.gen.js";

const RESOLUTION_MS = 20;

const NS_PER_MS = 1e6;

/** How late the event loop was, in milliseconds with fractions. */
export interface Delay {
  p50: number;
  p99: number;
  max: number;
}

/** A part of the JavaScript heap. */
export interface HeapSpace {
  name: string;
  usedBytes: number;
  totalBytes: number;
}

/** The event loop as one of several askers sees it: each since it asked last. */
export class LoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #before: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.#delay.enable();
  }

  /** Delay and busy share since the last call. */
  take(): { delay: Delay; utilization: number } {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#before);
    this.#before = now;
    // The histogram holds the time between two of its own ticks, so what is beyond one tick is delay. Nothing in it: not a tick was due.
    const late = (ns: number): number => (this.#delay.count === 0 ? 0 : Math.max(0, Math.round((ns / NS_PER_MS - RESOLUTION_MS) * 100) / 100));
    const delay = { p50: late(this.#delay.percentile(50)), p99: late(this.#delay.percentile(99)), max: late(this.#delay.max) };
    this.#delay.reset();
    return { delay, utilization: Math.min(1, Math.max(0, Number.isFinite(utilization) ? utilization : 0)) };
  }

  stop(): void {
    this.#delay.disable();
  }
}

export class Engine {
  readonly #collections: PerformanceObserver;
  readonly #memoryLimitBytes: number;
  #gcMs = 0;
  #gcRuns = 0;

  constructor(memoryLimitBytes: number) {
    this.#memoryLimitBytes = memoryLimitBytes;
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        this.#gcMs += duration;
        this.#gcRuns += 1;
      }
    });
    this.#collections.observe({ entryTypes: ["gc"] });
  }

  /** @param watch the asker's own look at the event loop. */
  figures(watch: LoopWatch): ProcessFigures {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const { delay, utilization } = watch.take();
    return {
      rssBytes: rss,
      memoryLimitBytes: this.#memoryLimitBytes,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
      cpuMs: Math.round((user + system) / 1000),
      openFiles: openFiles(),
      gcMs: Math.round(this.#gcMs),
      gcRuns: this.#gcRuns,
      eventLoopDelayMs: delay,
      eventLoopUtilization: utilization,
    };
  }

  /** The parts of the heap that hold anything. */
  heapSpaces(): HeapSpace[] {
    return getHeapSpaceStatistics()
      .map(({ space_name, space_used_size, space_size }) => ({ name: space_name, usedBytes: space_used_size, totalBytes: space_size }))
      .filter(({ totalBytes }) => totalBytes > 0);
  }

  /** What keeps the process alive, by kind and number. */
  activeResources(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  stop(): void {
    this.#collections.disconnect();
  }
}

function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
