import type { proto } from "baileys/WAProto/index.js";
import { bareJid, domainOf, formatJid, GROUP_SERVER, isGroup, parseJid, STATUS_JID, type Domain } from "../wire/jid.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Person } from "../world/person.js";
import type { KeyBundle } from "../world/prekeys.js";
import { editKind, encodePadded, mediaType, stanzaType } from "./content.js";
import { deviceIds, type PhoneParts } from "./parts.js";
import { addressOf } from "./signal.js";

type Message = proto.IMessage;

/** Messages kept per phone for those who could not read them. */
const MAX_SENT = 1_000;

interface Recipient {
  person: Person;
  device: number;
}

export interface SendOptions {
  id: string;
  /** Further attributes of the message stanza. */
  attrs?: Record<string, string>;
  /** Status broadcasts: who may see it. */
  audience?: Person[];
}

/** Encrypts a mock phone's messages and puts them on the way, as a client does. */
export class Writer {
  constructor(private readonly parts: PhoneParts) {}

  /** Sends to a user address (in its domain), a group or status@broadcast. Throws when there is no such recipient. */
  async send(to: string, message: Message, options: SendOptions): Promise<void> {
    const edit = editKind(message);
    const attrs = { id: options.id, to, type: stanzaType(message), ...(edit ? { edit } : {}), ...options.attrs };
    this.remember(options.id, to, message, attrs);
    const content =
      isGroup(to) || to === STATUS_JID ? await this.forGroup(to, message, options.audience ?? []) : await this.forUser(to, message);
    this.parts.world.uplink.message(this.parts.person, el("message", attrs, content));
  }

  /** Sends a message once more, to the one device that asked for it. */
  async resend(id: string, requester: Recipient, requesterJid: string, count: number, bundle?: KeyBundle): Promise<boolean> {
    const sent = this.parts.sent.get(id);
    const fresh = bundle ?? this.parts.world.bundle(requester.person, requester.device);
    if (!sent || !fresh) return false;
    const address = addressOf(requester.person.lid, requester.device);
    await this.parts.signal.begin(address, fresh);
    const group = isGroup(sent.to) || sent.to === STATUS_JID;
    const own = requester.person === this.parts.person;
    const inner = group ? { ...sent.message, ...this.distribution(sent.to) } : sent.message;
    const message = own ? { deviceSentMessage: { destinationJid: sent.to, message: inner } } : inner;
    const enc = await this.seal(address, encodePadded(message), { ...this.encAttrs(sent.message), count: String(count) });
    const route = group
      ? { to: sent.to, participant: requesterJid }
      : { to: requesterJid, device_fanout: "false", ...(own ? { recipient: sent.to } : {}) };
    this.parts.world.uplink.message(this.parts.person, el("message", { ...sent.attrs, ...route }, [enc]));
    return true;
  }

  /** A peer message for one of the owner's linked devices, not yet addressed as a stanza. */
  async sealFor(recipient: Recipient, message: Message): Promise<Stanza> {
    await this.ensureSession(recipient);
    return this.seal(addressOf(recipient.person.lid, recipient.device), encodePadded(message), {});
  }

  private async forUser(to: string, message: Message): Promise<Stanza[]> {
    const target = this.parts.world.directory.resolve(bareJid(to));
    if (!target) throw new Error(`nobody has the address ${to}`);
    const { person } = this.parts;
    const domain = domainOf(to);
    const nodes: Stanza[] = [];
    const toOthers = encodePadded(message);
    for (const recipient of this.devices(target)) nodes.push(await this.envelope(recipient, domain, toOthers, message));
    if (target !== person) {
      const copy = encodePadded({ deviceSentMessage: { destinationJid: to, message }, ...contextOf(message) });
      for (const recipient of this.devices(person)) nodes.push(await this.envelope(recipient, domain, copy, message));
    }
    return [el("participants", {}, nodes)];
  }

  private async forGroup(to: string, message: Message, audience: Person[]): Promise<Stanza[]> {
    const { senderKeys, world } = this.parts;
    const group = world.groups.get(to);
    if (!group && to !== STATUS_JID) throw new Error(`there is no group ${to}`);
    const people = group ? [...group.members.keys()].flatMap((number) => world.directory.lookup(number) ?? []) : [...audience, this.parts.person];
    const recipients = people.flatMap((person) => this.devices(person));
    const byAddress = new Map(recipients.map((each) => [addressOf(each.person.lid, each.device), each]));
    const distribution = encodePadded(this.distribution(to));
    const nodes: Stanza[] = [];
    const missing = new Set(senderKeys.claimMissing(to, [...byAddress.keys()]));
    for (const [address, recipient] of byAddress) {
      if (missing.has(address)) nodes.push(await this.envelope(recipient, group?.data.mode ?? "pn", distribution, message));
      // A status names everybody it is for, also those who have the key.
      else if (!group) nodes.push(el("to", { jid: recipient.person.address("pn", recipient.device) }));
    }
    const enc = el("enc", { v: "2", type: "skmsg", ...this.encAttrs(message) }, senderKeys.encrypt(to, encodePadded(message)));
    return nodes.length > 0 ? [el("participants", {}, nodes), enc] : [enc];
  }

  private distribution(group: string): Message {
    const axolotlSenderKeyDistributionMessage = this.parts.senderKeys.distribution(group);
    return { senderKeyDistributionMessage: { groupId: group, axolotlSenderKeyDistributionMessage } };
  }

  /** Every device of a person except this phone. */
  private devices(person: Person): Recipient[] {
    return deviceIds(person).filter((device) => device !== 0 || person !== this.parts.person).map((device) => ({ person, device }));
  }

  private async envelope(recipient: Recipient, domain: Domain, plain: Buffer, message: Message): Promise<Stanza> {
    await this.ensureSession(recipient);
    const address = addressOf(recipient.person.lid, recipient.device);
    const enc = await this.seal(address, plain, this.encAttrs(message));
    return el("to", { jid: recipient.person.address(domain, recipient.device) }, [enc]);
  }

  private async seal(address: string, plain: Buffer, attrs: Record<string, string>): Promise<Stanza> {
    const { type, ciphertext } = await this.parts.signal.encrypt(address, plain);
    return el("enc", { v: "2", type, ...attrs }, ciphertext);
  }

  /** A session with the device as it is now; a device that was linked anew has another identity. */
  private async ensureSession({ person, device }: Recipient): Promise<void> {
    const address = addressOf(person.lid, device);
    const current = person.companions.get(device)?.keys.identity;
    const known = this.parts.signal.sessionIdentity(address);
    if (known && (!current || current.equals(known))) return;
    const bundle = this.parts.world.bundle(person, device);
    if (bundle) await this.parts.signal.begin(address, bundle);
  }

  private encAttrs(message: Message): Record<string, string> {
    const media = mediaType(message);
    return { ...(media ? { mediatype: media } : {}), ...(message.reactionMessage ? { "decrypt-fail": "hide" } : {}) };
  }

  private remember(id: string, to: string, message: Message, attrs: Record<string, string>): void {
    const { sent } = this.parts;
    sent.set(id, { to, message, attrs });
    if (sent.size <= MAX_SENT) return;
    const oldest = sent.keys().next();
    if (!oldest.done) sent.delete(oldest.value);
  }
}

function contextOf(message: Message): Message {
  return message.messageContextInfo ? { messageContextInfo: message.messageContextInfo } : {};
}

/** The address a phone writes to for what a person typed: digits, an address or a group. */
export function targetJid(to: string, domain: Domain, find: (number: string) => Person | undefined): string | undefined {
  if (to === STATUS_JID) return to;
  const parsed = parseJid(to);
  if (parsed?.server === GROUP_SERVER) return formatJid(parsed.user, GROUP_SERVER);
  if (parsed?.server === "lid") return bareJid(to);
  const person = find(to);
  return parsed ? person?.jid : person?.address(domain);
}
