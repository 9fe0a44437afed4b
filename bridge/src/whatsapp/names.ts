/** The names people write under, as this number has seen them. They choose them themselves: never trust one. */
import type { Logger } from "../log.js";
import type { Store } from "../store/store.js";
import { wellFormed } from "./content.js";
import { bareJid } from "./jid.js";
import type { Link } from "./link.js";
import { SmallCache } from "./small-cache.js";

const MAX_NAME_LENGTH = 512;

/** Names noted lately: a chat that goes on writes none of them again. */
const RECENT_LIMIT = 5000;
const RECENT_TTL_MS = 60 * 60_000;

export class Names {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #recent = new SmallCache(RECENT_LIMIT, RECENT_TTL_MS);

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Notes the names that come over a connection. */
  listen(link: Link): void {
    const { ev } = link.sock;
    const note = (contacts: readonly { id?: string; lid?: string; notify?: string; verifiedName?: string }[]): void => {
      for (const { id, lid, notify, verifiedName } of contacts) this.#note(link, [id, lid], notify ?? verifiedName);
    };
    ev.on("contacts.update", note);
    ev.on("contacts.upsert", note);
  }

  /** The name of whoever has one of the addresses. */
  of(link: Link, addresses: readonly (string | undefined)[]): string | undefined {
    for (const address of addresses) {
      const known = address === undefined ? undefined : this.#store.directory.get<string>(link.pairing, "name", address);
      if (known !== undefined) return known.value;
    }
    return undefined;
  }

  #note(link: Link, addresses: readonly (string | undefined)[], given: string | undefined): void {
    if (given === undefined || given === "") return;
    const name = wellFormed(given, MAX_NAME_LENGTH);
    for (const address of addresses) {
      const jid = bareJid(address);
      const key = `${link.pairing.sessionId} ${jid ?? ""}`;
      if (jid === undefined || this.#recent.get(key) === name) continue;
      this.#recent.set(key, name);
      // A name that is not written comes again with the next message.
      this.#store.writer.soon(() => {
        this.#store.directory.put(link.pairing, "name", jid, name, Date.now());
      }).catch((error: unknown) => {
        this.#recent.del(key);
        this.#log.debug({ tenantId: link.pairing.tenantId, err: error }, "a name was not noted");
      });
    }
  }
}
