import { proto } from "baileys/WAProto/index.js";
import { randomBytes } from "../wire/curve.js";

type Message = proto.IMessage;

const WRAPPERS = [
  "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension", "documentWithCaptionMessage",
  "editedMessage", "associatedChildMessage", "groupStatusMessage", "groupStatusMessageV2", "lottieStickerMessage",
] as const;
/** Fields beside the content proper. */
const ENVELOPE = new Set(["messageContextInfo", "senderKeyDistributionMessage"]);

/** The kinds of media a message can carry, by field. */
export const MEDIA_FIELDS = {
  imageMessage: "image", videoMessage: "video", audioMessage: "audio", documentMessage: "document", stickerMessage: "sticker",
  ptvMessage: "video",
} as const;
type MediaField = keyof typeof MEDIA_FIELDS;

/** The message inside view-once, ephemeral and similar wrappings. */
export function unwrap(message: Message): Message {
  let inner = message;
  for (let depth = 0; depth < 5; depth++) {
    let next: Message | null | undefined;
    for (const name of WRAPPERS) next ??= inner[name]?.message;
    if (!next) return inner;
    inner = next;
  }
  return inner;
}

/** The field that holds a message's media; undefined for other messages. */
export function mediaField(message: Message): MediaField | undefined {
  const name = contentType(message);
  return name in MEDIA_FIELDS ? (name as MediaField) : undefined;
}

/** Name of the field that holds the content, e.g. `conversation`; empty when there is none. */
export function contentType(message: Message): string {
  const inner = unwrap(message) as Record<string, unknown>;
  return Object.keys(inner).find((name) => !ENVELOPE.has(name) && (inner[name] ?? null) !== null) ?? "";
}

/** Text or caption a person would read. */
export function textIn(message: Message): string | undefined {
  const inner = unwrap(message);
  const edited = inner.protocolMessage?.editedMessage;
  if (edited) return textIn(edited);
  return (
    inner.conversation ?? inner.extendedTextMessage?.text ?? inner.imageMessage?.caption ?? inner.videoMessage?.caption ??
    inner.documentMessage?.caption ?? inner.reactionMessage?.text ?? inner.pollCreationMessageV3?.name ??
    inner.pollCreationMessage?.name ?? undefined
  );
}

/** `type` of the message stanza (Baileys messages-send.js, getMessageType). */
export function stanzaType(message: Message): string {
  const inner = unwrap(message);
  if (inner.reactionMessage) return "reaction";
  if (inner.eventMessage) return "event";
  if (inner.pollCreationMessage ?? inner.pollCreationMessageV2 ?? inner.pollCreationMessageV3 ?? inner.pollUpdateMessage) return "poll";
  return mediaType(message) ? "media" : "text";
}

/** `mediatype` of the enc element; undefined for plain text. */
export function mediaType(message: Message): string | undefined {
  const inner = unwrap(message);
  if (inner.audioMessage) return inner.audioMessage.ptt ? "ptt" : "audio";
  if (inner.videoMessage?.gifPlayback) return "gif";
  const field = mediaField(message);
  if (field) return MEDIA_FIELDS[field];
  if (inner.contactMessage) return "vcard";
  if (inner.contactsArrayMessage) return "contact_array";
  if (inner.liveLocationMessage) return "livelocation";
  if (inner.buttonsResponseMessage) return "buttons_response";
  if (inner.listResponseMessage) return "list_response";
  return inner.groupInviteMessage ? "url" : undefined;
}

/** `edit` attribute of the stanza: 1 edit, 7 revoke by the author, 8 by an admin, 2 pin. */
export function editKind(message: Message): string | undefined {
  const inner = unwrap(message);
  const Type = proto.Message.ProtocolMessage.Type;
  if (inner.protocolMessage?.type === Type.MESSAGE_EDIT) return "1";
  if (inner.protocolMessage?.type === Type.REVOKE) return inner.protocolMessage.key?.fromMe === false ? "8" : "7";
  return inner.pinInChatMessage ? "2" : undefined;
}

/** Encodes and pads with 1–16 bytes, each holding their number (Baileys: writeRandomPadMax16). */
export function encodePadded(message: Message): Buffer {
  const length = ((randomBytes(1)[0] ?? 0) & 0x0f) + 1;
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(length, length)]);
}

/** Takes the padding off. Throws when it is longer than the message. */
export function unpad(padded: Buffer): Buffer {
  const length = padded.at(-1) ?? 0;
  if (length === 0 || length > padded.length) throw new Error("bad padding");
  return padded.subarray(0, padded.length - length);
}
