/** A bridge that the kernel kills at its n-th durable write: strace delivers SIGKILL as the system call begins. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BridgeProcess } from "../support/processes.js";

/** fsync: what was written is made durable. pwrite64: a page is written, perhaps the one in the middle of a commit. */
export type WriteCall = "fsync" | "pwrite64";

/** Why the campaign cannot run here; undefined when it can. */
export function whyNot(): string | undefined {
  const probe = spawnSync("strace", ["-qq", "-o", "/dev/null", "-e", "trace=fsync", "true"], { timeout: 10_000 });
  return probe.status === 0 ? undefined : "strace is not on this machine or may not trace: the crash campaign cannot run here";
}

/**
 * Starts a bridge that dies at its n-th call of one kind, counted from its start.
 * Its process id is the bridge's own: with -D the tracer is the child, so signals and the end are the bridge's.
 */
export function startVictim(dataDir: string, env: Record<string, string>, call: WriteCall, nth: number): BridgeProcess {
  const trace = ["-D", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${call}`, "-e", `inject=${call}:signal=SIGKILL:when=${nth}`];
  return BridgeProcess.spawn(dataDir, { ...env, BRIDGE_SOCKET: join(dataDir, "run", "bridge.sock") }, ["strace", ...trace]);
}

/** Starts a bridge whose disk takes so long for every sync. */
export function startOnSlowDisk(dataDir: string, env: Record<string, string>, syncMs: number): BridgeProcess {
  const trace = ["-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", `inject=fsync:delay_enter=${syncMs * 1000}`];
  return BridgeProcess.spawn(dataDir, { ...env, BRIDGE_SOCKET: join(dataDir, "run", "bridge.sock") }, ["strace", ...trace]);
}
