/**
 * What sending needs from elsewhere: somebody who turns a content into a message of WhatsApp's, and somebody who says
 * when a message may leave. The dispatcher knows only these shapes.
 */
import type { ContentType, HoldReason, MessageContext, MessageFailure, OutgoingContent } from "../rpc/contract.gen.js";
import type { Pairing } from "../store/sessions.js";
import type { Link } from "../whatsapp/link.js";

/** A message to be built. */
export interface BuildRequest {
  tenantId: string;
  pairing: Pairing;
  messageId: string;
  /** As the caller wrote it. */
  to: string;
  /** The chat it stands for; undefined while WhatsApp was not asked. */
  chatId: string | undefined;
  content: OutgoingContent;
  context: MessageContext | undefined;
  audience: readonly string[] | undefined;
}

/** What Baileys relays. */
export interface Built {
  /** An encoded proto.Message. */
  encoded: Uint8Array;
  /** A story: who gets it. */
  statusJids?: string[];
  /** Attributes of the stanza, beyond those Baileys sets. */
  attributes?: Record<string, string>;
  /** Elements of the stanza, beyond those Baileys sets. */
  nodes?: readonly { tag: string; attrs: Record<string, string> }[];
}

/** Builds what Baileys relays. Implemented in whatsapp/. */
export interface ContentBuilder {
  /**
   * At accept; nothing is sent: files are there and as announced, references are known, the kind is possible in this chat.
   * @throws BridgeError media_missing, referenced_message_not_found, content_not_possible
   */
  check(message: BuildRequest): Promise<void>;
  /**
   * Uploads media (once per file and account) and builds. The result is in the row before it is relayed; after that the
   * files are released.
   * @throws BuildRefused when it can never work; anything else means: try again later
   */
  build(link: Link, message: BuildRequest, signal: AbortSignal): Promise<Built>;
  /** The row needs its files no longer: it is built, failed or cancelled. */
  release(message: BuildRequest): void;
}

/** A message that can never be built. */
export class BuildRefused extends Error {
  readonly code: MessageFailure["code"];

  constructor(code: MessageFailure["code"], options?: ErrorOptions) {
    super(`the message cannot be built: ${code}`, options);
    this.name = "BuildRefused";
    this.code = code;
  }
}

/** A message at the head of its chat, as the governor sees it. */
export interface Candidate {
  tenantId: string;
  pairing: Pairing;
  chatId: string;
  type: ContentType;
  batchId: string | undefined;
  acceptedAtMs: number;
}

/** May it leave? If not, why, and when to ask again; undefined when only an event can tell (wake the dispatcher then). */
export type Decision = { go: true } | { go: false; reason: HoldReason; untilMs: number | undefined };

/** Says when messages may leave. Pure bookkeeping, no I/O beyond the store; all times unix ms. */
export interface Governor {
  /** @throws BridgeError queue_full with retryAfterMs */
  admit(tenantId: string, count: number, queued: number, nowMs: number): void;
  /** May this message leave now? Asked for heads of chats, in the order of `priority`. */
  decide(candidate: Candidate, nowMs: number): Decision;
  /** It was handed to WhatsApp now. */
  left(candidate: Candidate, nowMs: number): void;
  /** WhatsApp refused it: 463 and the like teach the governor. */
  refused(candidate: Candidate, whatsappError: number, nowMs: number): void;
  /** Smaller first, then order of acceptance: replies in a running chat before others, batches last. */
  priority(candidate: Candidate, nowMs: number): number;
}
