/**
 * Finds the master key: `MASTER_KEY`, or a file that is made on the first start. A store that was sealed with
 * another key refuses to start, because going on would look like every tenant having logged out.
 */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { EXIT, StartupError } from "../errors.js";
import { readMeta, writeMeta, type Database } from "./database.js";
import { Vaults } from "./seal.js";

const KEY_BYTES = 32;

function decode(text: string, origin: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== KEY_BYTES) {
    throw new StartupError(`${origin} must be the base64 of ${KEY_BYTES} random bytes, for example from: openssl rand -base64 32`, EXIT.badConfig);
  }
  return key;
}

function readFile(path: string): Buffer {
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new StartupError(`The master key ${path} can be read by other users. Run: chmod 600 ${path}`, EXIT.badConfig);
  }
  return decode(readFileSync(path, "utf8"), `The master key file ${path}`);
}

function createFile(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "wx", 0o600);
  writeSync(file, `${key.toString("base64")}\n`);
  fsyncSync(file);
  closeSync(file);
  const directory = openSync(dirname(path), "r");
  fsyncSync(directory);
  closeSync(directory);
  return key;
}

/**
 * The vaults of this store.
 * @param fromEnvironment the value of MASTER_KEY, when it is set.
 * @throws StartupError when the key is missing, unusable or not the one this store was sealed with.
 */
export function openVaults(db: Database, path: string, fromEnvironment: string | undefined): Vaults {
  const sealedWith = readMeta(db, "master_key_id");
  let key: Buffer;
  if (fromEnvironment !== undefined) key = decode(fromEnvironment, "MASTER_KEY");
  else if (existsSync(path)) key = readFile(path);
  else if (sealedWith === undefined) key = createFile(path);
  else {
    throw new StartupError(`The store is sealed, but its master key ${path} is missing. Put the file back or set MASTER_KEY; without it every tenant has to pair again with a fresh data directory.`, EXIT.badConfig);
  }
  const vaults = new Vaults(key);
  if (sealedWith === undefined) writeMeta(db, "master_key_id", vaults.keyId);
  else if (sealedWith !== vaults.keyId) {
    throw new StartupError("The store was sealed with another master key. Set MASTER_KEY, or the master key file, to the one it was made with.", EXIT.badConfig);
  }
  return vaults;
}
