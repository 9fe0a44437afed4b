/**
 * The one way to write to the store. Everything that is asked for in the same turn of the event loop shares
 * one transaction, everything committed while the disk syncs shares the next sync, and each piece of work stands or
 * falls alone.
 *
 * When a call returns (`now`) or its promise resolves (`soon`), the work is on disk.
 */
import type { Database } from "better-sqlite3";
import { BridgeError } from "../errors.js";
import { DurableLog } from "./durable-log.js";

interface Job {
  work: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

/** Work that ran in one transaction, and what it wants done once that is on disk. */
interface Batch {
  jobs: readonly Job[];
  outcomes: readonly Outcome[];
  callbacks: readonly (() => void)[];
  /** Why the transaction failed as a whole. */
  fault: BridgeError | undefined;
}

/** How long work waits for other work to be written with. */
const ASIDE_MS = 5;

/** Errors of the disk, not of the work: SQLite's result code names, see sqlite.org/rescode.html. */
const DISK_FAULTS = ["SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_NOMEM", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_PERM", "SQLITE_PROTOCOL"];

function isDiskFault(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && DISK_FAULTS.some((fault) => code.startsWith(fault));
}

function storeUnavailable(cause: unknown): BridgeError {
  return new BridgeError("store_unavailable", {}, { cause });
}

function valueOf(outcome: Outcome | undefined): unknown {
  if (outcome === undefined) throw new Error("a piece of work was not told what became of it");
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

/** One callback that fails must not keep the others from being told; it fails the process as any other error nobody expected. */
function run(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}

export class Writer {
  readonly #db: Database;
  readonly #log: Pick<DurableLog, "sync" | "syncNow" | "close">;
  readonly #begin;
  readonly #commit;
  readonly #rollback;
  readonly #savepoint;
  readonly #release;
  readonly #undo;
  readonly #touch;
  #queue: Job[] = [];
  #aside: NodeJS.Timeout | undefined;
  /** Committed and not yet known to be on disk, in the order of their commits. */
  #unsynced: Batch[] = [];
  #syncing = false;
  #scheduled = false;
  #running = false;
  #closed = false;
  #failing = false;
  #afterCommit: (() => void)[] = [];

  /** @param log for tests: how commits are made durable. */
  constructor(db: Database, log: Pick<DurableLog, "sync" | "syncNow" | "close"> = new DurableLog(db)) {
    this.#db = db;
    this.#log = log;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
    this.#savepoint = db.prepare("SAVEPOINT job");
    this.#release = db.prepare("RELEASE job");
    this.#undo = db.prepare("ROLLBACK TO job");
    this.#touch = db.prepare("INSERT INTO meta (name, value) VALUES ('probe', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  }

  /** Pieces of work that are not on the disk yet. */
  get pending(): number {
    return this.#unsynced.reduce((sum, { jobs }) => sum + jobs.length, this.#queue.length);
  }

  /** True from a write that failed on the disk until a write succeeds again. */
  get failing(): boolean {
    return this.#failing;
  }

  /**
   * Writes at once, together with what is waiting.
   * @throws BridgeError store_unavailable when the disk fails; whatever the work throws otherwise.
   */
  now<T>(work: () => T): T {
    // Inside another piece of work this one belongs to the same transaction already.
    if (this.#running) return work();
    let outcome: Outcome | undefined;
    const job: Job = {
      work,
      resolve: (value) => (outcome = { ok: true, value }),
      reject: (error) => (outcome = { ok: false, error }),
    };
    this.#unsynced.push(this.#commitAll([...this.#takeQueue(), job]));
    this.#syncNow();
    return valueOf(outcome) as T;
  }

  /** Writes at the end of this turn of the event loop, in one transaction with everything else asked for until then. */
  soon<T>(work: () => T): Promise<T> {
    const written = this.#enqueue(work);
    if (!this.#scheduled && this.#queue.length > 0) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
    return written;
  }

  /** Writes with whatever is written next, in the order of the calls, or after 5 ms: for what nobody waits for. */
  aside<T>(work: () => T): Promise<T> {
    const written = this.#enqueue(work);
    if (!this.#scheduled && this.#queue.length > 0) {
      this.#aside ??= setTimeout(() => {
        this.flush();
      }, ASIDE_MS);
    }
    return written;
  }

  /** Commits what waits; it is told once it is on disk. */
  flush(): void {
    if (this.#queue.length === 0) return;
    this.#unsynced.push(this.#commitAll(this.#takeQueue()));
    if (!this.#syncing) void this.#sync();
  }

  /** Call inside a piece of work: runs once that work is on disk, and never when it is not. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback);
  }

  /** Tries a small write when the last one failed, so that a disk that came back is noticed without traffic. */
  probe(): boolean {
    if (!this.#failing) return true;
    try {
      this.now(() => this.#touch.run(String(Date.now())));
    } catch {
      return false;
    }
    return true;
  }

  /** Writes what waits and takes nothing more. */
  close(): void {
    if (this.#queue.length > 0) this.#unsynced.push(this.#commitAll(this.#takeQueue()));
    this.#syncNow();
    this.#closed = true;
    this.#log.close();
  }

  #enqueue<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(storeUnavailable(new Error("the store is closed")));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #takeQueue(): Job[] {
    clearTimeout(this.#aside);
    this.#aside = undefined;
    return this.#queue.splice(0);
  }

  /** Syncs until nothing is left to sync. Batches that a `now` settled meanwhile are gone from the list. */
  async #sync(): Promise<void> {
    this.#syncing = true;
    while (this.#unsynced.length > 0) {
      const covered = new Set(this.#unsynced);
      let fault: BridgeError | undefined;
      try {
        await this.#log.sync();
      } catch (error) {
        fault = storeUnavailable(error);
      }
      const done = this.#unsynced.filter((batch) => covered.has(batch));
      this.#unsynced = this.#unsynced.filter((batch) => !covered.has(batch));
      this.#settle(done, fault);
    }
    this.#syncing = false;
  }

  #syncNow(): void {
    const batches = this.#unsynced.splice(0);
    let fault: BridgeError | undefined;
    try {
      if (batches.some((batch) => batch.fault === undefined)) this.#log.syncNow();
    } catch (error) {
      fault = storeUnavailable(error);
    }
    this.#settle(batches, fault);
  }

  /** Tells those who wait, in the order of the commits. @param unsynced why the disk did not sync, if it did not. */
  #settle(batches: readonly Batch[], unsynced: BridgeError | undefined): void {
    for (const { jobs, outcomes, callbacks, fault = unsynced } of batches) {
      this.#failing = fault !== undefined;
      jobs.forEach((job, index) => {
        const outcome = outcomes[index];
        if (fault !== undefined || outcome === undefined) job.reject(fault);
        else if (outcome.ok) job.resolve(outcome.value);
        else job.reject(outcome.error);
      });
      if (fault === undefined) for (const callback of callbacks) run(callback);
    }
  }

  #commitAll(jobs: readonly Job[]): Batch {
    const outcomes: Outcome[] = [];
    this.#afterCommit = [];
    this.#running = true;
    let fault: BridgeError | undefined;
    try {
      if (this.#closed) throw new Error("the store is closed");
      this.#begin.run();
      for (const job of jobs) outcomes.push(this.#runOne(job));
      this.#commit.run();
    } catch (error) {
      fault = storeUnavailable(error);
      // Some faults have already rolled the transaction back: sqlite.org/lang_transaction.html.
      if (this.#db.inTransaction) this.#rollback.run();
    } finally {
      this.#running = false;
    }
    return { jobs, outcomes, callbacks: this.#afterCommit.splice(0), fault };
  }

  #runOne(job: Job): Outcome {
    const callbacks = this.#afterCommit.length;
    this.#savepoint.run();
    try {
      const value = job.work();
      this.#release.run();
      return { ok: true, value };
    } catch (error) {
      if (isDiskFault(error) || !this.#db.inTransaction) throw error;
      this.#undo.run();
      this.#release.run();
      this.#afterCommit.length = callbacks;
      return { ok: false, error };
    }
  }
}
