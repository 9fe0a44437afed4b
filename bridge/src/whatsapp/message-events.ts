/** From a decrypted message to the event it is: a message, or something about one that came before. */
import type { EventData, IncomingContent } from "../rpc/contract.gen.js";
import type { KeptMessage } from "../store/messages.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { proto } from "./baileys.js";
import { describeEventResponse, describeVote } from "./describing/answers.js";
import { describeContent } from "./describing/contents.js";
import { describeContext } from "./describing/context.js";
import { fileIn } from "./describing/media.js";
import { authorOf, openFor, Targets, type Target } from "./describing/targets.js";
import { wellFormed } from "./describing/values.js";
import { unwrap, type Unwrapped } from "./describing/wrappers.js";
import { completeEnvelope, dedupKey, whereabouts, type AddressBook, type Envelope, type Self, type Whereabouts } from "./incoming.js";
import { expirationIn, keptMessage } from "./keeping.js";
import { mediaIdOf } from "./media/media-id.js";
import { safeMessageId } from "./message-id.js";
import { isSame } from "./parties.js";
import { People } from "./people.js";

/** What a message comes to. */
export interface Reading {
  envelope: Envelope;
  event: EventData;
  /** What is kept of it, under the id callers know. */
  kept: { messageId: string; message: KeptMessage } | undefined;
  /** Names the file that came with it. */
  media: { mediaId: string; sizeBytes: number | undefined } | undefined;
  /** After how many seconds messages disappear in a chat with a person, when the message tells. */
  expiration?: number | undefined;
}

const MAX_EMOJI_LENGTH = 64;

const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
const { SecretEncType } = proto.Message.SecretEncryptedMessage;

export class MessageEvents {
  readonly #store: Store;
  readonly #pairing: Pairing;
  readonly #self: () => Self;
  readonly #targets: Targets;

  constructor(store: Store, pairing: Pairing, self: () => Self) {
    this.#store = store;
    this.#pairing = pairing;
    this.#self = self;
    this.#targets = new Targets(store, pairing.tenantId);
  }

  /** Undefined for what is not for people. @param offline it waited at WhatsApp while the session was away. */
  async read(bare: Envelope, message: proto.IMessage, book: AddressBook, offline: boolean): Promise<Reading | undefined> {
    const unwrapped = unwrap(message);
    if (unwrapped === undefined) return undefined;
    const people = new People(this.#store, this.#pairing, this.#self, book);
    const envelope = await completeEnvelope(bare, book);
    const where = whereabouts(envelope, people.person(envelope.sender, envelope.fromMe ? undefined : envelope.pushName));
    if (where === undefined) return undefined;
    const about = this.#about(envelope, where, unwrapped.inner);
    if (about !== undefined) return about === "nothing" ? undefined : { envelope, event: about, kept: undefined, media: undefined };
    if (unwrapped.inner.placeholderMessage) return { envelope, event: unreadable(envelope, where, "unavailable"), kept: undefined, media: undefined };
    return this.#message(envelope, where, message, { unwrapped, people, offline });
  }

  /** The event of a message that could not be read. */
  async unreadable(bare: Envelope, reason: UnreadableReason, book: AddressBook): Promise<Reading | undefined> {
    const people = new People(this.#store, this.#pairing, this.#self, book);
    const envelope = await completeEnvelope(bare, book);
    const where = whereabouts(envelope, people.person(envelope.sender, envelope.fromMe ? undefined : envelope.pushName));
    return where === undefined ? undefined : { envelope, event: unreadable(envelope, where, reason), kept: undefined, media: undefined };
  }

  async #message(envelope: Envelope, where: Whereabouts, message: proto.IMessage, { unwrapped, people, offline }: { unwrapped: Unwrapped; people: People; offline: boolean }): Promise<Reading | undefined> {
    const { inner } = unwrapped;
    const mediaId = this.#mediaId(envelope);
    const content = this.#answer(envelope, inner) ?? describeContent(inner, mediaId);
    if (content === undefined) return undefined;
    const facts = await describeContext(unwrapped, people);
    const messageId = safeMessageId(envelope.id);
    const { chatType, chat, sentAtMs } = envelope;
    const event: EventData = {
      type: "message",
      messageId,
      ...where,
      ...(chatType === "person" && chat.lid !== undefined ? { chatLid: chat.lid } : {}),
      sentAtMs,
      content,
      ...facts,
      ...(offline ? { offline: true } : {}),
    };
    const hasFile = fileIn(inner) !== undefined && "media" in content;
    const expiration = chatType === "person" ? expirationIn(message) : undefined;
    const kept = keptMessage(envelope, message);
    return {
      envelope,
      event,
      expiration,
      kept: kept === undefined ? undefined : { messageId, message: kept },
      media: hasFile ? { mediaId: mediaId(), sizeBytes: content.media.sizeBytes } : undefined,
    };
  }

  #mediaId({ chat, id, sender }: Pick<Envelope, "chat" | "id" | "sender">): () => string {
    return () => mediaIdOf(this.#store, this.#pairing.tenantId, dedupKey(this.#pairing.tenantId, { chat, id, sender }));
  }

  /** A vote or an answer to an event. */
  #answer(envelope: Envelope, { pollUpdateMessage: vote, encEventResponseMessage: response }: proto.IMessage): IncomingContent | undefined {
    const target = this.#targets.find(vote?.pollCreationMessageKey ?? response?.eventCreationMessageKey, envelope);
    if (target === undefined) return undefined;
    if (vote !== null && vote !== undefined) return describeVote(vote, target, envelope.sender, this.#self());
    return response === null || response === undefined ? undefined : describeEventResponse(response, target, envelope.sender, this.#self());
  }

  /** The event of what is about another message; "nothing" for what devices tell each other and what nobody may do. */
  #about(envelope: Envelope, where: Whereabouts, inner: proto.IMessage): EventData | "nothing" | undefined {
    const { protocolMessage: protocol, reactionMessage: reaction, encReactionMessage: sealedReaction, secretEncryptedMessage: sealed } = inner;
    if (protocol !== null && protocol !== undefined) return this.#protocol(envelope, where, protocol);
    if (reaction !== null && reaction !== undefined) return this.#reaction(envelope, where, reaction, this.#targets.find(reaction.key, envelope));
    if (sealedReaction !== null && sealedReaction !== undefined) {
      const target = this.#targets.find(sealedReaction.targetMessageKey, envelope);
      const opened = target === undefined ? undefined : openFor("Enc Reaction", sealedReaction, target, envelope.sender, this.#self());
      return opened === undefined ? undefined : this.#reaction(envelope, where, proto.Message.ReactionMessage.decode(opened), target);
    }
    if (sealed !== null && sealed !== undefined) return this.#sealedEdit(envelope, where, sealed);
    return undefined;
  }

  #protocol(envelope: Envelope, where: Whereabouts, protocol: proto.Message.IProtocolMessage): EventData | "nothing" {
    // An absent type means REVOKE, its number being 0: then only the key tells.
    const isRevoke = (protocol.type ?? REVOKE) === REVOKE && protocol.key !== null && protocol.key !== undefined;
    const target = this.#targets.find(protocol.key, envelope);
    if (target === undefined) return "nothing";
    if (isRevoke) return this.#mayDelete(envelope, target) ? { type: "message.deleted", messageId: target.messageId, ...where, deletedAtMs: envelope.sentAtMs } : "nothing";
    if (protocol.type !== MESSAGE_EDIT) return "nothing";
    return this.#edited(envelope, where, target, protocol.editedMessage) ?? "nothing";
  }

  /** Edits come encrypted with the secret of the message they change. */
  #sealedEdit(envelope: Envelope, where: Whereabouts, sealed: proto.Message.ISecretEncryptedMessage): EventData | "nothing" | undefined {
    const use = sealed.secretEncType === SecretEncType.MESSAGE_EDIT ? "Message Edit" : sealed.secretEncType === SecretEncType.EVENT_EDIT ? "Event Edit" : undefined;
    const target = this.#targets.find(sealed.targetMessageKey, envelope);
    if (use === undefined || target === undefined) return undefined;
    const opened = openFor(use, sealed, target, envelope.sender, this.#self());
    if (opened === undefined) return undefined;
    const message = proto.Message.decode(opened);
    return this.#edited(envelope, where, target, unwrap(message)?.inner.protocolMessage?.editedMessage ?? message) ?? "nothing";
  }

  #edited(envelope: Envelope, where: Whereabouts, target: Target, now: proto.IMessage | null | undefined): EventData | undefined {
    // Only authors edit, and WhatsApp leaves it to the receiver to see to that.
    if (!this.#isAuthor(envelope, target)) return undefined;
    const inner = unwrap(now)?.inner;
    const content = inner === undefined ? undefined : describeContent(inner, this.#mediaId({ ...envelope, id: target.id }));
    return content === undefined ? undefined : { type: "message.edited", messageId: target.messageId, ...where, editedAtMs: envelope.sentAtMs, content };
  }

  #reaction(envelope: Envelope, where: Whereabouts, reaction: proto.Message.IReactionMessage, target: Target | undefined): EventData | "nothing" {
    if (target === undefined) return "nothing";
    const { known } = target;
    return {
      type: "message.reaction",
      messageId: target.messageId,
      ...where,
      emoji: wellFormed(reaction.text ?? "", MAX_EMOJI_LENGTH),
      ...(known === undefined ? {} : { targetFromMe: known.fromMe }),
      reactedAtMs: envelope.sentAtMs,
    };
  }

  /** Authors take back their own; admins of a group anything in it, which WhatsApp's server checks and says. */
  #mayDelete(envelope: Envelope, target: Target): boolean {
    return (envelope.chatType === "group" && envelope.edit === ADMIN_REVOKE) || this.#isAuthor(envelope, target);
  }

  /** False only when somebody else is known to have written it. */
  #isAuthor({ sender, fromMe }: Envelope, target: Target): boolean {
    if (target.known === undefined) return true;
    if (target.known.fromMe || fromMe) return target.known.fromMe === fromMe;
    return isSame(authorOf(target, this.#self()), sender) !== false;
  }
}

const ADMIN_REVOKE = "8";

export type UnreadableReason = Extract<EventData, { type: "message.unreadable" }>["reason"];

function unreadable({ id, sentAtMs }: Envelope, where: Whereabouts, reason: UnreadableReason): EventData {
  return { type: "message.unreadable", messageId: safeMessageId(id), ...where, sentAtMs, reason };
}
