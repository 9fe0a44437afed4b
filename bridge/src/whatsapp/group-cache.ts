/** Who is in which group, asked of WhatsApp once in a while instead of with every message. */
import type { GroupMetadata } from "./baileys.js";
import { SmallCache } from "./small-cache.js";

const LIMIT = 64;
const TTL_MS = 5 * 60_000;

export class GroupCache {
  readonly #known = new SmallCache(LIMIT, TTL_MS);
  readonly #ask: (jid: string) => Promise<GroupMetadata>;

  constructor(ask: (jid: string) => Promise<GroupMetadata>) {
    this.#ask = ask;
  }

  /** @throws Error with WhatsApp's code when it does not say */
  async get(jid: string): Promise<GroupMetadata> {
    const known = this.#known.get<GroupMetadata>(jid);
    if (known !== undefined) return known;
    const fresh = await this.#ask(jid);
    this.#known.set(jid, fresh);
    return fresh;
  }

  forget(jid: string): void {
    this.#known.del(jid);
  }
}
