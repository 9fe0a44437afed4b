/**
 * Which groups a number is in, asked for once in a while and kept right in between by what WhatsApp tells of changes.
 * However many ask at the same time, WhatsApp is asked once.
 */
import type { BinaryNode } from "./baileys.js";
import { changed, toEntry, type GroupEntry } from "./group-view.js";
import { isGroupJid, sameUser } from "./jid.js";
import type { Link } from "./link.js";
import { childrenOf } from "./nodes.js";
import type { Questions } from "./questions.js";
import { SmallCache } from "./small-cache.js";

/** A list with the time it was asked for. */
export interface GroupList {
  groups: Map<string, GroupEntry>;
  fetchedAtMs: number;
}

interface Kept extends GroupList {
  /** Something happened that only WhatsApp can tell more of. */
  stale: boolean;
}

/** Lists in memory at a time, and how long one stays that nobody looks at. */
const LIST_LIMIT = 500;
const KEPT_MS = 24 * 60 * 60_000;

export class GroupLists {
  readonly #questions: Questions;
  readonly #ttlMs: number;
  readonly #refreshMs: number;
  readonly #lists = new SmallCache(LIST_LIMIT, KEPT_MS);
  readonly #asked = new Map<string, Promise<Kept>>();

  /** @param times how old a list may be, and how old it must be to be asked for again on demand */
  constructor(questions: Questions, times: { ttlMs: number; refreshMs: number }) {
    this.#questions = questions;
    this.#ttlMs = times.ttlMs;
    this.#refreshMs = times.refreshMs;
  }

  /** Keeps the number's list right from what comes over a connection. */
  listen(link: Link): void {
    link.sock.ws.on("CB:notification,type:w:gp2", (stanza: BinaryNode) => {
      const jid = stanza.attrs["from"];
      if (isGroupJid(jid) && jid !== undefined) this.#note(link, jid, childrenOf(stanza));
    });
    link.sock.ev.on("groups.upsert", (groups) => {
      for (const group of groups) this.put(link, toEntry(group));
    });
  }

  /**
   * The groups of a number.
   * @param refresh ask WhatsApp although the list is young, if it is not too young for that.
   * @throws BridgeError what Questions.ask throws
   */
  get(link: Link, refresh: boolean): Promise<GroupList> {
    const known = this.#known(link);
    const ageMs = known === undefined ? Infinity : Date.now() - known.fetchedAtMs;
    const maxAgeMs = refresh || known?.stale === true ? this.#refreshMs : this.#ttlMs;
    return known !== undefined && ageMs < maxAgeMs ? Promise.resolve(known) : this.#fetch(link);
  }

  /** Notes how a group is now. */
  put(link: Link, group: GroupEntry): void {
    this.#known(link)?.groups.set(group.groupId, group);
  }

  remove(link: Link, jid: string): void {
    this.#known(link)?.groups.delete(jid);
  }

  #known(link: Link): Kept | undefined {
    return this.#lists.get<Kept>(link.pairing.sessionId);
  }

  #fetch(link: Link): Promise<Kept> {
    const { sessionId: id, tenantId } = link.pairing;
    const underWay = this.#asked.get(id);
    if (underWay !== undefined) return underWay;
    const asked = this.#questions
      .ask(tenantId, "groups", link, () => link.run((sock) => sock.groupFetchAllParticipating()))
      .then((all) => {
        const list: Kept = { groups: new Map(Object.values(all).map((group) => [group.id, toEntry(group)])), fetchedAtMs: Date.now(), stale: false };
        this.#lists.set(id, list);
        return list;
      })
      .finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  #note(link: Link, jid: string, changes: readonly BinaryNode[]): void {
    const list = this.#known(link);
    if (list === undefined) return;
    const { phone, lid } = link.self;
    const isSelf = (someone: string | undefined): boolean => sameUser(someone, phone) || sameUser(someone, lid);
    for (const change of changes) {
      const group = list.groups.get(jid);
      const now = group === undefined ? "unknown" : changed(group, change, isSelf);
      // A group that is made brings its own description.
      if (now === "unknown") list.stale ||= change.tag !== "create";
      else if (now === undefined) list.groups.delete(jid);
      else list.groups.set(jid, now);
    }
  }
}
