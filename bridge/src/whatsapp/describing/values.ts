/** What a sender wrote into a field, made safe to pass on: text cut and repaired, numbers bounded, addresses checked. */
import { bareJid } from "../jid.js";
import { secondsToMs } from "../nodes.js";

/** An address as the contract takes it. */
const ADDRESS = /^[^\s@]{1,100}@[a-z.]{1,27}$/;

/** Text as valid UTF-16: half a surrogate pair is legal in JavaScript and a fault in every JSON reader. */
export function wellFormed(text: string, maxLength: number): string {
  return Buffer.from(text.slice(0, maxLength)).toString();
}

/** A text that says something; undefined otherwise. */
export function words(text: unknown, maxLength: number): string | undefined {
  return typeof text === "string" && text !== "" ? wellFormed(text, maxLength) : undefined;
}

/** A whole number from 0 to a largest one; undefined when it is none. Takes protobuf's 64-bit numbers. */
export function whole(value: unknown, max = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === null || value === undefined) return undefined;
  const number = Number(typeof value === "object" ? (value as { toString(): string }).toString() : value);
  return Number.isSafeInteger(number) && number >= 0 && number <= max ? number : undefined;
}

/** A time in Unix seconds as milliseconds; undefined when it is none. */
export function msOf(seconds: unknown): number | undefined {
  return secondsToMs(whole(seconds));
}

/** An address without device; undefined when it is none a contract can carry. */
export function addressIn(jid: unknown): string | undefined {
  const bare = typeof jid === "string" && jid.length <= 128 ? bareJid(jid) : undefined;
  return bare !== undefined && ADDRESS.test(bare) && wellFormed(bare, 128) === bare ? bare : undefined;
}

type Absent<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];
type Said<T> = Omit<T, Absent<T>> & { [K in Absent<T>]?: NonNullable<T[K]> };

/** The object without what is not known. */
export function said<const T extends object>(value: T): Said<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Said<T>;
}
