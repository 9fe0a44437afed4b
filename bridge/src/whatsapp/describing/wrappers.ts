/** What a message is wrapped in: sent from another device, disappearing, to be seen once, with a caption, of an album. */
import type { proto } from "../baileys.js";

/** Wrappers come nested a few deep; somebody could nest them for ever. */
const MAX_WRAPPERS = 8;

const SEEN_ONCE = ["viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"] as const;

const WRAPPERS = [
  ...SEEN_ONCE,
  "ephemeralMessage",
  "documentWithCaptionMessage",
  "editedMessage",
  "associatedChildMessage",
  "groupStatusMessage",
  "groupStatusMessageV2",
  "lottieStickerMessage",
  "groupMentionedMessage",
  "pollCreationMessageV4",
  "botInvokeMessage",
  "botForwardedMessage",
  "questionMessage",
  "questionReplyMessage",
  "pollCreationOptionImageMessage",
  "eventCoverImage",
] as const;

/** A message inside everything it came in. */
export interface Unwrapped {
  inner: proto.IMessage;
  viewOnce: boolean;
  /** What reactions, votes and edits of it are encrypted with. */
  secret: Uint8Array | undefined;
}

/** Parts of a message that are no content: they travel with one, or alone between devices. */
const SILENT = new Set(["senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage", "messageContextInfo", "call", "chat"]);

export function unwrap(message: proto.IMessage | null | undefined): Unwrapped | undefined {
  if (message === null || message === undefined) return undefined;
  let inner = message;
  let viewOnce = false;
  let secret: Uint8Array | undefined;
  for (let depth = 0; depth < MAX_WRAPPERS; depth += 1) {
    const layer = inner;
    const given = layer.messageContextInfo?.messageSecret;
    if (given?.length === 32) secret = given;
    const next = layer.deviceSentMessage?.message ?? WRAPPERS.map((name) => layer[name]?.message).find((each) => each !== null && each !== undefined);
    if (next === undefined) break;
    viewOnce ||= SEEN_ONCE.some((name) => layer[name]?.message === next);
    inner = next;
  }
  return { inner, viewOnce, secret };
}

/** The names of the fields that hold content, in the order they came. */
export function contentFields(inner: proto.IMessage): (keyof proto.IMessage)[] {
  const fields = Object.entries(inner) as [keyof proto.IMessage, unknown][];
  return fields.filter(([name, value]) => value !== null && value !== undefined && value !== "" && !SILENT.has(name)).map(([name]) => name);
}

/** What the content says about its surroundings: what it answers, whom it mentions. */
export function contextOf(inner: proto.IMessage): proto.IContextInfo | undefined {
  for (const name of contentFields(inner)) {
    const part = inner[name];
    const context = typeof part === "object" ? (part as { contextInfo?: proto.IContextInfo | null }).contextInfo : undefined;
    if (context !== null && context !== undefined) return context;
  }
  return undefined;
}
