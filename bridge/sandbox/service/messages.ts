import { bareJid, domainOf, isChannel, isGroup, isUser, parseJid, STATUS_JID, type Domain } from "../wire/jid.js";
import { child, children, el, type Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Fault, Faults, RuleFault } from "../world/faults.js";
import type { Group, Groups } from "../world/groups.js";
import type { Person } from "../world/person.js";
import { markOf, type Sends } from "../world/sends.js";
import { ChannelError, type Channeling } from "./channeling.js";
import { unixTime, type Delivery } from "./delivery.js";

/** Attributes of a message that mean something to the recipient and are passed on as they are. */
const PASSED_ON = ["edit", "category", "addressing_mode", "expiration", "hidden"];
/** Elements beside the ciphertexts that are passed on. */
const PASSED_ON_ELEMENTS = new Set(["device-identity", "meta", "reporting", "tctoken", "biz", "bot"]);

/** Pairs of people remembered as having talked. */
const MAX_CHATS = 50_000;

/** What a client's message leads to on its link. */
export interface Outcome {
  ack?: Stanza;
  /** How late the acknowledgement comes. */
  delayMs?: number | undefined;
  /** The link is cut before anything is said. */
  cut?: true;
}

export interface Sender {
  person: Person;
  device: number;
}

/** Relays messages: one incoming stanza becomes one per receiving device. */
export class Messages {
  private readonly chats = new Set<string>();

  constructor(
    private readonly directory: Directory,
    private readonly groups: Groups,
    private readonly delivery: Delivery,
    private readonly faults: Faults,
    private readonly sends: Sends,
    private readonly channeling: Channeling,
  ) {}

  /** Takes a message and says what becomes of it: an acknowledgement, at once or later, or none, or a cut link. */
  accept(sender: Sender, stanza: Stanza): Outcome {
    const { number } = sender.person;
    const { id = "", to = "", participant, category } = stanza.attrs;
    if (category !== "peer") this.sends.arrived({ number, id }, sender.device, to, isResend(stanza));
    // What devices of one number tell each other is no message to anybody, and faults leave it alone.
    const fault = (kind: RuleFault): Fault | undefined =>
      category === "peer" ? undefined : this.faults.take(kind, number, (each) => this.concerns(each, sender.person, to));
    const cut = fault("cut-at-message");
    if (cut?.deliver === false) return { cut: true };
    const refused = cut ? undefined : fault("error-ack");
    const posted = !refused && isChannel(to) ? this.post(sender, stanza) : undefined;
    const error = refused ? String(refused.code ?? 500) : posted ? posted.error : this.relay(sender, stanza);
    if (cut) return { cut: true };
    if (!error && fault("swallow-ack")) return {};
    const ack = el("ack", { class: "message", id, from: to, participant, t: unixTime(), error, server_id: posted?.serverId });
    return { ack, delayMs: fault("delay-ack")?.ms };
  }

  /** A stanza left for the device with this address; an acknowledgement among them is noted. */
  left(jid: string | undefined, { tag, attrs }: Stanza): void {
    if (tag !== "ack" || attrs["class"] !== "message" || attrs["id"] === undefined) return;
    this.sends.answered({ number: parseJid(jid)?.user ?? "", id: attrs["id"] }, attrs["error"]);
  }

  clear(): void {
    this.chats.clear();
  }

  /** @returns an error code for the acknowledgement, or undefined */
  relay(sender: Sender, stanza: Stanza): string | undefined {
    const to = stanza.attrs["to"] ?? "";
    if (isGroup(to)) {
      const group = this.groups.get(to);
      return group ? this.toGroup(sender, stanza, group) : "404";
    }
    if (to === STATUS_JID) {
      this.toStatus(sender, stanza);
      return undefined;
    }
    if (!isUser(to)) return "405";
    this.remember(sender.person, this.directory.resolve(bareJid(to)));
    const participants = child(stanza, "participants");
    if (!participants) this.toOneDevice(sender, stanza, to);
    else for (const envelope of children(participants, "to")) this.toEnvelope(sender, stanza, to, envelope);
    return undefined;
  }

  private post(sender: Sender, stanza: Stanza): { error?: string; serverId?: string } {
    try {
      return { serverId: String(this.channeling.post(sender.person, sender.device, stanza)) };
    } catch (err) {
      if (err instanceof ChannelError) return { error: String(err.code) };
      throw err;
    }
  }

  private concerns(fault: Fault, sender: Person, to: string): boolean {
    if (fault.to === undefined && !fault.newChats) return true;
    const target = this.directory.resolve(bareJid(to));
    if (fault.to !== undefined && fault.to !== to && (!target || (fault.to !== target.number && this.directory.resolve(fault.to) !== target))) return false;
    return !fault.newChats || (target !== undefined && target !== sender && !this.chats.has(chatOf(sender, target)));
  }

  /** Notes that two have exchanged something; the oldest chats count as new again when there are very many. */
  private remember(sender: Person, target: Person | undefined): void {
    if (!target) return;
    this.chats.add(chatOf(sender, target));
    if (this.chats.size <= MAX_CHATS) return;
    const oldest = this.chats.values().next();
    if (!oldest.done) this.chats.delete(oldest.value);
  }

  /** One of the ciphertexts of a 1:1 message. */
  private toEnvelope(sender: Sender, stanza: Stanza, to: string, envelope: Stanza): void {
    const jid = envelope.attrs["jid"] ?? "";
    const target = this.directory.resolve(bareJid(jid));
    if (!target || target.blocked.has(sender.person.number)) return;
    const device = parseJid(jid)?.device ?? 0;
    if (target === sender.person && device === sender.device) return;
    const encs = children(envelope, "enc");
    const domain = domainOf(jid);
    const attrs = target === sender.person ? this.ownCopy(sender, to, domain) : this.fromPerson(sender, domain);
    this.hand(sender, target, device, outgoing(stanza, sender, attrs, encs));
  }

  /** Without envelopes it is a peer message to an own device, or a resend to the device that asked for it. */
  private toOneDevice(sender: Sender, stanza: Stanza, to: string): void {
    const target = this.directory.resolve(bareJid(to));
    if (!target || target.blocked.has(sender.person.number)) return;
    const device = parseJid(to)?.device ?? 0;
    const recipient = stanza.attrs["recipient"];
    const domain = domainOf(to);
    const own = target === sender.person;
    const attrs = own && recipient ? this.ownCopy(sender, recipient, domain) : this.fromPerson(sender, domain);
    this.hand(sender, target, device, outgoing(stanza, sender, attrs, children(stanza, "enc")));
  }

  private toGroup(sender: Sender, stanza: Stanza, group: Group): string | undefined {
    const { number } = sender.person;
    if (!group.members.has(number)) return "403";
    if (group.data.announce && !group.isAdmin(number)) return "403";
    const attrs = this.inGroup(sender, group.jid, group.data.mode);
    const asked = stanza.attrs["participant"];
    if (asked) {
      const target = this.directory.resolve(bareJid(asked));
      if (!target || !group.members.has(target.number)) return undefined;
      this.hand(sender, target, parseJid(asked)?.device ?? 0, outgoing(stanza, sender, attrs, children(stanza, "enc")));
      return undefined;
    }
    const members = [...group.members.keys()].flatMap((each) => this.directory.lookup(each) ?? []);
    this.fanOut(sender, stanza, attrs, members);
    return undefined;
  }

  /** A status goes to those the sender made it out to. */
  private toStatus(sender: Sender, stanza: Stanza): void {
    const asked = stanza.attrs["participant"];
    const jids = asked ? [asked] : children(child(stanza, "participants"), "to").flatMap((each) => each.attrs["jid"] ?? []);
    const people = new Set(jids.flatMap((jid) => this.directory.resolve(bareJid(jid)) ?? []));
    people.add(sender.person);
    if (asked) {
      const [target] = people;
      const attrs = this.inGroup(sender, STATUS_JID, domainOf(asked));
      if (target) this.hand(sender, target, parseJid(asked)?.device ?? 0, outgoing(stanza, sender, attrs, children(stanza, "enc")));
      return;
    }
    const domain = jids[0] === undefined ? "pn" : domainOf(jids[0]);
    this.fanOut(sender, stanza, this.inGroup(sender, STATUS_JID, domain), [...people]);
  }

  /** To every device of these people but the sending one; the sender key comes in front of what it opens. */
  private fanOut(sender: Sender, stanza: Stanza, attrs: Record<string, string>, people: Person[]): void {
    const keys = new Map<string, Stanza[]>();
    for (const envelope of children(child(stanza, "participants"), "to")) {
      const jid = envelope.attrs["jid"] ?? "";
      const target = this.directory.resolve(bareJid(jid));
      if (target) keys.set(`${target.number}:${parseJid(jid)?.device ?? 0}`, children(envelope, "enc"));
    }
    const content = children(stanza, "enc");
    for (const person of people) {
      if (person.blocked.has(sender.person.number) && stanza.attrs["to"] === STATUS_JID) continue;
      for (const device of [0, ...person.companions.keys()]) {
        if (person === sender.person && device === sender.device) continue;
        const key = keys.get(`${person.number}:${device}`) ?? [];
        this.hand(sender, person, device, outgoing(stanza, sender, attrs, [...key, ...content]));
      }
    }
  }

  private hand(sender: Sender, person: Person, device: number, stanza: Stanza): void {
    this.sends.copied({ number: sender.person.number, id: stanza.attrs["id"] ?? "" }, person.number, device, markOf(stanza));
    this.delivery.toDevice(person, device, device === 0 ? without(stanza, "hidden") : hidden(stanza));
  }

  private fromPerson(sender: Sender, domain: Domain): Record<string, string> {
    const { person, device } = sender;
    const other = domain === "lid" ? { sender_pn: person.jid } : { sender_lid: person.lidJid };
    return { from: person.address(domain, device), ...other };
  }

  /** For own devices: whom it was sent to. The own other address would be taken for the chat's. */
  private ownCopy(sender: Sender, chat: string, domain: Domain): Record<string, string> {
    const peer = this.directory.resolve(bareJid(chat));
    const other = domainOf(chat) === "lid" ? { peer_recipient_pn: peer?.jid } : { peer_recipient_lid: peer?.lidJid };
    const attrs: Record<string, string> = { from: sender.person.address(domain, sender.device), recipient: chat };
    for (const [name, value] of Object.entries(other)) if (value !== undefined && peer !== sender.person) attrs[name] = value;
    return attrs;
  }

  private inGroup(sender: Sender, chat: string, domain: Domain): Record<string, string> {
    const { person, device } = sender;
    const other = domain === "lid" ? { participant_pn: person.jid } : { participant_lid: person.lidJid };
    return { from: chat, participant: person.address(domain, device), addressing_mode: domain, ...other };
  }
}

/** The same whoever of the two writes. */
function chatOf(one: Person, other: Person): string {
  return one.number < other.number ? `${one.number}:${other.number}` : `${other.number}:${one.number}`;
}

/** What WhatsApp keeps from linked devices comes to them as an empty stanza that says so. */
function hidden(stanza: Stanza): Stanza {
  const type = stanza.attrs["hidden"];
  if (type === undefined) return stanza;
  return el("message", without(stanza, "hidden").attrs, [el("unavailable", type === "" ? {} : { type })]);
}

function without(stanza: Stanza, name: string): Stanza {
  const attrs = Object.fromEntries(Object.entries(stanza.attrs).filter(([each]) => each !== name));
  return { ...stanza, attrs };
}

/** Sent again to the one device that asked for it (Baileys messages-send.js, relayMessage with `participant`). */
function isResend(stanza: Stanza): boolean {
  const { participant, device_fanout: fanout } = stanza.attrs;
  return participant !== undefined || fanout === "false";
}

/** The stanza as one receiving device gets it. */
function outgoing(stanza: Stanza, sender: Sender, attrs: Record<string, string>, encs: Stanza[]): Stanza {
  const kept: Record<string, string | undefined> = { id: stanza.attrs["id"], type: stanza.attrs["type"] };
  for (const name of PASSED_ON) kept[name] = stanza.attrs[name];
  const rest = children(stanza).filter((each) => PASSED_ON_ELEMENTS.has(each.tag));
  return el("message", { ...kept, t: unixTime(), notify: sender.person.name, ...attrs }, [...encs, ...rest]);
}
