import type { proto } from "baileys/WAProto/index.js";
import { randomBytes } from "../wire/curve.js";
import { bareJid, isGroup, parseJid, STATUS_JID } from "../wire/jid.js";
import { bytesOf, child, children, el, type Stanza } from "../wire/stanza.js";
import type { Person } from "../world/person.js";
import { bundleElements, readPreKeys, readSignedPreKey, type KeyBundle } from "../world/prekeys.js";
import { Inbox, type InboxMessage } from "./inbox.js";
import type { PhoneParts, PhoneWorld, SentMessage } from "./parts.js";
import { Reader, type Author, type Reading } from "./reader.js";
import { reupload } from "./reupload.js";
import { SenderKeys, type SenderKeyRecord } from "./senderkeys.js";
import { SignalUser, type SignalRecord } from "./signal.js";
import { targetJid, Writer, type SendOptions } from "./writer.js";

/** Stanzas waiting to be read by one phone; further ones are dropped and logged. */
const MAX_BACKLOG = 10_000;
/** Receipts held back at a time; further ones go at once. */
const MAX_HELD_RECEIPTS = 5_000;
const MAX_RETRIES = 5;
const MAX_RETRIED_IDS = 1_000;

export interface PhoneRecord {
  signal: SignalRecord;
  senderKeys: SenderKeyRecord;
  appStateKey: { id: string; data: string };
}

/** A mock phone: device 0 of somebody. It really encrypts and decrypts, one thing after another. */
export class Phone implements PhoneParts {
  readonly signal: SignalUser;
  readonly senderKeys: SenderKeys;
  readonly inbox = new Inbox();
  readonly sent = new Map<string, SentMessage>();
  readonly writer: Writer;
  /** The key linked devices encrypt the app state with. */
  readonly appStateKey: { id: Buffer; data: Buffer };
  private readonly reader: Reader;
  private readonly retries = new Map<string, number>();
  private tail: Promise<unknown> = Promise.resolve();
  private backlog = 0;
  /** Receipts not sent yet. */
  private readonly held = new Set<() => void>();

  constructor(
    readonly person: Person,
    readonly world: PhoneWorld,
    saved?: PhoneRecord,
    /** Called with what a linked device asks this phone for. */
    private readonly onPeerRequest?: (phone: Phone, device: number, id: string, message: proto.IMessage) => Promise<void>,
  ) {
    this.signal = new SignalUser(saved?.signal);
    this.senderKeys = new SenderKeys(saved?.senderKeys);
    this.appStateKey = saved
      ? { id: Buffer.from(saved.appStateKey.id, "base64"), data: Buffer.from(saved.appStateKey.data, "base64") }
      : { id: Buffer.concat([Buffer.from([0, 0]), randomBytes(4)]), data: randomBytes(32) };
    this.reader = new Reader(this);
    this.writer = new Writer(this);
  }

  /** Takes a stanza the server has for this phone. */
  deliver(stanza: Stanza): void {
    if (this.backlog >= MAX_BACKLOG) {
      this.world.log.warn({ number: this.person.number, tag: stanza.tag }, "phone is overrun, stanza dropped");
      return;
    }
    this.backlog += 1;
    void this.run(() => this.handle(stanza))
      .catch((err: unknown) => { this.world.log.warn({ err, tag: stanza.tag }, "phone could not handle a stanza"); })
      .finally(() => { this.backlog -= 1; });
  }

  /** Does something with the phone's keys after everything begun before. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined);
    return result.finally(() => { this.person.touch(); });
  }

  /**
   * Sends a message. `to` is a number, an address, a group or status@broadcast.
   * @returns the message id
   * @throws when nobody is there
   */
  async say(to: string, message: proto.IMessage, options: Partial<SendOptions> = {}): Promise<string> {
    const jid = targetJid(to, this.person.addressing, (number) => this.world.directory.dial(number));
    if (!jid) throw new Error(`nobody has the number ${to}`);
    const id = options.id ?? newMessageId();
    await this.run(() => this.writer.send(jid, message, { ...options, id }));
    return id;
  }

  /** Sends the receipts that are still being held back. */
  settle(): void {
    for (const send of [...this.held]) send();
  }

  /** Tells the authors of messages what became of them. Types: `delivered`, `read`, `played`. */
  receipt(type: string, chat: string, ids: string[], participant?: string): void {
    const [id, ...rest] = ids;
    if (id === undefined) return;
    const list = rest.map((each) => el("item", { id: each }));
    const attrs = { id, to: chat, participant, type: type === "delivered" ? undefined : type, t: type === "delivered" ? undefined : now() };
    this.world.uplink.receipt(this.person, el("receipt", attrs, list.length > 0 ? [el("list", {}, list)] : undefined));
  }

  toJSON(): PhoneRecord {
    const { id, data } = this.appStateKey;
    const appStateKey = { id: id.toString("base64"), data: data.toString("base64") };
    return { signal: this.signal.toJSON(), senderKeys: this.senderKeys.toJSON(), appStateKey };
  }

  private async handle(stanza: Stanza): Promise<void> {
    if (stanza.tag === "message") await this.readMessage(stanza);
    else if (stanza.tag === "receipt") await this.readReceipt(stanza);
    else if (stanza.tag === "notification" && stanza.attrs["type"] === "w:gp2" && child(stanza, "remove")) {
      // Whoever left must not read what is said from now on.
      this.senderKeys.rotate(stanza.attrs["from"] ?? "");
    }
  }

  private async readMessage(stanza: Stanza): Promise<void> {
    const reading = await this.reader.read(stanza);
    if (!reading) return;
    if (reading.kind === "content") {
      this.confirm(stanza, reading.author);
      this.autoReply(reading.entry, stanza);
      if (stanza.attrs["category"] === "peer" && reading.entry.fromMe) this.peerRequest(reading.author.device, reading.entry.id, reading.message);
    } else if (reading.kind === "keys") this.confirm(stanza);
    else this.askAgain(stanza, reading);
  }

  /** Answered after this message, because the answer uses the phone's keys as well. */
  private peerRequest(device: number, id: string, message: proto.IMessage): void {
    void this.onPeerRequest?.(this, device, id, message).catch((err: unknown) => {
      this.world.log.warn({ err, number: this.person.number }, "a linked device's request could not be answered");
    });
  }

  /** The receipt every device sends for what it could read. */
  private confirm(stanza: Stanza, author?: Author): void {
    const { id = "", from = "", participant, recipient, category } = stanza.attrs;
    const own = author?.person === this.person;
    const type = category === "peer" ? "peer_msg" : own ? "sender" : undefined;
    const attrs = own && recipient ? { id, to: from, recipient, type } : { id, to: from, participant, type };
    const send = (): void => {
      this.held.delete(send);
      this.world.uplink.receipt(this.person, el("receipt", attrs));
    };
    if (this.world.receiptDelayMs === 0 || this.held.size >= MAX_HELD_RECEIPTS) {
      send();
      return;
    }
    this.held.add(send);
    setTimeout(() => { if (this.held.has(send)) send(); }, this.world.receiptDelayMs).unref();
  }

  private autoReply(entry: InboxMessage, stanza: Stanza): void {
    const { autoReply } = this.person;
    if (autoReply === undefined || entry.fromMe || entry.text === undefined || isGroup(entry.chat) || entry.chat === STATUS_JID) return;
    const text = autoReply.replaceAll("{text}", entry.text);
    void this.say(bareJid(stanza.attrs["from"] ?? ""), { conversation: text }).catch((err: unknown) => {
      this.world.log.warn({ err }, "auto reply failed");
    });
  }

  /** A retry receipt with the phone's own keys (Baileys messages-recv.js, sendRetryRequest). */
  private askAgain(stanza: Stanza, reading: Reading & { kind: "failure" }): void {
    const { id = "", from = "", participant, recipient, t } = stanza.attrs;
    if (reading.reason === "duplicate" && !this.person.retryOnDuplicate) return;
    const count = (this.retries.get(id) ?? 0) + 1;
    if (count > MAX_RETRIES) return;
    this.retries.set(id, count);
    if (this.retries.size > MAX_RETRIED_IDS) this.retries.clear();
    const [registration, type, identity, skey] = bundleElements(this.signal.bundle());
    if (!registration || !type || !identity || !skey) return;
    const content = [
      el("retry", { count: String(count), id, t, v: "1", error: "0" }),
      registration,
      el("keys", {}, [type, identity, skey]),
    ];
    this.world.uplink.receipt(this.person, el("receipt", { id, type: "retry", to: from, participant, recipient }, content));
  }

  private async answerMedia(device: number, request: Stanza): Promise<void> {
    const attrs = { from: this.person.jid, type: "mediaretry", id: request.attrs["id"], t: now() };
    const content = await reupload(this, request);
    this.person.companions.get(device)?.deliver(el("notification", attrs, content));
  }

  private async readReceipt(stanza: Stanza): Promise<void> {
    const { id = "", from = "", participant, type = "delivered" } = stanza.attrs;
    const jid = participant ?? from;
    const person = this.world.directory.resolve(bareJid(jid));
    if (!person) return;
    const device = parseJid(jid)?.device ?? 0;
    const ids = [id, ...children(child(stanza, "list"), "item").flatMap((item) => item.attrs["id"] ?? [])];
    if (type === "server-error") {
      await this.answerMedia(device, stanza);
      return;
    }
    this.inbox.receipts.push({ time: Date.now(), type, chat: bareJid(from), number: person.number, device, ids });
    if (type !== "retry") return;
    const count = Number(child(stanza, "retry")?.attrs["count"] ?? "1");
    await this.writer.resend(id, { person, device }, jid, count, bundleOf(stanza));
  }
}

/** An id as phones make them; a linked device's begin with 3EB0. */
export function newMessageId(): string {
  return `3A${randomBytes(9).toString("hex").toUpperCase()}`;
}

function now(): string {
  return String(Math.floor(Date.now() / 1000));
}

/** Keys enclosed in a retry receipt; undefined when there are none. */
function bundleOf(receipt: Stanza): KeyBundle | undefined {
  const keys = child(receipt, "keys");
  const identity = bytesOf(child(keys, "identity"));
  const signed = readSignedPreKey(child(keys, "skey"));
  const registration = bytesOf(child(receipt, "registration"));
  if (identity?.length !== 32 || !signed || registration?.length !== 4) return undefined;
  return { registrationId: registration.readUInt32BE(), identity, signed, oneTime: readPreKeys(keys)[0] };
}
