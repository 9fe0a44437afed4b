/**
 * A bounded cache with a time to live, in the shape Baileys takes. In place of its own ones, which cost 40 KiB a
 * session and measure every value they hold. One per session and purpose, never shared: a device list leaves out the
 * device that asked for it.
 */
import type { CacheStore } from "./baileys.js";

interface Entry {
  value: unknown;
  untilMs: number;
}

export class SmallCache implements CacheStore {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  readonly #ttlMs: number;

  constructor(limit: number, ttlMs: number) {
    this.#limit = limit;
    this.#ttlMs = ttlMs;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the shape is Baileys'
  get<T>(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.untilMs <= Date.now()) {
      this.#entries.delete(key);
      return undefined;
    }
    return entry.value as T;
  }

  set(key: string, value: unknown): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#limit) {
      // A Map keeps the order of insertion: the first is the oldest.
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { value, untilMs: Date.now() + this.#ttlMs });
  }

  del(key: string): void {
    this.#entries.delete(key);
  }

  flushAll(): void {
    this.#entries.clear();
  }
}
