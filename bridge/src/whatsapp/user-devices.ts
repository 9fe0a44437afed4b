/** Which devices people have, as WhatsApp said a short while ago, for Baileys and for one connection. */
import { userOf } from "./jid.js";
import { SmallCache } from "./small-cache.js";

const LIMIT = 500;
const TTL_MS = 5 * 60_000;

export class UserDevices extends SmallCache {
  constructor() {
    super(LIMIT, TTL_MS);
  }

  /** WhatsApp is asked again when these people are written to the next time. */
  forget(jids: readonly string[]): void {
    for (const jid of jids) this.del(userOf(jid) ?? "");
  }
}
