/**
 * What messages of the outbox say, as it was opened last: each is read five times on its way, within a second or two, and
 * opening it costs more than reading it. Found by the sealed bytes themselves, so it never says what the store does not.
 */

/** What a value was opened to. */
interface Opened {
  sealed: Buffer;
  value: unknown;
}

/** Values kept; the one not asked for the longest goes. */
const LIMIT = 256;
/** Larger ones are opened each time. */
const MAX_BYTES = 4096;

/** Opens what is asked for each time: for those who leaf through many. */
export const UNKEPT: Pick<RecentContents, "get"> = { get: (_name, _sealed, open) => open() };

export class RecentContents {
  readonly #opened = new Map<string, Opened>();

  /** What some bytes say, opened once. The name is the message's and the part's; the value must never be changed. */
  get<T extends object>(name: string, sealed: Buffer, open: () => T): T {
    const known = this.#opened.get(name);
    if (known?.sealed.equals(sealed) === true) return known.value as T;
    const value = open();
    this.put(name, sealed, value);
    return value;
  }

  /** Some bytes were just made of a value. */
  put(name: string, sealed: Buffer, value: object): void {
    this.#opened.delete(name);
    if (sealed.length > MAX_BYTES) return;
    if (this.#opened.size >= LIMIT) {
      // A Map keeps the order of insertion: the first is the oldest.
      const oldest = this.#opened.keys().next();
      if (oldest.done !== true) this.#opened.delete(oldest.value);
    }
    this.#opened.set(name, { sealed, value });
  }
}
