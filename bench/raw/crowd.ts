/** As many raw Baileys clients in one process as wanted, each linked to a number of its own (crowd-worker.ts). */
import { fork, type ChildProcess } from "node:child_process";
import type { Sandbox } from "../stack/sandbox.js";
import type { AddClient, CrowdSaid } from "./crowd-worker.js";

const LINK_TIMEOUT_MS = 60_000;

export class RawCrowd {
  readonly #child: ChildProcess;
  readonly #sandbox: Sandbox;
  #count = 0;

  /** Starts the process; nobody is in it yet. @param options of Node. */
  constructor(sandbox: Sandbox, options: readonly string[]) {
    this.#child = fork(new URL("./crowd-worker.js", import.meta.url), { execArgv: [...options] });
    // One for each client that is being linked.
    this.#child.setMaxListeners(0);
    this.#sandbox = sandbox;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Links one more client to a number (E.164). @throws Error when that fails. */
  async link(number: string): Promise<void> {
    const n = this.#count++;
    await new Promise<void>((resolve, reject) => {
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
      const onExit = (): void => {
        fail("its process ended");
      };
      let scanned = false;
      const onMessage = (message: unknown): void => {
        const said = message as CrowdSaid;
        if (said.n !== n) return;
        if (said.said === "failed") fail(said.reason);
        else if (said.said === "open") settle(resolve);
        else if (!scanned) {
          scanned = true;
          this.#sandbox.scan(said.qr, number).catch((error: unknown) => {
            fail(error instanceof Error ? error.message : String(error));
          });
        }
      };
      const timer = setTimeout(() => {
        fail(`not connected in ${LINK_TIMEOUT_MS} ms`);
      }, LINK_TIMEOUT_MS);
      this.#child.on("message", onMessage);
      this.#child.on("exit", onExit);
      const { url, ca, rootKey } = this.#sandbox;
      this.#child.send({ n, url, ca, rootKey } satisfies AddClient);
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.disconnect();
    await ended;
  }
}
