/**
 * Writes a copy of the store in a thread of its own, so that the event loop of the bridge goes on. `VACUUM INTO`
 * reads one moment of the store while others write, and leaves out what was deleted. See backup.ts.
 */
import { closeSync, fsyncSync, openSync, statSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { markCopy } from "./ownership.js";
import { readMeta } from "./database.js";

/** What the thread is started with. Absolute file names; the target exists and is empty. */
export interface BackupOrder {
  storePath: string;
  targetPath: string;
}

/** What it answers. */
export interface BackupAnswer {
  sizeBytes: number;
  sessions: number;
  journalId: string;
  headPosition: number;
}

/** How long another connection may hold the store locked. Readers of a write-ahead log wait for nobody, in truth. */
const BUSY_MS = 5000;

function copy({ storePath, targetPath }: BackupOrder): BackupAnswer {
  const source = new Sqlite(storePath, { timeout: BUSY_MS, fileMustExist: true });
  try {
    source.prepare("VACUUM INTO ?").run(targetPath);
  } finally {
    source.close();
  }
  const target = new Sqlite(targetPath, { fileMustExist: true });
  let answer: Omit<BackupAnswer, "sizeBytes">;
  try {
    // The copy is one file, without a log beside it.
    target.pragma("journal_mode = DELETE");
    markCopy(target, Date.now());
    const { sessions } = target.prepare<[], { sessions: number }>("SELECT COUNT(*) AS sessions FROM session").get() ?? { sessions: 0 };
    const head = target.prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'event'").get()?.seq ?? 0;
    answer = { sessions, journalId: readMeta(target, "journal_id") ?? "", headPosition: head };
  } finally {
    target.close();
  }
  const file = openSync(targetPath, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { ...answer, sizeBytes: statSync(targetPath).size };
}

parentPort?.postMessage(copy(workerData as BackupOrder));
