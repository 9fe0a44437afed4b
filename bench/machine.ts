/** What a figure was measured on: without that it means nothing. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";
import { median } from "./load.js";

export interface Machine {
  cores: number;
  cpu: string;
  memoryMib: number;
  kernel: string;
  node: string;
  /** Load average of the last minute when the run began: others' work falsifies figures. */
  load: number;
  /** Median time of writing 4 KiB durably to the disk the run uses. */
  fsyncMs: number;
}

const SYNCS = 100;

function fsyncMs(directory: string): number {
  const folder = mkdtempSync(join(directory, "fsync-"));
  const file = openSync(join(folder, "probe"), "w");
  const page = Buffer.alloc(4096, 1);
  const times = Array.from({ length: SYNCS }, () => {
    writeSync(file, page);
    const began = performance.now();
    fdatasyncSync(file);
    return performance.now() - began;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return median(times);
}

/** A virtual machine's model is not always told by Node. */
function cpuModel(): string {
  const named = cpus()[0]?.model.trim();
  if (named !== undefined && named !== "" && named !== "unknown") return named;
  return /^model name\s*:\s*(.+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown";
}

/** @param directory where the run writes. */
export function describeMachine(directory: string): Machine {
  return {
    cores: cpus().length,
    cpu: cpuModel(),
    memoryMib: Math.round(totalmem() / 1024 / 1024),
    kernel: release(),
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    fsyncMs: Math.round(fsyncMs(directory) * 1000) / 1000,
  };
}

export function machineLine(machine: Machine): string {
  const { cores, cpu, memoryMib, kernel, node, load, fsyncMs: sync } = machine;
  return `${cores} cores ${cpu}, ${(memoryMib / 1024).toFixed(1)} GiB, Linux ${kernel}, Node ${node}, load ${load}, fsync ${sync} ms`;
}
