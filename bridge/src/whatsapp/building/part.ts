/** A content on its way to be a message: what it says, and what the stanza must tell beside it. */
import { randomBytes } from "node:crypto";
import type { proto } from "../baileys.js";
import { wellFormed } from "../content.js";
import { contentOf } from "../keeping.js";

export interface Part {
  message: proto.IMessage;
  attributes?: Record<string, string>;
  nodes?: readonly { tag: string; attrs: Record<string, string> }[];
}

/** With a secret of its own: votes, answers to an event and reports of abuse are made with it. */
export function withSecret(message: proto.IMessage): proto.IMessage {
  return { ...message, messageContextInfo: { ...message.messageContextInfo, messageSecret: randomBytes(32) } };
}

/** With what it refers to. */
export function withContext(message: proto.IMessage, context: proto.IContextInfo | undefined): proto.IMessage {
  const part = context === undefined ? undefined : contentOf(message);
  if (part !== undefined) part.content.contextInfo = { ...part.content.contextInfo, ...context };
  return message;
}

/** As WhatsApp wraps what can be looked at once. */
export function asViewOnce(message: proto.IMessage): proto.IMessage {
  const part = contentOf(message);
  if (part !== undefined) part.content.viewOnce = true;
  return part?.name === "audioMessage" ? { viewOnceMessageV2Extension: { message } } : { viewOnceMessage: { message } };
}

/** Text as valid UTF-16: half a character would not survive WhatsApp's encoding. */
export function sound(text: string): string {
  return wellFormed(text, text.length);
}

/** A small picture as the caller gave it. */
export function picture(base64: string | undefined): Uint8Array | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}
