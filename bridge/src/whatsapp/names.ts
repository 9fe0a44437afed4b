/** The names people write under, as this number has seen them. They choose them themselves: never trust one. */
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { Store } from "../store/store.js";
import { wellFormed } from "./content.js";
import { bareJid } from "./jid.js";
import { People } from "./people.js";
import type { Link } from "./link.js";
import { SmallCache } from "./small-cache.js";

const MAX_NAME_LENGTH = 512;

/** Names noted lately: a chat that goes on writes none of them again. */
const RECENT_LIMIT = 5000;
const RECENT_TTL_MS = 60 * 60_000;

export class Names {
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #log: Logger;
  readonly #recent = new SmallCache(RECENT_LIMIT, RECENT_TTL_MS);

  constructor(store: Store, journal: Journal, log: Logger) {
    this.#store = store;
    this.#journal = journal;
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
    const fresh = new Set<string>();
    for (const address of addresses) {
      const jid = bareJid(address);
      if (jid !== undefined && this.#recent.get(keyOf(link, jid)) !== name) fresh.add(jid);
    }
    if (fresh.size === 0) return;
    for (const jid of fresh) this.#recent.set(keyOf(link, jid), name);
    // A name that is not written comes again with the next message.
    this.#write(link, [...fresh], name).catch((error: unknown) => {
      for (const jid of fresh) this.#recent.del(keyOf(link, jid));
      this.#log.debug({ tenantId: link.pairing.tenantId, err: error }, "a name was not noted");
    });
  }

  /** Somebody who had another name before has changed it, which is told. */
  async #write(link: Link, jids: readonly string[], name: string): Promise<void> {
    const { pairing } = link;
    const people = new People(this.#store, pairing, () => link.self, link.addressBook);
    const someone = await people.find(...jids);
    const all = [...new Set([...jids, someone.phone, someone.lid])].filter((jid) => jid !== undefined);
    await this.#store.writer.soon(() => {
      const nowMs = Date.now();
      const before = all.flatMap((jid) => this.#store.directory.get<string>(pairing, "name", jid)?.value ?? []);
      for (const jid of all) this.#store.directory.put(pairing, "name", jid, name, nowMs);
      const contact = people.person(someone, name);
      const isKnown = contact.phoneNumber !== undefined || contact.lid !== undefined;
      // Only when no address had it: two addresses of one person may be noted one after the other.
      if (before.length === 0 || before.includes(name) || !isKnown || people.isSelf(someone)) return;
      this.#journal.append({ pairingId: pairing.id, occurredAtMs: nowMs, data: { type: "contact.update", contact } });
    });
  }
}

function keyOf(link: Link, jid: string): string {
  return `${link.pairing.sessionId} ${jid}`;
}
