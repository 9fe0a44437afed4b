/** Bridge and sandbox as processes of their own, as they run in earnest. Ended by the ids they were started with. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { RpcClient } from "./rpc-client.js";
import { waitFor } from "./wait.js";

/** A machine that does much else starts slowly; what is wrong with a bridge shows at once. */
const READY_MS = 30_000;

/** The root of the compiled files. */
const BUILD = new URL("../../../", import.meta.url).pathname;

/** A test that fails in its set-up ends nothing: what it started must not outlive it, nor keep it from ending. */
const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

function owned<T extends ChildProcess>(child: T): T {
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("exit", resolve);
  });
}

/** A running sandbox and its admin interface. */
export class SandboxProcess {
  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
    readonly rootKeyFile: string,
    readonly caFile: string,
    private readonly adminUrl: string,
    private readonly ca: string,
  ) {}

  static async start(directory: string, env: Record<string, string> = {}): Promise<SandboxProcess> {
    const child = owned(spawn(process.execPath, [join(BUILD, "bridge/sandbox/main.js"), "--port", env["SANDBOX_PORT"] ?? "0", "--dir", join(directory, "sandbox")], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { PATH: process.env["PATH"], SANDBOX_LOG_LEVEL: "silent", SANDBOX_RECEIPT_DELAY_MS: "5", ...env },
    }));
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", () => {
        reject(new Error("the sandbox ended at once"));
      });
    });
    const { url, adminUrl, caFile, rootKey } = JSON.parse(line) as { url: string; adminUrl: string; caFile: string; rootKey: string };
    const rootKeyFile = join(directory, "root.key");
    writeFileSync(rootKeyFile, rootKey);
    return new SandboxProcess(child, url, rootKeyFile, caFile, adminUrl, readFileSync(caFile, "utf8"));
  }

  get env(): Record<string, string> {
    return { SANDBOX_URL: this.url, SANDBOX_ROOT_KEY_FILE: this.rootKeyFile, SANDBOX_CA_FILE: this.caFile };
  }

  get port(): string {
    return new URL(this.url).port;
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    await ended(this.child);
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await ended(this.child);
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>("GET", path);
  }

  post<T = Record<string, unknown>>(path: string, body: unknown = {}): Promise<T> {
    return this.#call<T>("POST", path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.#call("DELETE", path);
  }

  /** The mock phone of a number scans a code. */
  async scan(qr: string, number: string, name = "Owner"): Promise<void> {
    await this.post(`/mock-phone/scan-qr?number=${encodeURIComponent(number)}&name=${encodeURIComponent(name)}`, qr);
  }

  async say(contact: string, to: string, text: string): Promise<string> {
    return (await this.post<{ id: string }>(`/contacts/${contact}/say`, { to, text })).id;
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.adminUrl}${path}`, { method, ca: this.ca, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path} → ${response.statusCode ?? 0} ${text}`));
          else resolve(JSON.parse(text) as T);
        });
      });
      sent.on("error", reject);
      sent.end(typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** A bridge process. */
export class BridgeProcess {
  readonly log: Record<string, unknown>[] = [];
  /** Everything it wrote on stderr, where nothing belongs. */
  stderr = "";

  private constructor(
    readonly child: ChildProcess,
    readonly socketPath: string,
  ) {
    if (child.stdout === null) throw new Error("no stdout");
    child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
      process.stderr.write(chunk);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      try {
        this.log.push(JSON.parse(line) as Record<string, unknown>);
      } catch {
        this.log.push({ garbage: line });
      }
    });
  }

  /** Starts a bridge, under another command when one is given, and returns at once; use `started` to wait for it. */
  static spawn(dataDir: string, env: Record<string, string> = {}, under: readonly string[] = []): BridgeProcess {
    const node = [process.execPath, "--enable-source-maps", join(BUILD, "bridge/src/main.js")];
    const [command = process.execPath, ...args] = [...under, ...node] as string[];
    const child = owned(spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], DATA_DIR: dataDir, LOG_LEVEL: process.env["BRIDGE_LOG"] ?? "info", SEND_PROFILE: "unpaced", SEND_RECONNECT_GRACE_SECONDS: "0", OUTBOUND_ALLOW_CIDRS: "127.0.0.0/8", ...env },
    }));
    return new BridgeProcess(child, env["BRIDGE_SOCKET"] ?? join(dataDir, "run", "bridge.sock"));
  }

  static async start(dataDir: string, env: Record<string, string> = {}): Promise<BridgeProcess> {
    const bridge = BridgeProcess.spawn(dataDir, env);
    await bridge.started();
    return bridge;
  }

  async started(): Promise<void> {
    await waitFor("the bridge to be ready", () => {
      if (this.child.exitCode !== null) throw new Error(`the bridge ended: ${JSON.stringify(this.log.at(-1))}`);
      return this.log.some((line) => line["msg"] === "bridge ready");
    }, READY_MS);
  }

  client(): Promise<RpcClient> {
    return RpcClient.open(this.socketPath);
  }

  get isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** How the process ends, when it does by itself. */
  ended(): Promise<number | null> {
    return ended(this.child);
  }

  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    return ended(this.child);
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await ended(this.child);
  }
}
