/**
 * Goes through what is parked in the store, some at a time and each once, so that it is asked for again. It takes at most
 * a small share of the time, however often somebody has a reason for it.
 */
import type { Store } from "../store/store.js";

/** Messages asked for again at a time. */
const BATCH = 500;

/** Between the end of a sweep and the next, at least, and in so many times what the last one took. */
const PAUSE_MS = 1000;
const PAUSE_TIMES = 10;

export class Sweep {
  readonly #store: Store;
  readonly #pairingId: number;
  readonly #onFound: () => void;
  /** The last message asked for again; undefined while no sweep is under way. */
  #cursor: number | undefined = 0;
  #beganMs = Date.now();
  #wanted = false;
  #busy = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  /** Begins at once. @param onFound called when messages are ready again. */
  constructor(store: Store, pairingId: number, onFound: () => void) {
    this.#store = store;
    this.#pairingId = pairingId;
    this.#onFound = onFound;
  }

  /** Begins a sweep, now or in a while. */
  begin(): void {
    if (this.#cursor !== undefined || this.#timer !== undefined) this.#wanted = true;
    else {
      this.#cursor = 0;
      this.#beganMs = Date.now();
    }
  }

  /** Goes on with the next ones. Call it when nothing else is ready. */
  next(): void {
    const from = this.#cursor;
    if (from === undefined || this.#busy || this.#stopped) return;
    this.#busy = true;
    this.#store.writer.soon(() => this.#store.outbox.line.unpark(this.#pairingId, from, BATCH)).then((last) => {
      this.#busy = false;
      this.#cursor = last;
      if (this.#stopped) return;
      if (last === undefined) this.#rest();
      else this.#onFound();
    }).catch(() => {
      // The disk fails: the next reason for a sweep finds it working or not.
      this.#busy = false;
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #rest(): void {
    const tookMs = Date.now() - this.#beganMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#wanted) return;
      this.#wanted = false;
      this.begin();
      this.#onFound();
    }, Math.max(PAUSE_MS, tookMs * PAUSE_TIMES));
    this.#timer.unref();
  }
}
