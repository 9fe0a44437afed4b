/** Identifiers the bridge makes itself. */
import { randomBytes } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * A ULID: 48 bits of time, then 80 random ones, as 26 characters of Crockford's base 32.
 * Sorts by time of making to the millisecond. Source of the format: github.com/ulid/spec.
 */
export function ulid(nowMs: number = Date.now()): string {
  let bits = BigInt(nowMs);
  for (const byte of randomBytes(10)) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 26; i += 1) {
    text = (CROCKFORD[Number(bits & 31n)] ?? "0") + text;
    bits >>= 5n;
  }
  return text;
}

/** An id for a message of ours, in the shape WhatsApp Web clients use: `3EB0` and 18 hex digits. */
export function newMessageId(): string {
  return `3EB0${randomBytes(9).toString("hex").toUpperCase()}`;
}
