/** The bare aiohttp server, in a process of its own. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The project's folder: this file runs as build/bench/accepts/bare.js. */
const ROOT = new URL("../../../", import.meta.url).pathname;

export class Bare {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: string) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @throws Error when it ends before it says its port. */
  static async start(): Promise<Bare> {
    const child = spawn(join(ROOT, ".venv/bin/python"), [join(ROOT, "bench/accepts/bare.py")], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    const port = await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code) => {
        reject(new Error(`the bare server ended with ${code ?? "a signal"}`));
      });
    });
    return new Bare(child, port);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await ended;
  }
}
