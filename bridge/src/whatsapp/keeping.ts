/** What of a received message is kept for replies, forwards and the like: all but its pictures in small and what it quotes. */
import type { KeptMessage } from "../store/messages.js";
import { getContentType, normalizeMessageContent, proto } from "./baileys.js";
import type { Envelope } from "./incoming.js";

/** A message this large is only known, not kept: WhatsApp's own clients write none. */
const MAX_ENCODED_BYTES = 128 * 1024;

/** Nothing anybody replies to: they belong to another message. */
const ADDITIONS = new Set(["reactionMessage", "encReactionMessage", "pollUpdateMessage", "encEventResponseMessage", "encCommentMessage", "keepInChatMessage", "pinInChatMessage"]);

/** The fields that all contents of messages may have; which of them has what, only its type tells. */
export interface AnyContent {
  contextInfo?: proto.IContextInfo | null;
  jpegThumbnail?: Uint8Array | null;
  caption?: string | null;
  viewOnce?: boolean | null;
  url?: string | null;
  directPath?: string | null;
  mediaKey?: Uint8Array | null;
}

/** A message's content and the name of its field, inside all wrappers; undefined for a plain `conversation`. */
export function contentOf(message: proto.IMessage | null | undefined): { name: keyof proto.IMessage; content: AnyContent } | undefined {
  const inner = normalizeMessageContent(message ?? undefined);
  const name = getContentType(inner);
  const content = name === undefined ? undefined : inner?.[name];
  return name === undefined || typeof content !== "object" || content === null ? undefined : { name, content: content as AnyContent };
}

/** What to keep of a message; undefined for what only adds to another one. Takes parts away from `message`. */
export function keptMessage(envelope: Envelope, message: proto.IMessage): KeptMessage | undefined {
  const sent = message.deviceSentMessage;
  const inner: proto.IMessage = sent?.message ?? message;
  // A poll from the phone: its secret travels outside.
  if (sent?.message !== null && sent?.message !== undefined && message.messageContextInfo) inner.messageContextInfo ??= message.messageContextInfo;
  delete inner.senderKeyDistributionMessage;
  const part = contentOf(inner);
  if (part !== undefined && ADDITIONS.has(part.name)) return undefined;
  if (part !== undefined) slim(part.content);
  const encoded = proto.Message.encode(inner).finish();
  const { id, remoteJid, participant, chat, sender, fromMe, sentAtMs } = envelope;
  return { id, remoteJid, participant, chat, sender, fromMe, sentAtMs, encoded: encoded.length > MAX_ENCODED_BYTES ? new Uint8Array() : encoded };
}

function slim(content: AnyContent): void {
  if (content.jpegThumbnail) content.jpegThumbnail = null;
  if (content.contextInfo?.quotedMessage) content.contextInfo.quotedMessage = null;
}

/** Kinds that say whether their chat lets messages disappear; others leave it out in any chat. */
const TELLING = new Set<string>(["extendedTextMessage", "imageMessage", "videoMessage", "audioMessage", "documentMessage", "stickerMessage", "locationMessage", "contactMessage"]);

/** After how many seconds the chat of a message lets messages disappear; undefined when it does not tell. */
export function expirationIn(message: proto.IMessage): number | undefined {
  const part = contentOf(message.deviceSentMessage?.message ?? message);
  if (part !== undefined) return TELLING.has(part.name) ? (part.content.contextInfo?.expiration ?? 0) : undefined;
  return message.conversation ? 0 : undefined;
}
