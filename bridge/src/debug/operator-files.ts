/** The folder for what operators have written: files only the owner can read, and no more of them than the disk can bear. */
import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { Refused } from "./command.js";
import { size } from "./table.js";

/** Kept free: the store comes first. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/**
 * Names a new file.
 * @param bytes what will be written, roughly.
 * @throws Refused when the disk has no room for that.
 */
export function newOperatorFile(directory: string, kind: string, ending: string, bytes: number): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  if (free < bytes + RESERVE_BYTES) throw new Refused(`The disk has ${size(free)} free, too little for a file of about ${size(bytes)}.`);
  return join(directory, `${kind}-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.${ending}`);
}
