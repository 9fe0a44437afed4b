/** Messages that were handed over on this connection and have no answer yet, in the order they were. */
import type { OutboxRow } from "../store/outbox-row.js";

interface Entry {
  id: number;
  sinceMs: number;
}

export class Unanswered {
  readonly #entries = new Map<string, Entry>();
  readonly #silenceMs: number;
  readonly #onSilence: (ids: number[]) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onSilence called with the ids of messages of which nothing was heard for so long; they are forgotten here then. */
  constructor(silenceMs: number, onSilence: (ids: number[]) => void) {
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
  }

  get size(): number {
    return this.#entries.size;
  }

  add({ id, messageId }: Pick<OutboxRow, "id" | "messageId">): void {
    this.#entries.delete(messageId);
    this.#entries.set(messageId, { id, sinceMs: Date.now() });
    if (this.#timer === undefined) this.#setTimer(this.#silenceMs);
  }

  delete(messageId: string): void {
    this.#entries.delete(messageId);
  }

  clear(): void {
    this.#entries.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #setTimer(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#run();
    }, ms);
    this.#timer.unref();
  }

  #run(): void {
    const nowMs = Date.now();
    const ids: number[] = [];
    // A Map keeps the order of insertion: the first is the oldest.
    for (const [messageId, { id, sinceMs }] of this.#entries) {
      if (sinceMs + this.#silenceMs > nowMs) {
        this.#setTimer(sinceMs + this.#silenceMs - nowMs);
        break;
      }
      this.#entries.delete(messageId);
      ids.push(id);
    }
    if (ids.length > 0) this.#onSilence(ids.sort((a, b) => a - b));
  }
}
