/** Brings a store to the shape this version knows (migrations.ts). A file of a newer version is refused. */
import { EXIT, StartupError } from "../errors.js";
import { emptyLog, unusable, type Database } from "./database.js";
import { MIGRATIONS } from "./migrations.js";
import type { Vaults } from "./seal.js";

function schemaVersion(db: Database): number {
  return db.pragma("user_version", { simple: true }) as number;
}

function refuseNewer(version: number, path: string): void {
  if (version <= MIGRATIONS.length) return;
  throw new StartupError(
    `The store ${path} was written by a newer version of this program (its schema is ${version}, this program knows ${MIGRATIONS.length}). Run the newer version, or restore a backup made before the upgrade.`,
    EXIT.storeUnusable,
  );
}

/**
 * Takes the steps a file has not seen. What they replaced is wiped from the file as well.
 * @param keys opens the master key; called by the first step that needs it, when those before it are done.
 * @throws StartupError (exit code 74) when the file is newer than this program or a step fails; the steps done until
 *   then stay. Whatever `keys` throws.
 */
export function migrate(db: Database, path: string, keys: () => Vaults): void {
  const from = schemaVersion(db);
  refuseNewer(from, path);
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index >= from) take(db, path, index, typeof step === "string" ? () => db.exec(step) : bind(step, db, keys()));
  }
  if (from === 0 || from === MIGRATIONS.length) return;
  db.exec("VACUUM");
  emptyLog(db);
}

function bind(step: (db: Database, vaults: Vaults) => void, db: Database, vaults: Vaults): () => void {
  return () => {
    step(db, vaults);
  };
}

function take(db: Database, path: string, index: number, work: () => void): void {
  try {
    db.transaction(() => {
      work();
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  } catch (error) {
    throw unusable(path, error);
  }
}
