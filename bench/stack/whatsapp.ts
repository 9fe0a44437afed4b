/** The sandbox in a process of its own, beside the gateway: it goes on when all of that is killed, as WhatsApp does. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ROOT, type Installation } from "./installation.js";
import { Sandbox } from "./sandbox.js";

const PROGRAM = join(ROOT, "build/bridge/sandbox/main.js");

export class WhatsApp {
  readonly sandbox: Sandbox;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, sandbox: Sandbox) {
    this.#child = child;
    this.sandbox = sandbox;
  }

  /** @throws Error when it ends before it listens. */
  static async start({ directory, sandboxPort, environment }: Installation): Promise<WhatsApp> {
    const state = join(directory, "sandbox");
    await promisify(execFile)(process.execPath, [PROGRAM, "--init", "--dir", state], { env: environment });
    // Limits that are set for the gateway are not meant for it.
    const env = { ...environment, SANDBOX_LOG_LEVEL: "warn", NODE_OPTIONS: "" };
    const child = spawn(process.execPath, [PROGRAM, "--dir", state], { env, stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.once("line", () => {
        resolve();
      });
      child.once("error", reject);
      child.once("exit", (code) => {
        reject(new Error(`the sandbox ended with ${code ?? "a signal"}`));
      });
    });
    return new WhatsApp(child, new Sandbox(sandboxPort, readFileSync(join(state, "ca.pem"), "utf8"), readFileSync(join(state, "root-key.hex"), "utf8").trim()));
  }

  /** What tells the gateway where it is. */
  static settings({ directory, sandboxPort }: Installation): Record<string, string> {
    const ca = join(directory, "sandbox/ca.pem");
    return {
      SANDBOX_URL: `wss://127.0.0.1:${sandboxPort}/ws/chat`,
      SANDBOX_CA_FILE: ca,
      SANDBOX_ROOT_KEY_FILE: join(directory, "sandbox/root-key.hex"),
      NODE_EXTRA_CA_CERTS: ca,
    };
  }

  async stop(): Promise<void> {
    await this.sandbox.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
