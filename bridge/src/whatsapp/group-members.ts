/** Groups with their members, over one connection: asked for once in a while instead of with every message. */
import { BridgeError } from "../errors.js";
import type { GroupMetadata } from "./baileys.js";
import { SmallCache } from "./small-cache.js";

const GROUP_LIMIT = 64;
const GROUP_TTL_MS = 5 * 60_000;

/** WhatsApp's codes for a group that is not ours to see, and for one that is not there. */
export const NO_GROUP = { 403: "group_not_found", 404: "group_not_found" } as const;

export class GroupMembers {
  readonly #groups = new SmallCache(GROUP_LIMIT, GROUP_TTL_MS);
  readonly #ask: (jid: string) => Promise<GroupMetadata>;

  /** @param ask asks WhatsApp, by Questions with NO_GROUP */
  constructor(ask: (jid: string) => Promise<GroupMetadata>) {
    this.#ask = ask;
  }

  /** @throws BridgeError group_not_found, and what Questions.ask throws */
  get(jid: string): Promise<GroupMetadata> {
    const known = this.#groups.get<Promise<GroupMetadata>>(jid);
    if (known !== undefined) return known;
    // Kept while it is asked for: whoever wants it in the meantime shares the answer.
    const fresh = this.#ask(jid);
    this.#groups.set(jid, fresh);
    fresh.catch(() => {
      if (this.#groups.get(jid) === fresh) this.#groups.del(jid);
    });
    return fresh;
  }

  /** For a message. A refusal looks like one of Baileys' own, with WhatsApp's code as its data. */
  async audienceOf(jid: string): Promise<GroupMetadata> {
    try {
      return await this.get(jid);
    } catch (error) {
      if (!(error instanceof BridgeError) || error.details["whatsappError"] === undefined) throw error;
      throw Object.assign(new Error("WhatsApp does not show the group", { cause: error }), { data: error.details["whatsappError"] });
    }
  }

  /** Something about the group is not as it was. */
  forget(jid: string): void {
    this.#groups.del(jid);
  }
}
