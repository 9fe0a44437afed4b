/**
 * Signal keys that were used last, as Baileys gets them: a message takes each of them several times, and reading one
 * from the store means decrypting and parsing it. One for all sessions, so that a thousand idle ones hold nothing. It only
 * holds what is on disk, and only types whose values Baileys copies and never changes.
 */
import { SmallCache } from "./small-cache.js";

const TYPES: ReadonlySet<string> = new Set(["session", "sender-key", "lid-mapping", "tctoken"]);

/** A session with one chain takes about two kilobytes. */
const LIMIT = 2000;
const TTL_MS = 10 * 60_000;

export class KeyCache {
  readonly #cache = new SmallCache(LIMIT, TTL_MS);

  /** True for types whose values Baileys never changes. */
  holds(type: string): boolean {
    return TYPES.has(type);
  }

  /** @param sessionId of a pairing, never used again; its row id is, once the tenant is deleted, and would find the keys of another. */
  get(sessionId: string, type: string, id: string): unknown {
    return this.holds(type) ? this.#cache.get<unknown>(`${sessionId} ${type} ${id}`) : undefined;
  }

  /** @param value undefined forgets it. */
  put(sessionId: string, type: string, id: string, value: unknown): void {
    if (!this.holds(type)) return;
    const key = `${sessionId} ${type} ${id}`;
    if (value === undefined) this.#cache.del(key);
    else this.#cache.set(key, value);
  }
}
