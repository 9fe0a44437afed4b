/**
 * How many messages left within the last minute, hour or day. Never counts too few: what left within one bin counts
 * until the whole bin is past, so that no window of this length ever holds more than was allowed.
 */

interface Bin {
  /** The last moment that belongs to the bin, in unix ms. */
  endMs: number;
  count: number;
}

export class SlidingCount {
  readonly #spanMs: number;
  readonly #binMs: number;
  #bins: Bin[] = [];
  #total = 0;

  /** @param binMs how exact it is; a span holds at most span / bin + 1 numbers. */
  constructor(spanMs: number, binMs: number) {
    this.#spanMs = spanMs;
    this.#binMs = binMs;
  }

  /** Counts a message that left. A clock that went back counts into the latest bin. */
  add(atMs: number, count = 1): void {
    if (count === 0) return;
    const endMs = Math.floor(atMs / this.#binMs) * this.#binMs + this.#binMs - 1;
    const last = this.#bins.at(-1);
    if (last !== undefined && last.endMs >= endMs) last.count += count;
    else this.#bins.push({ endMs, count });
    this.#total += count;
    this.#forget(atMs);
  }

  /** Messages of the window that ends at a moment. */
  used(atMs: number): number {
    let count = this.#total;
    for (const bin of this.#bins) {
      if (this.#counts(bin, atMs)) break;
      count -= bin.count;
    }
    return count;
  }

  /** The first moment, not before `fromMs`, at which one more keeps within a limit; Infinity when none ever does. */
  freeAt(fromMs: number, limit: number): number {
    if (limit < 1) return Infinity;
    let left = this.#total;
    let atMs = fromMs;
    for (const bin of this.#bins) {
      if (left < limit) break;
      left -= bin.count;
      atMs = Math.max(fromMs, bin.endMs + this.#spanMs + 1);
    }
    return atMs;
  }

  clone(): SlidingCount {
    const copy = new SlidingCount(this.#spanMs, this.#binMs);
    copy.#bins = this.#bins.map((bin) => ({ ...bin }));
    copy.#total = this.#total;
    return copy;
  }

  #counts(bin: Bin, atMs: number): boolean {
    return bin.endMs + this.#spanMs >= atMs;
  }

  #forget(nowMs: number): void {
    let gone = 0;
    for (const bin of this.#bins) {
      if (this.#counts(bin, nowMs)) break;
      this.#total -= bin.count;
      gone += 1;
    }
    if (gone > 0) this.#bins.splice(0, gone);
  }
}
