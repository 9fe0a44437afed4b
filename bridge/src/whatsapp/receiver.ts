/**
 * Turns what a session receives into events. Encrypted messages are recorded while they are decrypted (see
 * signal-repository.ts), and those that cannot be as soon as that is known; what comes in the clear before Baileys
 * acknowledges it; what Baileys brings by another way when it is emitted.
 */
import type { EventData } from "../rpc/contract.gen.js";
import { checkEventData } from "../rpc/validate.js";
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { proto, type BinaryNode, type WAMessage } from "./baileys.js";
import { decodePlaintext } from "./content.js";
import { dedupKey, readEnvelope, unreadableKey, type AddressBook, type Envelope, type Self } from "./incoming.js";
import { noteChat } from "./chat-times.js";
import { isChannelJid, isGroupJid, lidJid, phoneJid, sameUser } from "./jid.js";
import { MessageEvents, type Reading, type UnreadableReason } from "./message-events.js";
import { childOf, childrenOf } from "./nodes.js";
import { SmallCache } from "./small-cache.js";

export interface ReceiverDeps {
  store: Store;
  journal: Journal;
  log: Logger;
  pairing: Pairing;
  self: () => Self;
  /** Called when a message was recorded. */
  onMessage: (message: RecordedMessage) => void;
}

/** A message that is on disk now. */
export interface RecordedMessage {
  chatId: string;
  fromMe: boolean;
  /** Names the file that came with it. */
  media: Reading["media"];
}

type Recording = () => void;

/** Of messages recorded while decrypting: Baileys emits them a moment later once more. */
const RECENT_LIMIT = 1000;
const RECENT_TTL_MS = 10 * 60_000;

/** Messages in one answer of the own phone. */
const RESENT_LIMIT = 64;

/** The kinds of ciphertext there is a key for here. */
const READABLE = new Set(["pkmsg", "msg", "skmsg"]);

/** An event must fit into a line of the RPC with room to spare. */
const MAX_EVENT_BYTES = 700_000;

/** What libsignal says when there is no key at all, and not a wrong one. */
const NO_KEY = /no (matching )?session|no sender ?key|no record|no ?session|invalid prekey id|no senderkey/i;

export class Receiver {
  readonly #deps: ReceiverDeps;
  readonly #events: MessageEvents;
  readonly #stanzas = new WeakMap<Uint8Array, BinaryNode>();
  /** Stanzas that waited at WhatsApp. */
  readonly #offline = new WeakSet<BinaryNode>();
  readonly #recent = new SmallCache(RECENT_LIMIT, RECENT_TTL_MS);

  constructor(deps: ReceiverDeps) {
    this.#deps = deps;
    this.#events = new MessageEvents(deps.store, deps.pairing, deps.self);
  }

  /** Remembers which stanza a ciphertext came in. Call it before Baileys handles the stanza. */
  noteStanza(stanza: BinaryNode): void {
    if (stanza.attrs["offline"] !== undefined) this.#offline.add(stanza);
    for (const child of childrenOf(stanza)) {
      if (child.content instanceof Uint8Array) this.#stanzas.set(child.content, stanza);
    }
  }

  /** True when a message with this id was recorded a short while ago. */
  hasRecorded(id: string | null | undefined): boolean {
    return typeof id === "string" && this.#recent.get(id) === true;
  }

  /**
   * Records what nobody has to decrypt: a channel's post, and a message whose content WhatsApp keeps from here.
   * @returns undefined when the stanza is none of these. Call it before Baileys handles the stanza.
   * @throws BridgeError store_unavailable
   */
  recordPlain(stanza: BinaryNode, book: AddressBook): Promise<void> | undefined {
    const encrypted = childrenOf(stanza, "enc");
    if (encrypted.some(({ attrs }) => READABLE.has(attrs["type"] ?? ""))) return undefined;
    if (isChannelJid(stanza.attrs["from"])) return this.#recordPost(stanza, book);
    const hides = childOf(stanza, "unavailable") !== undefined || encrypted.length > 0;
    return hides ? this.#recordUnreadable(stanza, "unavailable", book) : undefined;
  }

  /**
   * What records the event of a decrypted message, or undefined when it has none. From here on it counts as recorded: if it
   * cannot be, the connection ends. Never throws.
   */
  async prepareEvent(ciphertext: Uint8Array, plaintext: Uint8Array, book: AddressBook): Promise<Recording | undefined> {
    try {
      const stanza = this.#stanzas.get(ciphertext);
      if (stanza === undefined) return undefined;
      const envelope = readEnvelope(stanza.attrs, this.#deps.self(), Date.now());
      const message = decoded(plaintext);
      if (message === undefined) return envelope === undefined ? undefined : await this.#prepareUnreadable(envelope, "bad_ciphertext", book);
      if (envelope === undefined) return await this.#prepareResent(stanza, message, book);
      const record = await this.#prepare(envelope, message, { book, offline: this.#offline.has(stanza) });
      if (record !== undefined) this.#recent.set(envelope.id, true);
      return record;
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#deps.pairing.tenantId, err: error }, "a received message could not be described");
      return undefined;
    }
  }

  /**
   * Records that a message could not be decrypted, if somebody would miss it.
   * @throws BridgeError store_unavailable
   */
  async recordFailure(ciphertext: Uint8Array, error: unknown, book: AddressBook): Promise<void> {
    const stanza = this.#stanzas.get(ciphertext);
    const part = childrenOf(stanza).find((child) => child.content === ciphertext);
    // In a group the first part only brings a key. What WhatsApp's own clients hide when it fails, such as a reaction, is no message.
    const isCarrier = part?.attrs["type"] !== "skmsg" && childrenOf(stanza, "enc").some(({ attrs }) => attrs["type"] === "skmsg");
    if (stanza === undefined || isCarrier || part?.attrs["decrypt-fail"] === "hide") return;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : "";
    await this.#recordUnreadable(stanza, NO_KEY.test(message) ? "no_session" : "bad_ciphertext", book);
  }

  /**
   * Records messages that Baileys emitted and that are not recorded yet.
   * @throws BridgeError store_unavailable
   */
  async takeEmitted(messages: readonly WAMessage[], book: AddressBook): Promise<void> {
    for (const message of messages) {
      if (this.hasRecorded(message.key.id)) continue;
      const record = await this.#prepareEmitted(message, book);
      if (record !== undefined) this.#deps.store.writer.now(record);
    }
  }

  async #recordPost(stanza: BinaryNode, book: AddressBook): Promise<void> {
    const envelope = readEnvelope(stanza.attrs, this.#deps.self(), Date.now());
    const { content } = childOf(stanza, "plaintext") ?? {};
    const message = content instanceof Uint8Array ? decoded(content, (bytes) => proto.Message.decode(bytes)) : undefined;
    if (envelope === undefined || message === undefined) return;
    await this.#write(await this.#prepare(envelope, message, { book, offline: this.#offline.has(stanza) }));
  }

  async #recordUnreadable(stanza: BinaryNode, reason: UnreadableReason, book: AddressBook): Promise<void> {
    const envelope = readEnvelope(stanza.attrs, this.#deps.self(), Date.now());
    if (envelope !== undefined) await this.#write(await this.#prepareUnreadable(envelope, reason, book));
  }

  async #write(record: Recording | undefined): Promise<void> {
    if (record !== undefined) await this.#deps.store.writer.soon(record);
  }

  /** Messages the own phone sends again, in its answer to being asked for them: recorded with that answer, which comes once. */
  async #prepareResent(stanza: BinaryNode, message: proto.IMessage, book: AddressBook): Promise<Recording | undefined> {
    const { from } = stanza.attrs;
    const self = this.#deps.self();
    const answer = message.protocolMessage?.peerDataOperationRequestResponseMessage ?? message.deviceSentMessage?.message?.protocolMessage?.peerDataOperationRequestResponseMessage;
    if (!sameUser(from, self.phone) && !sameUser(from, self.lid)) return undefined;
    const records: Recording[] = [];
    for (const { placeholderMessageResendResponse: resent } of (answer?.peerDataOperationResult ?? []).slice(0, RESENT_LIMIT)) {
      const bytes = resent?.webMessageInfoBytes;
      const found = bytes ? decoded(bytes, (given) => proto.WebMessageInfo.decode(given)) : undefined;
      const record = found?.key ? await this.#prepareEmitted(found as WAMessage, book) : undefined;
      if (record !== undefined) records.push(record);
    }
    return records.length === 0 ? undefined : () => {
      for (const record of records) record();
    };
  }

  async #prepareEmitted(message: WAMessage, book: AddressBook): Promise<Recording | undefined> {
    const envelope = envelopeOf(message, this.#deps.self(), Date.now());
    if (envelope === undefined || message.message === null || message.message === undefined) return undefined;
    // Keeping it takes parts away: Baileys goes on with its own.
    return this.#prepare(envelope, proto.Message.decode(proto.Message.encode(message.message).finish()), { book, offline: false });
  }

  async #prepareUnreadable(envelope: Envelope, reason: UnreadableReason, book: AddressBook): Promise<Recording | undefined> {
    if (!this.#isWanted(envelope)) return undefined;
    const reading = await this.#events.unreadable(envelope, reason, book);
    return reading === undefined ? undefined : this.#recording(reading);
  }

  async #prepare(bare: Envelope, message: proto.IMessage, { book, offline }: { book: AddressBook; offline: boolean }): Promise<Recording | undefined> {
    if (!this.#isWanted(bare)) return undefined;
    const reading = await this.#events.read(bare, message, book, offline);
    return reading === undefined ? undefined : this.#recording(reading);
  }

  /** What a tenant does not want to hear of is not even kept. */
  #isWanted({ id, chatType }: Envelope): boolean {
    if (chatType === "person") return true;
    const settings = this.#deps.store.settings.get(this.#deps.pairing.tenantId);
    const wanted = chatType === "group" ? settings.groupEvents : chatType === "status" ? settings.statusMessages : settings.channelMessages;
    // Nor when Baileys brings it once more, by when the tenant may have chosen otherwise.
    if (!wanted) this.#recent.set(id, true);
    return wanted;
  }

  #recording({ envelope, event, kept, media, expiration }: Reading): Recording {
    const { store, journal, pairing } = this.#deps;
    const { tenantId } = pairing;
    const data = this.#fitting(event);
    const identity = dedupKey(tenantId, envelope);
    const isUnreadable = event.type === "message.unreadable";
    const nowMs = Date.now();
    return () => {
      // What this gateway sent comes back to nobody, but a message that names one of its ids would.
      if (envelope.fromMe && store.outbox.get(tenantId, envelope.id) !== undefined) return;
      // Read already, whatever became of this copy of it.
      if (isUnreadable && store.events.knows(identity)) return;
      const isNew = journal.append({ pairingId: pairing.id, occurredAtMs: nowMs, data, dedup: isUnreadable ? unreadableKey(tenantId, envelope) : identity });
      if (isUnreadable) return;
      if (kept !== undefined) store.messages.record(tenantId, kept.messageId, identity, kept.message, nowMs);
      if (media !== undefined && kept !== undefined) store.media.note(tenantId, media.mediaId, { messageId: kept.messageId, identity }, nowMs);
      if (event.type === "message" && (envelope.chatType === "person" || envelope.chatType === "group")) noteChat(store, tenantId, this.#deps.self(), envelope, nowMs);
      if (expiration !== undefined) store.disappearing.note(pairing, [envelope.chat.phone, envelope.chat.lid].filter((address) => address !== undefined), expiration);
      store.writer.afterCommit(() => {
        this.#recent.set(envelope.id, true);
        if (isNew && event.type === "message") this.#deps.onMessage({ chatId: event.chatId, fromMe: event.fromMe, media });
      });
    };
  }

  /** The event as it can be recorded: what does not fit the contract or a line must not hold up everything after it. */
  #fitting(event: EventData): EventData {
    if (fits(event)) return event;
    this.#deps.log.warn({ tenantId: this.#deps.pairing.tenantId }, "a received message is told without its content, which does not fit");
    if (event.type !== "message" && event.type !== "message.edited") return event;
    const content = { type: "other" as const, whatsappType: event.content.type };
    if (event.type === "message.edited") return { ...event, content };
    const { type, messageId, chatId, chatType, isGroup, fromMe, sender, sentAtMs } = event;
    return { type, messageId, chatId, chatType, isGroup, fromMe, sender, sentAtMs, content };
  }
}

function fits(event: EventData): boolean {
  try {
    checkEventData(event);
    return Buffer.byteLength(JSON.stringify(event)) <= MAX_EVENT_BYTES;
  } catch {
    return false;
  }
}

function decoded<T = proto.IMessage>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T = decodePlaintext as (bytes: Uint8Array) => T): T | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

/** The envelope of a message as Baileys emits it, read from the same attributes a stanza has. */
function envelopeOf(message: WAMessage, self: Self, nowMs: number): Envelope | undefined {
  const { id, remoteJid, remoteJidAlt, participant, participantAlt, fromMe } = message.key;
  if (typeof id !== "string" || typeof remoteJid !== "string" || (message.messageStubType ?? 0) !== 0) return undefined;
  const own = self.phone ?? self.lid;
  const alt = (isGroupJid(remoteJid) ? participantAlt : remoteJidAlt) ?? undefined;
  const direct = fromMe === true && !isGroupJid(remoteJid);
  const prefix = direct ? "recipient" : "sender";
  return readEnvelope(
    {
      id,
      from: direct ? own : remoteJid,
      ...(direct ? { recipient: remoteJid } : {}),
      ...(typeof participant === "string" && participant !== "" ? { participant } : {}),
      [`${prefix}_pn`]: phoneJid(alt),
      [`${prefix}_lid`]: lidJid(alt),
      t: String(Number(message.messageTimestamp ?? 0)),
      notify: message.pushName ?? undefined,
    },
    self,
    nowMs,
  );
}
