/** From WhatsApp's encoding of a message to what the contract says about it. */
import type { IncomingContent } from "../rpc/contract.gen.js";
import { getContentType, normalizeMessageContent, proto, unpadRandomMax16 } from "./baileys.js";

/** The longest text WhatsApp's own clients write. A longer one is somebody's trick and is cut. */
const MAX_TEXT_LENGTH = 65_536;

/** Wrappers come nested a few deep; somebody could nest them for ever. */
const MAX_WRAPPERS = 8;

/** Parts of a message that are no content: they travel with one, or alone between devices. */
const SILENT_TYPES = new Set(["protocolMessage", "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage", "messageContextInfo"]);

/** Text as valid UTF-16: half a surrogate pair is legal in JavaScript and a fault in every JSON reader. */
export function wellFormed(text: string, maxLength: number): string {
  return Buffer.from(text.slice(0, maxLength)).toString();
}

/** Decodes what a Signal message held. @throws Error when it is not WhatsApp's encoding. */
export function decodePlaintext(plaintext: Uint8Array): proto.IMessage {
  return proto.Message.decode(unpadRandomMax16(plaintext));
}

/** The message inside its wrappers: sent from another device, disappearing, view once, with caption. */
function unwrap(message: proto.IMessage | null | undefined): proto.IMessage | undefined {
  let inner = message ?? undefined;
  for (let depth = 0; depth < MAX_WRAPPERS && inner !== undefined; depth += 1) {
    const sentByDevice = inner.deviceSentMessage?.message;
    const next = sentByDevice ?? normalizeMessageContent(inner);
    if (next === undefined || next === inner) break;
    inner = next;
  }
  return inner;
}

/** What a message says, or undefined when it is not for people: keys, history, deletions and the like. */
export function describeContent(message: proto.IMessage): IncomingContent | undefined {
  const inner = unwrap(message);
  if (inner === undefined || (inner.protocolMessage ?? undefined) !== undefined) return undefined;
  const text = inner.conversation || inner.extendedTextMessage?.text;
  if (typeof text === "string" && text !== "") return { type: "text", text: wellFormed(text, MAX_TEXT_LENGTH) };
  const kinds = Object.entries(inner).filter(([kind, value]) => value !== null && value !== undefined && !SILENT_TYPES.has(kind));
  if (kinds.length === 0) return undefined;
  const whatsappType = getContentType(inner);
  return { type: "other", whatsappType: (whatsappType !== undefined && !SILENT_TYPES.has(whatsappType) ? whatsappType : kinds[0]?.[0] ?? "unknown").slice(0, 128) };
}
