/** Raw Baileys as the benchmark drives it; the work is done in a process of its own (worker.ts). */
import { fork, type ChildProcess } from "node:child_process";
import type { Run } from "../load.js";
import type { Arrival } from "../receives/arrivals.js";
import type { Sandbox } from "../stack/sandbox.js";
import type { Command, Said, SendTexts } from "./protocol.js";

const CONNECT_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 10 * 60_000;

export class Raw {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it and links it to a number (E.164). */
  static async start(sandbox: Sandbox, number: string): Promise<Raw> {
    const raw = new Raw(fork(new URL("./worker.js", import.meta.url), { execArgv: [] }));
    raw.#tell({ command: "connect", url: sandbox.url, ca: sandbox.ca, rootKey: sandbox.rootKey });
    const { qr } = await raw.#hear("qr", CONNECT_TIMEOUT_MS);
    const open = raw.#hear("open", CONNECT_TIMEOUT_MS);
    await Promise.all([sandbox.scan(qr, number), open]);
    return raw;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async send(texts: Omit<SendTexts, "command">): Promise<Run> {
    const sent = this.#hear("sent", RUN_TIMEOUT_MS);
    this.#tell({ command: "send", ...texts });
    return (await sent).run;
  }

  /** The next texts that arrive, with when they did. */
  async receive(count: number, timeoutMs: number): Promise<Arrival[]> {
    const received = this.#hear("received", timeoutMs + CONNECT_TIMEOUT_MS);
    this.#tell({ command: "receive", count, timeoutMs });
    return (await received).arrivals;
  }

  async leave(): Promise<void> {
    const left = this.#hear("left", CONNECT_TIMEOUT_MS);
    this.#tell({ command: "leave" });
    await left;
  }

  async comeBack(): Promise<void> {
    const open = this.#hear("open", CONNECT_TIMEOUT_MS);
    this.#tell({ command: "come back" });
    await open;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.disconnect();
    await ended;
  }

  #tell(command: Command): void {
    this.#child.send(command);
  }

  /** The next thing of a kind it says. @throws Error when it fails or ends before. */
  #hear<K extends Said["said"]>(kind: K, timeoutMs: number): Promise<Extract<Said, { said: K }>> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.#child.off("message", onMessage);
        this.#child.off("exit", onExit);
        finish();
      };
      const fail = (reason: string): void => {
        settle(() => {
          reject(new Error(`raw Baileys: ${reason}`));
        });
      };
      const onMessage = (message: unknown): void => {
        const said = message as Said;
        if (said.said === "failed") fail(said.reason);
        else if (said.said === kind) {
          settle(() => {
            resolve(said as Extract<Said, { said: K }>);
          });
        }
      };
      const onExit = (): void => {
        fail("its process ended");
      };
      const timer = setTimeout(() => {
        fail(`said nothing of "${kind}" in ${timeoutMs} ms`);
      }, timeoutMs);
      this.#child.on("message", onMessage);
      this.#child.on("exit", onExit);
    });
  }
}
