/**
 * The whole gateway as users run it, with the sandbox, in a folder and on ports of its own: `scripts/run --sandbox`
 * with real supervisord, Valkey, bridge and control. Gone without a trace when it is stopped.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "../wait.js";
import { newInstallation, ROOT } from "./installation.js";
import { connected, link } from "./linking.js";
import { Rest } from "./rest.js";
import { Rpc } from "./rpc.js";
import { Sandbox } from "./sandbox.js";

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 40_000;

/** The processes whose processor time is shown. */
const PROGRAMS = ["bridge", "control", "redis", "sandbox"] as const;

const run = promisify(execFile);

export class Gateway {
  /** Everything is written below it. */
  readonly directory: string;
  readonly sandbox: Sandbox;
  readonly pids: Readonly<Record<string, number>>;
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #apiKey: string;
  readonly #admin: Rest;

  private constructor(started: { directory: string; child: ChildProcess; url: string; apiKey: string; admin: Rest; sandboxPort: number; pids: Record<string, number> }) {
    this.directory = started.directory;
    this.pids = started.pids;
    this.#child = started.child;
    this.#url = started.url;
    this.#apiKey = started.apiKey;
    this.#admin = started.admin;
    const state = join(started.directory, "sandbox");
    this.sandbox = new Sandbox(started.sandboxPort, readFileSync(join(state, "ca.pem"), "utf8"), readFileSync(join(state, "root-key.hex"), "utf8").trim());
  }

  /**
   * Starts everything and waits until the API is ready.
   * @param more settings beside the usual ones.
   * @throws Error with the end of what was printed.
   */
  static async start(more: Record<string, string> = {}): Promise<Gateway> {
    const { directory, url, sandboxPort, apiKey, environment } = await newInstallation(more);
    const output = join(directory, "run.out");
    const file = openSync(output, "a");
    const child = spawn(join(ROOT, "scripts/run"), ["--sandbox", "--no-pair"], { cwd: ROOT, env: environment, stdio: ["ignore", file, file] });
    const admin = new Rest(url, apiKey, 4);
    try {
      await waitFor(
        "the gateway to be ready",
        async () => {
          if (child.exitCode !== null) throw new Error(`scripts/run ended with ${child.exitCode}`);
          return (await admin.call("GET", "/health/ready").catch(() => undefined))?.status === 200;
        },
        START_TIMEOUT_MS,
      );
      const pids: Record<string, number> = {};
      for (const program of PROGRAMS) {
        const { stdout } = await run(join(ROOT, "scripts/ctl"), ["pid", program], { env: environment });
        pids[program] = Number(stdout.trim());
      }
      return new Gateway({ directory, child, url, apiKey, admin, sandboxPort, pids });
    } catch (error) {
      const said = readFileSync(output, "utf8").split("\n").slice(-20).join("\n");
      await admin.close();
      await stop(child, directory);
      throw new Error(`the gateway did not start\n${said}`, { cause: error });
    }
  }

  /** A client of its own for a load, with the operator's key unless another one is given. */
  rest(connections: number, apiKey = this.#apiKey): Rest {
    return new Rest(this.#url, apiKey, connections);
  }

  rpc(): Promise<Rpc> {
    return Rpc.open(join(this.directory, "run", "bridge.sock"));
  }

  /**
   * Links a tenant to a number (E.164) and waits until it is connected.
   * @param body of the start, such as its webhook.
   */
  async link(tenant: string, number: string, body?: unknown): Promise<void> {
    await link(this.#admin, this.sandbox, tenant, number, body);
  }

  /**
   * Lets somebody (E.164) write to a linked tenant first, and waits until the tenant knows. A chat that was begun by the other is
   * what the profile without pacing is for: of first messages to strangers WhatsApp allows a number of so many only.
   */
  async greeted(tenant: string, number: string, by: string): Promise<void> {
    const messageId = await this.sandbox.say(by, number, "hello");
    await waitFor(`${tenant} to be greeted`, async () => {
      const { body } = await this.#admin.call("GET", `/api/v1/events/${tenant}?limit=200`);
      const events = (body["events"] ?? []) as { event: string; data: { messageId?: string } }[];
      return events.some(({ event, data }) => event === "message" && data.messageId === messageId);
    });
  }

  /** Ends a tenant's connection; it stays linked. */
  async disconnect(tenant: string): Promise<void> {
    const { status, body } = await this.#admin.call("POST", `/api/v1/sessions/${tenant}/stop`);
    if (status !== 200) throw new Error(`stop was answered ${status} ${String(body["code"])}`);
    await connected(this.#admin, tenant, false);
  }

  /** Connects a linked tenant again. */
  async reconnect(tenant: string): Promise<void> {
    const { status, body } = await this.#admin.call("POST", `/api/v1/sessions/${tenant}/start`);
    if (status !== 200) throw new Error(`start was answered ${status} ${String(body["code"])}`);
    await connected(this.#admin, tenant, true);
  }

  /** Ends every process and removes the folder. */
  async stop(): Promise<void> {
    await this.#admin.close();
    await this.sandbox.close();
    await stop(this.#child, this.directory);
  }
}

async function stop(child: ChildProcess, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
  rmSync(directory, { recursive: true, force: true });
}
