/**
 * Copies of the store for backups, made while everything runs. A copy is whole or not there: it is written under
 * another name and takes its own when it is on the disk. What is sealed stays sealed, by the master key of the moment.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { Worker } from "node:worker_threads";
import { BridgeError } from "../errors.js";
import type { BackupAnswer, BackupOrder } from "./backup-worker.js";

/** What was written. */
export interface BackupResult extends BackupAnswer {
  fileName: string;
}

const WORKER = new URL("./backup-worker.js", import.meta.url);

/** Beyond the contract's own limit for the call: a thread that hangs is ended. */
const WITHIN_MS = 59_000;

/** The thread does little, and a small server has little to spare. */
const HEAP_MB = 64;

export class Backups {
  readonly #storePath: string;
  readonly #directory: string;
  #last: Promise<unknown> = Promise.resolve();

  /** @param directory where copies go; absolute, made with mode 0700. */
  constructor(storePath: string, directory: string) {
    this.#storePath = storePath;
    this.#directory = directory;
  }

  /**
   * Writes a copy under a name, in the place of an older one of that name. One at a time: the next waits.
   * @param fileName a name without a path.
   * @throws BridgeError store_unavailable
   */
  async run(fileName: string, signal: AbortSignal): Promise<BackupResult> {
    if (fileName === "" || basename(fileName) !== fileName || fileName.startsWith(".")) throw new BridgeError("invalid_params", { fault: "/fileName is not a name" });
    const turn = this.#last.catch(() => undefined).then(() => this.#copy(fileName, signal));
    this.#last = turn;
    return turn;
  }

  async #copy(fileName: string, signal: AbortSignal): Promise<BackupResult> {
    // No name a caller may give begins with a dot.
    const partial = join(this.#directory, `.${fileName}.partial`);
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      discard(partial);
      closeSync(openSync(partial, "wx", 0o600));
      const answer = await inThread({ storePath: this.#storePath, targetPath: partial }, signal);
      renameSync(partial, join(this.#directory, fileName));
      flush(this.#directory);
      return { fileName, ...answer };
    } catch (error) {
      discard(partial);
      throw new BridgeError("store_unavailable", {}, { cause: error });
    }
  }
}

function inThread(order: BackupOrder, signal: AbortSignal): Promise<BackupAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new Error("nobody waits for this copy any more"));
      return;
    }
    const thread = new Worker(WORKER, { workerData: order, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB }, env: {}, stdout: false });
    const stop = (): void => {
      void thread.terminate();
    };
    const timer = setTimeout(stop, WITHIN_MS);
    signal.addEventListener("abort", stop, { once: true });
    let answer: BackupAnswer | undefined;
    thread.once("message", (message: BackupAnswer) => {
      answer = message;
    });
    thread.once("error", reject);
    thread.once("exit", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      if (answer === undefined) reject(new Error("the thread that copies the store ended early"));
      else resolve(answer);
    });
  });
}

function discard(path: string): void {
  for (const name of [path, `${path}-journal`, `${path}-wal`, `${path}-shm`]) if (existsSync(name)) rmSync(name, { force: true });
}

function flush(directory: string): void {
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
