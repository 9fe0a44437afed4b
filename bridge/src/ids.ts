/** Identifiers the bridge makes itself. */
import { randomSlice } from "./random.js";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/**
 * A ULID: 48 bits of time, then 80 random ones, as 26 characters of Crockford's base 32.
 * Sorts by time of making to the millisecond. Source of the format: github.com/ulid/spec.
 */
export function ulid(nowMs: number = Date.now()): string {
  let text = "";
  for (let i = 0, rest = nowMs; i < TIME_CHARS; i += 1, rest = Math.floor(rest / 32)) text = CROCKFORD.charAt(rest % 32) + text;
  // Five bits of each byte: as random as the bytes are.
  for (const byte of randomSlice(RANDOM_CHARS)) text += CROCKFORD.charAt(byte & 31);
  return text;
}

/** An id for a message of ours, in the shape WhatsApp Web clients use: `3EB0` and 18 hex digits. */
export function newMessageId(): string {
  return `3EB0${randomSlice(9).toString("hex").toUpperCase()}`;
}
