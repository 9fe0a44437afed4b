/**
 * Turns what a session receives into events. Encrypted messages are recorded while they are decrypted (see
 * signal-repository.ts); what Baileys brings by another way, such as a message the phone sent again, is recorded when
 * it is emitted.
 */
import type { MessageEvent } from "../rpc/contract.gen.js";
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { proto, type BinaryNode, type WAMessage } from "./baileys.js";
import { decodePlaintext, describeContent } from "./content.js";
import { completeEnvelope, dedupKey, readEnvelope, toMessageEvent, type AddressBook, type Envelope, type Self } from "./incoming.js";
import { noteChat } from "./chat-times.js";
import { expirationIn, keptMessage } from "./keeping.js";
import { isGroupJid, lidJid, phoneJid } from "./jid.js";
import { SmallCache } from "./small-cache.js";

export interface ReceiverDeps {
  store: Store;
  journal: Journal;
  log: Logger;
  pairing: Pairing;
  self: () => Self;
  /** Called when a message was recorded. */
  onMessage: () => void;
}

/** Of messages recorded while decrypting: Baileys emits them a moment later once more. */
const RECENT_LIMIT = 1000;
const RECENT_TTL_MS = 10 * 60_000;

export class Receiver {
  readonly #deps: ReceiverDeps;
  readonly #stanzas = new WeakMap<Uint8Array, BinaryNode>();
  readonly #recent = new SmallCache(RECENT_LIMIT, RECENT_TTL_MS);

  constructor(deps: ReceiverDeps) {
    this.#deps = deps;
  }

  /** Remembers which stanza a ciphertext came in. Call it before Baileys handles the stanza. */
  noteStanza(stanza: BinaryNode): void {
    if (!Array.isArray(stanza.content)) return;
    for (const child of stanza.content) {
      if (child.content instanceof Uint8Array) this.#stanzas.set(child.content, stanza);
    }
  }

  /** True when a message with this id was recorded a short while ago. */
  hasRecorded(id: string | null | undefined): boolean {
    return typeof id === "string" && this.#recent.get(id) === true;
  }

  /** What records the event of a decrypted message, or undefined when it has none. Never throws. */
  async prepareEvent(ciphertext: Uint8Array, plaintext: Uint8Array, book: AddressBook): Promise<(() => void) | undefined> {
    try {
      const stanza = this.#stanzas.get(ciphertext);
      if (stanza === undefined) return undefined;
      return await this.#prepare(readEnvelope(stanza.attrs, this.#deps.self(), Date.now()), decodePlaintext(plaintext), book);
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#deps.pairing.tenantId, err: error }, "a received message could not be described");
      return undefined;
    }
  }

  /**
   * Records messages that Baileys emitted and that are not recorded yet.
   * @throws BridgeError store_unavailable
   */
  async takeEmitted(messages: readonly WAMessage[], book: AddressBook): Promise<void> {
    for (const message of messages) {
      const envelope = envelopeOf(message, this.#deps.self(), Date.now());
      if (envelope === undefined || message.message === null || message.message === undefined || this.#recent.get(envelope.id) === true) continue;
      // Keeping it takes parts away: Baileys goes on with its own.
      const record = await this.#prepare(envelope, proto.Message.decode(proto.Message.encode(message.message).finish()), book);
      if (record !== undefined) this.#deps.store.writer.now(record);
    }
  }

  async #prepare(bare: Envelope | undefined, message: proto.IMessage, book: AddressBook): Promise<(() => void) | undefined> {
    const { store, pairing, self } = this.#deps;
    const content = bare === undefined ? undefined : describeContent(message);
    if (bare === undefined || content === undefined) return undefined;
    const envelope = await completeEnvelope(bare, book);
    const event = toMessageEvent(envelope, content, self());
    if (event === undefined) return undefined;
    const expiration = envelope.isGroup ? undefined : expirationIn(message);
    const kept = keptMessage(envelope, message);
    return () => {
      // What this gateway sent comes back to nobody, but a message that names one of its ids would.
      if (envelope.fromMe && store.outbox.get(pairing.tenantId, envelope.id) !== undefined) return;
      this.#append(envelope, event);
      if (expiration !== undefined) store.disappearing.note(pairing, [envelope.chat.phone, envelope.chat.lid].filter((address) => address !== undefined), expiration);
      if (kept !== undefined) store.messages.record(pairing.tenantId, event.messageId, dedupKey(pairing.tenantId, envelope), kept, Date.now());
    };
  }

  #append(envelope: Envelope, event: MessageEvent): void {
    const { store, journal, pairing } = this.#deps;
    journal.append({ pairingId: pairing.id, occurredAtMs: Date.now(), data: event, dedup: dedupKey(pairing.tenantId, envelope) });
    noteChat(store, pairing.tenantId, this.#deps.self(), envelope, Date.now());
    store.writer.afterCommit(() => {
      this.#recent.set(envelope.id, true);
      this.#deps.onMessage();
    });
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
