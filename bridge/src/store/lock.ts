/**
 * One bridge per store. The lock is SQLite's own on a file beside the store: the kernel lets it go when the
 * process dies in whatever way, so there is no stale lock to clean up.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { EXIT, StartupError } from "../errors.js";

/**
 * Takes the lock.
 * @returns a function that gives it back.
 * @throws StartupError (exit code 75) when another bridge holds it.
 */
export function lockStore(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  const db = new Sqlite(path, { timeout: 0 });
  try {
    db.pragma("journal_mode = MEMORY");
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    throw new StartupError(`Another bridge is already running on ${dirname(path)}. Two would break the encryption of every session in it; stop the other one first.`, EXIT.anotherBridge, { cause: error });
  }
  return () => {
    db.close();
  };
}
