import { bareJid, domainOf, isGroup, isUser, parseJid, STATUS_JID } from "../wire/jid.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Groups } from "../world/groups.js";
import type { Sends } from "../world/sends.js";
import type { Delivery } from "./delivery.js";
import type { Sender } from "./messages.js";
import { unixTime } from "./delivery.js";

/** Kinds that concern nobody but the server and the sender's own devices. */
const NOT_FORWARDED = new Set(["inactive", "peer_msg", "hist_sync"]);
/** Kinds the sender's other devices hear of, so that they mark the chat as read too. */
const READ_KINDS: Partial<Record<string, string>> = { read: "read-self", played: "played-self", "read-self": "read-self", "played-self": "played-self" };

/** Passes receipts on to those whose messages they are about. */
export class Receipts {
  constructor(
    private readonly directory: Directory,
    private readonly groups: Groups,
    private readonly delivery: Delivery,
    private readonly sends: Sends,
  ) {}

  forward(sender: Sender, stanza: Stanza): void {
    const { type, to = "", participant } = stanza.attrs;
    if (type !== undefined && NOT_FORWARDED.has(type)) return;
    if (type === "server-error") {
      // The own phone has the file and can upload it again.
      this.delivery.toDevice(sender.person, 0, passedOn(stanza, { from: sender.person.address("pn", sender.device), type }));
      return;
    }
    if (type === "retry") {
      this.retry(sender, stanza);
      return;
    }
    if (type === "sender") {
      this.toOwnDevices(sender, stanza, "sender", stanza.attrs["recipient"] ?? to);
      return;
    }
    const selfKind = type === undefined ? undefined : READ_KINDS[type];
    if (selfKind) this.toOwnDevices(sender, stanza, selfKind, to);
    if (type === selfKind && type !== undefined) return;
    if (isGroup(to) || to === STATUS_JID) this.inGroup(sender, stanza, to, participant);
    else if (isUser(to)) this.toPerson(sender, stanza, to);
  }

  private toPerson(sender: Sender, stanza: Stanza, to: string): void {
    const author = this.directory.resolve(bareJid(to));
    // A device address would end up in the keys of the client's messages.
    if (author) this.delivery.toPerson(author, passedOn(stanza, { from: sender.person.address(domainOf(to)) }));
  }

  private inGroup(sender: Sender, stanza: Stanza, to: string, participant: string | undefined): void {
    const author = this.directory.resolve(participant && bareJid(participant));
    if (!author || author === sender.person) return;
    const domain = this.groups.get(to)?.data.mode ?? domainOf(participant ?? "");
    this.delivery.toPerson(author, passedOn(stanza, { from: to, participant: sender.person.address(domain) }));
  }

  private toOwnDevices(sender: Sender, stanza: Stanza, type: string, chat: string): void {
    const domain = domainOf(chat);
    const { person, device } = sender;
    const attrs = isGroup(chat) || chat === STATUS_JID
      ? { from: chat, participant: person.address(this.groups.get(chat)?.data.mode ?? domain), type }
      : { from: person.address(domain), recipient: bareJid(chat), type };
    this.delivery.toPerson(person, passedOn(stanza, attrs), device);
  }

  /** Only the device that sent the message can send it again; the asking device is named in full. */
  private retry(sender: Sender, stanza: Stanza): void {
    const { to = "", participant, recipient } = stanza.attrs;
    const authorJid = participant ?? to;
    const author = this.directory.resolve(bareJid(authorJid));
    if (!author) return;
    this.sends.retried({ number: author.number, id: stanza.attrs["id"] ?? "" }, sender.person.number, sender.device);
    const domain = domainOf(authorJid);
    const me = sender.person.address(domain, sender.device);
    const attrs = participant ? { from: to, participant: me } : { from: me, ...(recipient ? { recipient } : {}) };
    this.delivery.toDevice(author, parseJid(authorJid)?.device ?? 0, passedOn(stanza, { ...attrs, type: "retry" }));
  }
}

function passedOn(stanza: Stanza, attrs: Record<string, string>): Stanza {
  const { id, type, t } = stanza.attrs;
  return el("receipt", { id, type, t: t ?? unixTime(), ...attrs }, stanza.content);
}
