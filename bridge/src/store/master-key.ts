/**
 * Finds the master key: `MASTER_KEY`, or a file that is made on the first start. The store names the key it is
 * sealed with, so every way a rotation can be cut short is told apart when it is opened. A store that was sealed with
 * another key refuses to start, because going on would look like every tenant having logged out.
 */
import { BridgeError, EXIT, StartupError } from "../errors.js";
import { emptyLog, readMeta, writeMeta, type Database } from "./database.js";
import { decodeKey, KeyFile } from "./key-file.js";
import { masterKeyId, Vaults, WHOLE_TENANT } from "./seal.js";
import type { Writer } from "./writer.js";

/** Where the master key comes from. */
export interface KeySource {
  masterKeyPath: string;
  /** The value of MASTER_KEY, when it is set. */
  masterKey: string | undefined;
  /** The value of MASTER_KEY_PREVIOUS: what the store was sealed with before. */
  masterKeyPrevious: string | undefined;
}

const KEY_ID = "master_key_id";

/**
 * The vaults of this store. Finishes a rotation that was cut short, and wraps every key anew when the store was sealed
 * with MASTER_KEY_PREVIOUS.
 * @throws StartupError when the key is missing, unusable or not the one this store was sealed with.
 */
export function openVaults(db: Database, source: KeySource): Vaults {
  const sealedWith = readMeta(db, KEY_ID);
  const previous = source.masterKeyPrevious === undefined ? undefined : new Vaults(decodeKey(source.masterKeyPrevious, "MASTER_KEY_PREVIOUS"));
  const vaults = new Vaults(presentKey(source, sealedWith, previous));
  if (sealedWith === undefined) writeMeta(db, KEY_ID, vaults.keyId);
  else if (sealedWith !== vaults.keyId) {
    if (previous?.keyId !== sealedWith) {
      throw new StartupError("The store was sealed with another master key. Set MASTER_KEY, or the master key file, to the one it was made with; when you are changing it, put the old one into MASTER_KEY_PREVIOUS.", EXIT.badConfig);
    }
    db.transaction(() => rewrapAll(db, previous, vaults)).immediate();
    emptyLog(db);
  }
  return vaults;
}

/** The key new things are to be wrapped with. */
function presentKey(source: KeySource, sealedWith: string | undefined, previous: Vaults | undefined): Buffer {
  if (source.masterKey !== undefined) return decodeKey(source.masterKey, "MASTER_KEY");
  const file = new KeyFile(source.masterKeyPath);
  const next = file.readNext();
  if (next !== undefined && sealedWith === masterKeyId(next)) {
    // The rotation was on disk, only the file was not changed over yet.
    file.promoteNext();
    return next;
  }
  const key = file.read();
  // A rotation that never came to its end; kept while it might still be the only key there is.
  if (next !== undefined && key !== undefined && sealedWith === masterKeyId(key)) file.discardNext();
  if (key !== undefined) return key;
  if (sealedWith === undefined || previous?.keyId === sealedWith) return file.create();
  throw new StartupError(`The store is sealed, but its master key ${file.path} is missing. Put the file back or set MASTER_KEY; without it every tenant has to pair again with a fresh data directory.`, EXIT.badConfig);
}

/**
 * Puts a new master key in the place of the present one, while everything runs. The new key is on disk beside the old
 * one before anything is wrapped with it; all keys are wrapped anew in one transaction, and the file follows it. Killed
 * anywhere in between, the next start finds the key the store names.
 * @returns how many sessions' keys were wrapped anew.
 * @throws BridgeError master_key_in_environment, store_unavailable
 */
export function rotateMasterKey(db: Database, writer: Writer, vaults: Vaults, source: KeySource): { sessions: number } {
  if (source.masterKey !== undefined) throw new BridgeError("master_key_in_environment");
  const file = new KeyFile(source.masterKeyPath);
  let next: Vaults;
  try {
    finishLast(file, vaults);
    next = new Vaults(file.createNext());
  } catch (error) {
    throw new BridgeError("store_unavailable", {}, { cause: error });
  }
  const sessions = writer.now(() => {
    const wrapped = rewrapAll(db, vaults, next);
    writer.afterCommit(() => {
      vaults.become(next);
    });
    return wrapped;
  });
  try {
    file.promoteNext();
  } catch (error) {
    // The keys are safe: the next start finds the new one under its other name.
    throw new BridgeError("store_unavailable", {}, { cause: error });
  }
  emptyLog(db);
  return { sessions };
}

/** A rotation whose file could not follow left the present key under its other name: it must not be written over. */
function finishLast(file: KeyFile, vaults: Vaults): void {
  const left = file.readNext();
  if (left !== undefined && masterKeyId(left) === vaults.keyId) file.promoteNext();
}

/** Wraps every key anew and names the new master key, inside a transaction. */
function rewrapAll(db: Database, from: Vaults, to: Vaults): number {
  const pairings = db.prepare<[], { id: number; tenant_id: string; session_id: string; wrapped_key: Buffer }>("SELECT id, tenant_id, session_id, wrapped_key FROM pairing WHERE wrapped_key IS NOT NULL").all();
  const setPairing = db.prepare("UPDATE pairing SET wrapped_key = ? WHERE id = ?");
  for (const row of pairings) setPairing.run(from.rewrap(row.tenant_id, row.session_id, row.wrapped_key, to), row.id);
  // A store of before the tenants' own keys is brought up to date after its master key is known.
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'tenant'").get() !== undefined) {
    const tenants = db.prepare<[], { tenant_id: string; wrapped_key: Buffer }>("SELECT tenant_id, wrapped_key FROM tenant").all();
    const setTenant = db.prepare("UPDATE tenant SET wrapped_key = ? WHERE tenant_id = ?");
    for (const row of tenants) setTenant.run(from.rewrap(row.tenant_id, WHOLE_TENANT, row.wrapped_key, to), row.tenant_id);
  }
  writeMeta(db, KEY_ID, to.keyId);
  return pairings.length;
}
