import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Admin } from "./admin.js";

const MAIN = fileURLToPath(new URL("../../../../bridge/sandbox/main.js", import.meta.url));

/** Runs the sandbox's own entry point to its end and returns exit code and output. */
export async function runMain(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(args, env);
  const output = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => { output.stdout += chunk.toString(); });
  child.stderr?.on("data", (chunk: Buffer) => { output.stderr += chunk.toString(); });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}

function start(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", MAIN, ...args], { env: { ...process.env, SANDBOX_PORT: "0", ...env } });
}

/** A sandbox in a process of its own. */
export class SandboxProcess {
  private static readonly running = new Set<SandboxProcess>();

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly adminUrl: string,
    readonly ca: string,
    readonly rootKey: string,
  ) {}

  static async start(args: string[], env: Record<string, string> = {}): Promise<SandboxProcess> {
    const child = start(args, env);
    if (!child.stdout) throw new Error("no stdout");
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const listening = JSON.parse(line) as { event: string; url: string; adminUrl: string; caFile: string; rootKey: string };
    if (listening.event !== "listening") throw new Error(`unexpected first line: ${line}`);
    const ca = await readFile(listening.caFile, "utf8");
    const started = new SandboxProcess(child, listening.url, listening.adminUrl, ca, listening.rootKey);
    SandboxProcess.running.add(started);
    return started;
  }

  /** Ends what a failed test left running. */
  static async killLeftOvers(): Promise<void> {
    for (const left of [...SandboxProcess.running]) await left.stop("SIGKILL");
  }

  get admin(): Admin {
    return new Admin(this.adminUrl, this.ca);
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** Ends the process and returns exit code and how long it took, in milliseconds. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<{ code: number | null; ms: number }> {
    SandboxProcess.running.delete(this);
    const began = Date.now();
    const closed = once(this.child, "exit") as Promise<[number | null]>;
    this.child.kill(signal);
    const [code] = await closed;
    return { code, ms: Date.now() - began };
  }
}
