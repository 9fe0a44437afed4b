/** Random bytes in small numbers, fetched for many at once: a call for each costs more than what they are for. */
import { randomBytes } from "node:crypto";

const FETCHED = 4096;

let fetched = Buffer.alloc(0);

/** So many random bytes (at most 4096), given out once and to nobody else. */
export function randomSlice(bytes: number): Buffer {
  if (fetched.length < bytes) fetched = randomBytes(FETCHED);
  const taken = fetched.subarray(0, bytes);
  fetched = fetched.subarray(bytes);
  return taken;
}
