import { bareJid, domainOf, isGroup, parseJid } from "../wire/jid.js";
import { children, el, type Stanza } from "../wire/stanza.js";
import type { Companion } from "../world/companion.js";
import type { Directory } from "../world/directory.js";
import type { Groups } from "../world/groups.js";
import type { Person } from "../world/person.js";
import type { Phones } from "../phone/phones.js";
import type { Delivery } from "./delivery.js";
import type { Sender } from "./messages.js";
import { unixTime } from "./delivery.js";

/** Links watching one person's presence; further subscriptions are ignored. */
const MAX_SUBSCRIBERS = 1_000;

interface Subscription {
  companion: Companion;
  /** The address asked for, which answers are sent from. */
  jid: string;
}

/** Who is online, who wants to know, and who is typing. Nothing of it is kept. */
export class Presences {
  private readonly subscribers = new Map<string, Map<Companion, Subscription>>();

  constructor(
    private readonly directory: Directory,
    private readonly groups: Groups,
    private readonly delivery: Delivery,
    private readonly phones: Phones,
  ) {}

  /** `<presence>` from a client: a subscription, a new name, or on- and offline. */
  received(person: Person, companion: Companion, stanza: Stanza): void {
    const { type, to, name } = stanza.attrs;
    if (type === "subscribe" && to) {
      this.subscribe(person, companion, bareJid(to));
      return;
    }
    if (name) {
      person.name = name;
      person.touch();
    }
    if (type !== "available" && type !== "unavailable") return;
    companion.available = type === "available";
    if (!companion.available) person.lastSeen = Math.floor(Date.now() / 1000);
    this.announce(person);
  }

  /** The mock phone goes on- or offline. */
  setPhone(person: Person, available: boolean): void {
    person.phoneAvailable = available;
    if (!available) person.lastSeen = Math.floor(Date.now() / 1000);
    this.announce(person);
  }

  /** Tells the subscribers how a person is now. */
  announce(person: Person): void {
    const subscribers = this.subscribers.get(person.number);
    if (!subscribers) return;
    for (const [companion, { jid }] of subscribers) {
      if (companion.active) companion.sendNow(presenceOf(person, jid));
      else subscribers.delete(companion);
    }
    if (subscribers.size === 0) this.subscribers.delete(person.number);
  }

  /** `<chatstate>` from a client or a phone, e.g. `<composing/>`. */
  chatstate(sender: Sender, to: string, content: Stanza[]): void {
    const { person, device } = sender;
    if (isGroup(to)) {
      const group = this.groups.get(to);
      if (!group?.members.has(person.number)) return;
      const attrs = { from: to, participant: person.address(group.data.mode) };
      for (const number of group.members.keys()) {
        const member = this.directory.lookup(number);
        if (!member || member === person) continue;
        this.delivery.transient(member, el("chatstate", attrs, content));
        this.seen(member, person, to, content);
      }
      return;
    }
    const target = this.directory.resolve(bareJid(to));
    if (!target || target.blocked.has(person.number) || (target === person && device !== 0)) return;
    const from = person.address(domainOf(to));
    this.delivery.transient(target, el("chatstate", { from }, content));
    this.seen(target, person, from, content);
  }

  /** What the phone's owner sees in the chat. */
  private seen(owner: Person, typing: Person, chat: string, content: Stanza[]): void {
    const [first] = content;
    if (!first) return;
    const state = first.tag === "paused" ? "paused" : first.attrs["media"] === "audio" ? "recording" : "composing";
    this.phones.of(owner).inbox.presences.push({ time: Date.now(), state, chat, number: typing.number });
  }

  clear(): void {
    this.subscribers.clear();
  }

  private subscribe(person: Person, companion: Companion, jid: string): void {
    const target = parseJid(jid) && this.directory.resolve(jid);
    if (!target || target === person) return;
    const subscribers = this.subscribers.get(target.number) ?? new Map<Companion, Subscription>();
    if (subscribers.size < MAX_SUBSCRIBERS) subscribers.set(companion, { companion, jid });
    this.subscribers.set(target.number, subscribers);
    companion.sendNow(presenceOf(target, jid));
  }
}

function presenceOf(person: Person, jid: string): Stanza {
  if (person.online) return el("presence", { from: jid, t: unixTime() });
  return el("presence", { from: jid, type: "unavailable", last: person.lastSeen > 0 ? String(person.lastSeen) : "deny" });
}

/** Children of a chatstate stanza that the protocol knows. */
export function chatstateContent(stanza: Stanza): Stanza[] {
  return children(stanza).filter((each) => each.tag === "composing" || each.tag === "paused");
}
