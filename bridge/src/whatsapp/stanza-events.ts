/**
 * Events of what WhatsApp tells in stanzas of its own and not in messages: changes of groups and contacts, calls. Each
 * is recorded before Baileys acknowledges the stanza; one that is told again is the same event.
 */
import { createHash } from "node:crypto";
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { EventData } from "../rpc/contract.gen.js";
import { checkEventData } from "../rpc/validate.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import type { BinaryNode } from "./baileys.js";
import { describeCall, type Ringing } from "./call-events.js";
import { words } from "./describing/values.js";
import { groupUpdates } from "./group-updates.js";
import type { AddressBook, Self } from "./incoming.js";
import { bareJid, isGroupJid } from "./jid.js";
import { childOf, secondsToMs, textOf } from "./nodes.js";
import { People } from "./people.js";
import { SmallCache } from "./small-cache.js";

export interface StanzaEventsDeps {
  store: Store;
  journal: Journal;
  log: Logger;
}

/** Whose stanzas they are. */
interface Account {
  pairing: Pairing;
  self: () => Self;
  book: AddressBook;
}

/** Calls whose kind is remembered until they end. */
const CALL_LIMIT = 200;
const CALL_TTL_MS = 60 * 60_000;

export class StanzaEvents {
  readonly #deps: StanzaEventsDeps;
  readonly #pairing: Pairing;
  readonly #people: People;
  readonly #calls = new SmallCache(CALL_LIMIT, CALL_TTL_MS);

  constructor(deps: StanzaEventsDeps, { pairing, self, book }: Account) {
    this.#deps = deps;
    this.#pairing = pairing;
    this.#people = new People(deps.store, pairing, self, book);
  }

  /** @returns undefined when there is nothing to record. @throws BridgeError store_unavailable */
  recordNotification(stanza: BinaryNode): Promise<void> | undefined {
    const { type, from } = stanza.attrs;
    if (from === undefined) return undefined;
    if (isGroupJid(from) && (type === "w:gp2" || type === "picture")) {
      if (!this.#deps.store.settings.get(this.#pairing.tenantId).groupEvents) return undefined;
      return type === "picture" ? this.#recordGroupPicture(stanza, from) : this.#recordGroup(stanza, from);
    }
    if (type === "picture" || type === "status") return this.#recordContact(stanza, from, type);
    return undefined;
  }

  /**
   * @param onRinging somebody calls, and it is on disk. Not for a call that is told of late.
   * @throws BridgeError store_unavailable
   */
  async recordCall(stanza: BinaryNode, onRinging: (call: Ringing) => void): Promise<void> {
    const call = await describeCall(stanza, this.#people, this.#calls);
    if (call === undefined) return;
    const isNew = await this.#append(call.event, ["call", call.event.callId, call.event.status]);
    if (isNew && call.ringing !== undefined) onRinging(call.ringing);
  }

  async #recordGroup(stanza: BinaryNode, groupId: string): Promise<void> {
    const events = await groupUpdates(stanza, groupId, this.#people);
    await Promise.all(events.map((event, index) => this.#append(event, ["group", groupId, stanza.attrs["id"] ?? "", String(index)])));
  }

  async #recordGroupPicture(stanza: BinaryNode, groupId: string): Promise<void> {
    const author = (childOf(stanza, "set") ?? childOf(stanza, "delete"))?.attrs["author"] ?? stanza.attrs["participant"];
    const actor = author === undefined ? undefined : await this.#people.find(author);
    const occurredAtMs = secondsToMs(stanza.attrs["t"]) ?? Date.now();
    const event: EventData = { type: "group.update", groupId, action: "picture", ...(actor === undefined ? {} : { actor: this.#people.person(actor) }), occurredAtMs };
    await this.#append(event, ["group", groupId, stanza.attrs["id"] ?? "", "picture"]);
  }

  async #recordContact(stanza: BinaryNode, from: string, type: "picture" | "status"): Promise<void> {
    const someone = await this.#people.find(from);
    const contact = this.#people.person(someone, stanza.attrs["notify"]);
    if (contact.phoneNumber === undefined && contact.lid === undefined) return;
    const about = textOf(childOf(stanza, "set"));
    if (type === "status" && about === undefined) return;
    const what = type === "picture" ? { pictureChanged: true } : { about: words(about, 2048) ?? "" };
    await this.#append({ type: "contact.update", contact, ...what }, ["contact", bareJid(from) ?? from, type, stanza.attrs["id"] ?? ""]);
  }

  /** Answers whether it is new. What does not fit the contract is left out: it must not hold up everything after it. */
  async #append(data: EventData, identity: readonly string[]): Promise<boolean> {
    const { store, journal, log } = this.#deps;
    const pairing = this.#pairing;
    try {
      checkEventData(data);
    } catch (error) {
      log.warn({ tenantId: pairing.tenantId, err: error }, "something WhatsApp told could not be described");
      return false;
    }
    const dedup = createHash("sha256").update(JSON.stringify([pairing.tenantId, ...identity])).digest();
    return store.writer.soon(() => journal.append({ pairingId: pairing.id, occurredAtMs: Date.now(), data, dedup }));
  }
}
