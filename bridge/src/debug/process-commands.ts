/** process, heap-snapshot. */
import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import { writeHeapSnapshot } from "node:v8";
import type { LoopWatch } from "../figures/engine.js";
import type { Answer, Command } from "./command.js";
import type { DebugDeps } from "./debug-deps.js";
import { newOperatorFile } from "./operator-files.js";
import { duration, list, size, table } from "./table.js";

/** Everything about the process, for a person who looks for a leak or a stall. */
export function processReport(deps: DebugDeps, watch: LoopWatch): Record<string, unknown> {
  const { engine, store, figures } = deps;
  const files = store.depths.files();
  return {
    pid: process.pid,
    uptimeMs: Math.round(process.uptime() * 1000),
    ...engine.figures(watch),
    heapSpaces: engine.heapSpaces(),
    activeResources: engine.activeResources(),
    store: { status: figures.storeStatus, databaseBytes: files.database, logBytes: files.log },
    outbox: figures.outbox(Date.now()),
    journal: figures.journal(Date.now()),
    ...figures.memoryShare(),
  };
}

function show(deps: DebugDeps, watch: LoopWatch): Answer {
  const json = processReport(deps, watch);
  const { delay, utilization } = { delay: json["eventLoopDelayMs"] as { p50: number; p99: number; max: number }, utilization: json["eventLoopUtilization"] as number };
  const bytes = (name: string): string => size(Number(json[name]));
  const store = json["store"] as { status: string; databaseBytes: number; logBytes: number };
  const flat = (value: unknown): string => Object.entries(value as object).map(([name, inner]) => `${name} ${String(inner)}`).join(", ");
  const text = [
    list([
      ["process", `${process.pid}, up for ${duration(Number(json["uptimeMs"]))}, ${duration(Number(json["cpuMs"]))} of processor time`],
      ["memory", `${bytes("rssBytes")} resident, ${bytes("baselineBytes")} of that before the first session; no session is taken above ${bytes("memoryLimitBytes")}`],
      ["heap", `${bytes("heapUsedBytes")} of ${bytes("heapTotalBytes")} in use, ${bytes("externalBytes")} outside`],
      ["collections", `${String(json["gcRuns"])} runs, ${duration(Number(json["gcMs"]))}`],
      ["event loop", `since the last look: busy ${(utilization * 100).toFixed(1)} %, late by ${delay.p50} ms (half), ${delay.p99} ms (worst hundredth), ${delay.max} ms (worst)`],
      ["open files", String(json["openFiles"])],
      ["handles", flat(json["activeResources"])],
      ["store", `${store.status}, ${size(store.databaseBytes)}, log ${size(store.logBytes)}`],
      ["outbox", flat(json["outbox"])],
      ["journal", flat(json["journal"])],
    ]),
    table(["HEAP SPACE", "USED", "SIZE"], deps.engine.heapSpaces().map(({ name, usedBytes, totalBytes }) => [name, size(usedBytes), size(totalBytes)])),
  ];
  return { text: text.join("\n"), json };
}

function snapshot(deps: DebugDeps): Answer {
  const { heapTotal } = process.memoryUsage();
  const path = newOperatorFile(deps.config.debugDir, "heap", "heapsnapshot", 3 * heapTotal);
  // Made first, so that nobody else could read it for a moment.
  closeSync(openSync(path, "wx", 0o600));
  chmodSync(path, 0o600);
  const beganMs = performance.now();
  writeHeapSnapshot(path);
  const tookMs = Math.round(performance.now() - beganMs);
  const bytes = statSync(path).size;
  deps.log.warn({ ms: tookMs, bytes }, "an operator had a heap snapshot written; everything stood still meanwhile");
  return {
    text: `${path}: ${size(bytes)}, written in ${duration(tookMs)}, in which everything stood still.\nIt holds keys and messages in the clear: look at it on this machine and delete it.`,
    json: { path, bytes, tookMs },
  };
}

export function processCommands(deps: DebugDeps, watch: LoopWatch): Command[] {
  const none = { usage: "", args: { min: 0, max: 0 }, flags: {} };
  return [
    { ...none, name: "process", says: "Memory, heap spaces, event loop, garbage collection, handles, the store's files and queues.", changes: false, run: () => show(deps, watch) },
    { ...none, name: "heap-snapshot", says: "Writes the JavaScript heap to a file in DATA_DIR/debug. Everything stands still meanwhile, and keys and messages are in it.", changes: true, run: () => snapshot(deps) },
  ];
}
