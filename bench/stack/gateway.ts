/**
 * The whole gateway as users run it, with the sandbox, in a folder and on ports of its own: `scripts/run --sandbox`
 * with real supervisord, Valkey, bridge and control. Gone without a trace when it is stopped.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "../wait.js";
import { Rest } from "./rest.js";
import { Rpc } from "./rpc.js";
import { Sandbox } from "./sandbox.js";

/** The project's folder: this file runs as build/bench/stack/gateway.js. */
const ROOT = new URL("../../../", import.meta.url).pathname;

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 40_000;
const QR_WAIT_MS = 30_000;

/** The processes whose processor time is shown. */
const PROGRAMS = ["bridge", "control", "redis", "sandbox"] as const;

const run = promisify(execFile);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

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
    // Short, because Unix sockets live below it.
    const directory = mkdtempSync(join(tmpdir(), "wagb-"));
    const [port, sandboxPort] = [await freePort(), await freePort()];
    const apiKey = randomBytes(24).toString("hex");
    const environment = {
      ...process.env,
      DATA_DIR: directory,
      RUN_DIR: join(directory, "run"),
      HOST: "127.0.0.1",
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      // A ledger of every stanza would be most of what the sandbox's memory and collector are busy with.
      SANDBOX_LEDGER_ENTRIES: "1000",
      API_KEY: apiKey,
      SEND_PROFILE: "unpaced",
      LOG_LEVEL: "info",
      // What the shell or .env says of another installation.
      ...Object.fromEntries(["REDIS_URL", "WEBHOOK_URL", "LOCAI_WEBHOOK_URL", "MASTER_KEY", "LOGS", "BRIDGE_SOCKET"].map((name) => [name, ""])),
      ...more,
    };
    const output = join(directory, "run.out");
    const file = openSync(output, "a");
    const child = spawn(join(ROOT, "scripts/run"), ["--sandbox", "--no-pair"], { cwd: ROOT, env: environment, stdio: ["ignore", file, file] });
    const url = `http://127.0.0.1:${port}`;
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
    const started = await this.#admin.call("POST", `/api/v1/sessions/${tenant}/start`, body);
    // On a busy machine the code may take longer than a request waits.
    if (started.status !== 200 && started.body["code"] !== "qr_code_not_ready") throw new Error(`start was answered ${started.status} ${String(started.body["code"])}`);
    const qr = await waitFor("a QR code", async () => {
      const { body } = await this.#admin.call("GET", `/api/v1/sessions/${tenant}/status`);
      return typeof body["qr"] === "string" ? body["qr"] : undefined;
    }, QR_WAIT_MS);
    await this.sandbox.scan(qr, number);
    await this.#connected(tenant, true);
  }

  /** Ends a tenant's connection; it stays linked. */
  async disconnect(tenant: string): Promise<void> {
    const { status, body } = await this.#admin.call("POST", `/api/v1/sessions/${tenant}/stop`);
    if (status !== 200) throw new Error(`stop was answered ${status} ${String(body["code"])}`);
    await this.#connected(tenant, false);
  }

  /** Connects a linked tenant again. */
  async reconnect(tenant: string): Promise<void> {
    const { status, body } = await this.#admin.call("POST", `/api/v1/sessions/${tenant}/start`);
    if (status !== 200) throw new Error(`start was answered ${status} ${String(body["code"])}`);
    await this.#connected(tenant, true);
  }

  async #connected(tenant: string, wanted: boolean): Promise<void> {
    const what = `the session to be ${wanted ? "connected" : "disconnected"}`;
    await waitFor(what, async () => (await this.#admin.call("GET", `/api/v1/sessions/${tenant}/status`)).body["connected"] === wanted);
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
