/** When messages arrived somewhere, by their WhatsApp id. */

/** Milliseconds since 1970 with fractions: all processes of a machine read one clock. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** A message and when it was there. */
export type Arrival = [messageId: string, at: number];

/** Notes arrivals; somebody may wait for so many of them. */
export class Arrivals {
  #seen = new Map<string, number>();
  #repeated = 0;
  #wanted: { count: number; resolve: () => void } | undefined;

  /** How often a message came that had come before. */
  get repeated(): number {
    return this.#repeated;
  }

  note(messageId: string): void {
    if (this.#seen.has(messageId)) {
      this.#repeated += 1;
      return;
    }
    this.#seen.set(messageId, now());
    if (this.#wanted !== undefined && this.#seen.size >= this.#wanted.count) this.#wanted.resolve();
  }

  /** Forgets what came so far, and resolves when so many more have come. @throws Error when they do not in time. */
  async next(count: number, timeoutMs: number): Promise<Arrival[]> {
    this.#seen = new Map();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${this.#seen.size} of ${count} messages arrived in ${timeoutMs} ms`));
      }, timeoutMs);
      this.#wanted = { count, resolve };
    }).finally(() => {
      clearTimeout(timer);
      this.#wanted = undefined;
    });
    return [...this.#seen];
  }
}
