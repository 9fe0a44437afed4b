/**
 * Reads the folder of Baileys' `useMultiFileAuthState`: `creds.json` and a file per key, named `{type}-{id}.json` with
 * `/` written as `__` and `:` as `-`. Reads every file or refuses: where Baileys takes a damaged file for none, and so
 * begins anew without a word, a number would be lost here. Changes nothing in the folder.
 */
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { BridgeError } from "../../errors.js";
import { BufferJSON } from "../baileys.js";

/** A key of the folder: `type` and `id` as Baileys asks for it. */
export interface ImportedKey {
  type: string;
  id: string;
  value: unknown;
}

/** What lies in a folder. */
export interface ImportedFolder {
  creds: unknown;
  keys: ImportedKey[];
}

/** Why a folder is refused; stands in the error's `reason`. */
export type ImportFault =
  | "folder_missing"
  | "creds_missing"
  | "file_damaged"
  | "file_unexpected"
  | "too_large"
  | "not_paired"
  | "keys_do_not_match"
  | "signature_wrong"
  | "device_already_here";

const MAX_FILES = 50_000;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

/** Longer names before those they begin with. Baileys' SignalDataTypeMap. */
const TYPES = ["app-state-sync-key", "app-state-sync-version", "sender-key-memory", "sender-key", "identity-key", "device-list", "lid-mapping", "pre-key", "session", "tctoken"] as const;

export function importInvalid(reason: ImportFault, file?: string): BridgeError {
  return new BridgeError("import_invalid", { reason, ...(file === undefined ? {} : { file: file.slice(0, 128) }) });
}

/**
 * Reads everything in a folder of the import directory.
 * @param folder a name without a path.
 * @throws BridgeError import_invalid, with a `reason` and, for a single file's fault, its name.
 */
export async function readFolder(importDir: string, folder: string): Promise<ImportedFolder> {
  if (basename(folder) !== folder || folder.startsWith(".")) throw importInvalid("folder_missing");
  const path = join(importDir, folder);
  const about = await lstat(path).catch(() => undefined);
  if (about?.isDirectory() !== true) throw importInvalid("folder_missing");
  const names = (await readdir(path)).filter((name) => name.endsWith(".json")).sort();
  if (names.length > MAX_FILES) throw importInvalid("too_large");
  if (!names.includes("creds.json")) throw importInvalid("creds_missing");
  const keys: ImportedKey[] = [];
  let creds: unknown;
  let total = 0;
  for (const name of names) {
    const { value, bytes } = await readJson(path, name);
    total += bytes;
    if (total > MAX_TOTAL_BYTES) throw importInvalid("too_large");
    if (name === "creds.json") creds = value;
    else keys.push({ ...nameOf(name), value });
  }
  return { creds, keys };
}

async function readJson(directory: string, name: string): Promise<{ value: unknown; bytes: number }> {
  // Whoever may write here must not make the bridge read something elsewhere, or wait on a pipe.
  const file = await open(join(directory, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) throw importInvalid("file_unexpected", name);
  try {
    const about = await file.stat();
    if (!about.isFile()) throw importInvalid("file_unexpected", name);
    if (about.size > MAX_FILE_BYTES) throw importInvalid("too_large", name);
    const text = await file.readFile("utf8");
    return { value: parse(text, name), bytes: about.size };
  } finally {
    await file.close();
  }
}

/** A file that was cut off while it was written does not parse, or is empty. */
function parse(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text, BufferJSON.reviver) as unknown;
  } catch {
    throw importInvalid("file_damaged", name);
  }
  if (value === null || value === undefined) throw importInvalid("file_damaged", name);
  return value;
}

function nameOf(fileName: string): { type: string; id: string } {
  const stem = fileName.slice(0, -".json".length);
  const type = TYPES.find((each) => stem.startsWith(`${each}-`));
  if (type === undefined || stem.length === type.length + 1) throw importInvalid("file_unexpected", fileName);
  return { type, id: unescape(type, stem.slice(type.length + 1)) };
}

/**
 * Takes back what Baileys did to an id to make a file name of it. The other way is not one to one, but no type's ids
 * hold both what was replaced and what it was replaced by: sync keys are base64, which has no underscore, and a sender key is
 * `group::user::device`, where only `::` can become `--`. The rest has neither slash nor colon.
 */
function unescape(type: string, id: string): string {
  if (type === "app-state-sync-key") return id.replaceAll("__", "/");
  if (type === "sender-key") return id.replaceAll("--", "::");
  return id;
}
