/**
 * The master key's file, and beside it, during a rotation, the file of the key that follows. Each is written whole
 * and flushed before it counts; which of the two is the master key, the store itself says (master-key.ts).
 */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { EXIT, StartupError } from "../errors.js";

const KEY_BYTES = 32;

/** The key in a text. @throws StartupError when it is not the base64 of 32 bytes. */
export function decodeKey(text: string, origin: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== KEY_BYTES) {
    throw new StartupError(`${origin} must be the base64 of ${KEY_BYTES} random bytes, for example from: openssl rand -base64 32`, EXIT.badConfig);
  }
  return key;
}

export class KeyFile {
  readonly path: string;
  readonly #nextPath: string;

  constructor(path: string) {
    this.path = path;
    this.#nextPath = `${path}.next`;
  }

  /** Undefined when there is none. @throws StartupError when others can read it or it holds no key. */
  read(): Buffer | undefined {
    return readKey(this.path);
  }

  /** The key a rotation was about to bring in; undefined when none was under way. @throws StartupError */
  readNext(): Buffer | undefined {
    return readKey(this.#nextPath);
  }

  /** Writes a new key. @throws Error when the file is there already or the disk fails. */
  create(): Buffer {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    return writeKey(this.path);
  }

  /** Writes the key that is to follow beside the present one. @throws Error when the disk fails. */
  createNext(): Buffer {
    this.discardNext();
    return writeKey(this.#nextPath);
  }

  /** The key that was to follow is the master key now. */
  promoteNext(): void {
    renameSync(this.#nextPath, this.path);
    flushDirectory(this.path);
  }

  discardNext(): void {
    rmSync(this.#nextPath, { force: true });
    flushDirectory(this.path);
  }
}

function readKey(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new StartupError(`The master key ${path} can be read by other users. Run: chmod 600 ${path}`, EXIT.badConfig);
  }
  const text = readFileSync(path, "utf8");
  // A key that was to follow may have been cut off while it was written; nothing was wrapped with it then.
  if (path.endsWith(".next") && Buffer.from(text.trim(), "base64").length !== KEY_BYTES) return undefined;
  return decodeKey(text, `The master key file ${path}`);
}

function writeKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, `${key.toString("base64")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  flushDirectory(path);
  return key;
}

function flushDirectory(path: string): void {
  const directory = openSync(dirname(path), "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
