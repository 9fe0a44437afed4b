/**
 * Opens the bridge's one SQLite file: write-ahead log, every commit on the disk before it counts, readable by nobody
 * else. Its shape is `migrate`'s business (migrate.ts).
 */
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import { EXIT, StartupError } from "../errors.js";

export type { Database };

/**
 * Opens the store, making it when it is not there.
 * @param path an absolute file name; its directory is made with mode 0700.
 * @throws StartupError (exit code 74) when the file is damaged or not to be opened.
 */
export function openDatabase(path: string): Database {
  let db: Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite would make the file with the process's umask; its -wal and -shm files copy this mode.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    db = new Sqlite(path, { timeout: 2000 });
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("foreign_keys = ON");
    // Also pages that become free: what a deleted tenant said must not stay in them.
    db.pragma("secure_delete = ON");
    // In KiB because negative: the pages a small server can spare. Reads stay at a few microseconds.
    db.pragma("cache_size = -256");
    return db;
  } catch (error) {
    db?.close();
    throw unusable(path, error);
  }
}

/** Says that a store cannot be used, whatever was thrown; a StartupError says so already. */
export function unusable(path: string, error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new StartupError(`The store ${path} cannot be opened (${detail}). Check the directory's permissions and the disk; restore a backup if the file is damaged.`, EXIT.storeUnusable, { cause: error });
}

/**
 * Moves the write-ahead log into the file and empties it, so that nothing deleted or replaced is left there.
 * @returns false when somebody reads right now, so that it was not emptied.
 */
export function emptyLog(db: Database): boolean {
  const [result] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
  return result?.busy === 0;
}

/** Reads a value of the meta table. */
export function readMeta(db: Database, name: string): string | undefined {
  const row = db.prepare("SELECT value FROM meta WHERE name = ?").get(name) as { value: string } | undefined;
  return row?.value;
}

/** Writes a value of the meta table; call it inside a transaction when it must stand with others. */
export function writeMeta(db: Database, name: string, value: string): void {
  db.prepare("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value").run(name, value);
}
