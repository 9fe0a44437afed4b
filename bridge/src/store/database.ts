/**
 * Opens the bridge's one SQLite file: write-ahead log, every commit on the disk before it counts, readable
 * by nobody else, and brought to the shape this version knows. A file of a newer version is refused.
 */
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import { EXIT, StartupError } from "../errors.js";
import { MIGRATIONS } from "./migrations.js";

export type { Database };

/**
 * Opens the store, making it when it is not there.
 * @param path an absolute file name; its directory is made with mode 0700.
 * @throws StartupError (exit code 74) when the file is newer than this program, damaged or not to be opened.
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
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof StartupError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new StartupError(`The store ${path} cannot be opened (${detail}). Check the directory's permissions and the disk; restore a backup if the file is damaged.`, EXIT.storeUnusable, { cause: error });
  }
}

function migrate(db: Database, path: string): void {
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new StartupError(
      `The store ${path} was written by a newer version of this program (its schema is ${version}, this program knows ${MIGRATIONS.length}). Run the newer version, or restore a backup made before the upgrade.`,
      EXIT.storeUnusable,
    );
  }
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(step);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
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
