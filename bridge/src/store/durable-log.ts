/**
 * Makes commits durable without standing still. SQLite would sync its write-ahead log inside each COMMIT, and nothing
 * else could run meanwhile. Told not to (`synchronous = NORMAL`), it writes the log and leaves the syncing to us, which a
 * thread of the pool does while the next messages are worked on: one sync covers every commit before it. Checkpoints
 * still sync by themselves (sqlite.org/pragma.html#pragma_synchronous).
 *
 * What is committed and not yet synced is seen by readers in this process, so nothing read may be told as durable
 * before the Writer says so.
 */
import { closeSync, fsync, fsyncSync, openSync } from "node:fs";
import type { Database } from "./database.js";

/** Pages (4 KiB) after which a commit moves the log into the file; SQLite's own 1000 did so several times a second. */
const CHECKPOINT_PAGES = 4000;

export class DurableLog {
  readonly #path: string;
  #file: number | undefined;
  #syncing = false;
  #closing = false;

  /** From here on whoever commits must call `sync` or `syncNow` before it tells anybody. */
  constructor(db: Database) {
    this.#path = `${db.name}-wal`;
    db.pragma("synchronous = NORMAL");
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }

  /** Resolves when everything committed before the call is on the disk. One at a time. @throws Error of the disk */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      const file = this.#open();
      this.#syncing = true;
      fsync(file, (error) => {
        this.#syncing = false;
        if (this.#closing) this.#close();
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** The same, standing still. @throws Error of the disk */
  syncNow(): void {
    fsyncSync(this.#open());
  }

  /** Call it when nothing more is to be synced. */
  close(): void {
    this.#closing = true;
    if (!this.#syncing) this.#close();
  }

  /** The file is there from the first commit on, and stays the same one until the database is closed. */
  #open(): number {
    return (this.#file ??= openSync(this.#path, "r"));
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
