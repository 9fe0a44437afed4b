/**
 * The gateway's own processes (supervisord, Valkey, bridge, control) at a sandbox that is not one of them. Unlike
 * `Gateway` it can be killed and started again on the same folder.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { treeOf } from "../memory.js";
import { waitFor } from "../wait.js";
import { newInstallation, ROOT, type Installation } from "./installation.js";
import { link } from "./linking.js";
import { Rest } from "./rest.js";
import type { Sandbox } from "./sandbox.js";
import { WhatsApp } from "./whatsapp.js";

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 40_000;
/** For a thousand. */
const CONNECTED_TIMEOUT_MS = 5 * 60_000;
const GONE_TIMEOUT_MS = 10_000;

const PROGRAMS = ["redis", "control", "bridge"] as const;
export type Program = (typeof PROGRAMS)[number];

const run = promisify(execFile);

export class Stack {
  readonly sandbox: Sandbox;
  readonly admin: Rest;
  readonly #installation: Installation;
  readonly #whatsapp: WhatsApp;
  #child: ChildProcess | undefined;

  private constructor(installation: Installation, whatsapp: WhatsApp) {
    this.#installation = installation;
    this.#whatsapp = whatsapp;
    this.sandbox = whatsapp.sandbox;
    this.admin = new Rest(installation.url, installation.apiKey, 8);
  }

  /**
   * Starts the sandbox and the gateway, and waits until the API is ready.
   * @param more settings beside the usual ones.
   * @throws Error with the end of what was printed.
   */
  static async start(more: Record<string, string>): Promise<Stack> {
    const installation = await newInstallation(more);
    Object.assign(installation.environment, WhatsApp.settings(installation));
    const stack = new Stack(installation, await WhatsApp.start(installation));
    try {
      stack.serve();
      await stack.ready();
    } catch (error) {
      const said = readFileSync(stack.#output, "utf8").split("\n").slice(-20).join("\n");
      await stack.stop();
      throw new Error(`the gateway did not start\n${said}`, { cause: error });
    }
    return stack;
  }

  /** Where everything is written. */
  get directory(): string {
    return this.#installation.directory;
  }

  /** Starts supervisord and with it everything else; does not wait. */
  serve(): void {
    const file = openSync(this.#output, "a");
    this.#child = spawn(join(ROOT, "bench/stack/serve.sh"), { cwd: ROOT, env: this.#installation.environment, stdio: ["ignore", file, file] });
  }

  /** Waits until the API says that every part works. */
  async ready(): Promise<void> {
    await waitFor(
      "the gateway to be ready",
      async () => {
        if (this.#child?.exitCode !== null) throw new Error(`supervisord ended with ${this.#child?.exitCode ?? "no start"}`);
        return (await this.admin.call("GET", "/health/ready").catch(() => undefined))?.status === 200;
      },
      START_TIMEOUT_MS,
    );
  }

  /** The processes by name; supervisord is one of them. */
  async pids(): Promise<Record<Program | "supervisord", number>> {
    const [redis, control, bridge] = await Promise.all(PROGRAMS.map(async (program) => Number((await this.#ctl("pid", program)).trim())));
    return { supervisord: this.#child?.pid ?? 0, redis: redis ?? 0, control: control ?? 0, bridge: bridge ?? 0 };
  }

  /** Restarts a program as operators do. */
  async restart(program: Program): Promise<void> {
    await this.#ctl("restart", program);
  }

  /** Kills every process of the gateway with kill -9, supervisord first, so that it starts nothing any more. */
  async killAll(): Promise<void> {
    const root = this.#child?.pid;
    if (root === undefined) return;
    const all = treeOf(root);
    for (const pid of all) kill(pid);
    await waitFor("the processes to be gone", () => all.every((pid) => !isRunning(pid)), GONE_TIMEOUT_MS);
  }

  async link(tenant: string, number: string): Promise<void> {
    await link(this.admin, this.sandbox, tenant, number);
  }

  /** How many sessions are connected, as the API tells; undefined while it does not. */
  async connected(): Promise<number | undefined> {
    const answer = await this.admin.call("GET", "/health").catch(() => undefined);
    const sessions = answer?.body["sessions"] as Record<string, number> | null | undefined;
    return sessions === null || sessions === undefined ? undefined : (sessions["connected"] ?? 0);
  }

  /** Waits until the API tells that so many sessions are connected. */
  async allConnected(sessions: number): Promise<void> {
    await waitFor(`${sessions} sessions to be connected`, async () => (await this.connected()) === sessions, CONNECTED_TIMEOUT_MS);
  }

  /** Ends every process and removes the folder. */
  async stop(): Promise<void> {
    await this.admin.close();
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    await this.#whatsapp.stop();
    rmSync(this.#installation.directory, { recursive: true, force: true });
  }

  get #output(): string {
    return join(this.#installation.directory, "serve.out");
  }

  async #ctl(...words: string[]): Promise<string> {
    return (await run(join(ROOT, "scripts/ctl"), words, { env: this.#installation.environment })).stdout;
  }
}

/** Something that ended by itself meanwhile is as good. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // A dead one that nobody has asked after has freed everything already.
    return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return false;
  }
}
