/**
 * Bounds the memory first histories take. When a phone is linked it sends its recent chats as one compressed file,
 * which Baileys unpacks and decodes whole; several at once have ended bigger servers than this one is meant for. One
 * that does not fit is left alone: its addresses are learnt when people write.
 */

/** How much larger a history is once unpacked and decoded: text packs to about a tenth, and objects weigh more than bytes. */
const UNPACKED = 20;

/** All histories read at the same time, unpacked. */
const AT_ONCE_BYTES = 96 * 1024 * 1024;

/** Reading one takes seconds; after this it is over, one way or the other. */
const FORGET_AFTER_MS = 60_000;

export class HistoryBudget {
  readonly #maxBytes: number;
  readonly #fits: (bytes: number) => boolean;
  readonly #now: () => number;
  #reading: { bytes: number; untilMs: number }[] = [];

  /**
   * @param maxBytes the largest history that is read, as it is downloaded.
   * @param fits whether so many bytes more fit into the process.
   */
  constructor(maxBytes: number, fits: (bytes: number) => boolean, now: () => number = Date.now) {
    this.#maxBytes = maxBytes;
    this.#fits = fits;
    this.#now = now;
  }

  /** Takes room for a history; false when there is none, and then it must not be read. */
  take(bytes: number): boolean {
    const nowMs = this.#now();
    this.#reading = this.#reading.filter((each) => each.untilMs > nowMs);
    const unpacked = bytes * UNPACKED;
    const taken = this.#reading.reduce((sum, each) => sum + each.bytes, 0);
    const first = this.#reading.length === 0;
    if (bytes > this.#maxBytes || (!first && taken + unpacked > AT_ONCE_BYTES) || !this.#fits(taken + unpacked)) return false;
    if (unpacked > 0) this.#reading.push({ bytes: unpacked, untilMs: nowMs + FORGET_AFTER_MS });
    return true;
  }
}
