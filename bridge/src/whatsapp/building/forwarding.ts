/** Passing a message on as it is: the media stays where it is, with its own key. */
import { NotPossible } from "../media/not-possible.js";
import { proto } from "../baileys.js";
import { contentOf, type AnyContent } from "../keeping.js";
import type { Part } from "./part.js";
import type { Reference } from "./references.js";
import type { Scene } from "./scene.js";

/** What can be passed on. Polls, events and the like belong to their chat. */
const FORWARDABLE = new Set<string>([
  "extendedTextMessage", "imageMessage", "videoMessage", "ptvMessage", "audioMessage", "documentMessage", "stickerMessage",
  "locationMessage", "contactMessage", "contactsArrayMessage",
]);

const WITH_FILE = new Set<string>(["imageMessage", "videoMessage", "ptvMessage", "audioMessage", "documentMessage", "stickerMessage"]);

/** WhatsApp's clients show "forwarded many times" from five on and count no further than this. */
const MANY = 127;

/** True for what may be looked at once, however it is wrapped. */
export function isViewOnce(message: proto.IMessage): boolean {
  if (message.viewOnceMessage || message.viewOnceMessageV2 || message.viewOnceMessageV2Extension) return true;
  return contentOf(message)?.content.viewOnce === true || (message.ephemeralMessage?.message ? isViewOnce(message.ephemeralMessage.message) : false);
}

function refuse(reason: string): never {
  throw new NotPossible("content_not_possible", reason);
}

/** @throws NotPossible content_not_possible */
export function checkForwardable(message: proto.IMessage): void {
  if (isViewOnce(message)) refuse("view_once");
  const part = contentOf(message);
  if (part === undefined ? !message.conversation : !FORWARDABLE.has(part.name)) refuse("not_forwardable");
}

/** @throws NotPossible content_not_possible, referenced_message_not_found when it is known but was not kept */
export function forwardPart({ message, fromMe }: Reference, scene: Scene): Part {
  if (message === undefined) throw new NotPossible("referenced_message_not_found", "not_kept");
  checkForwardable(message);
  // A copy: what is taken away here stays in the original.
  const copy = proto.Message.decode(proto.Message.encode(message).finish());
  const part = contentOf(copy);
  if (part === undefined) return { message: { extendedTextMessage: { text: copy.conversation ?? "", contextInfo: scored(undefined, fromMe) } } };
  if (scene.kind === "channel" && WITH_FILE.has(part.name)) refuse("not_in_channels");
  const content: AnyContent = { ...part.content, contextInfo: scored(part.content.contextInfo, fromMe) };
  const forwarded: proto.IMessage = { [part.name]: content };
  if (part.name === "documentMessage" && content.caption) return { message: { documentWithCaptionMessage: { message: forwarded } } };
  return { message: forwarded, ...(part.name === "ptvMessage" ? { attributes: { type: "media" } } : {}) };
}

/** One's own message is not "forwarded" the first time, as in WhatsApp's clients. */
function scored(context: proto.IContextInfo | null | undefined, fromMe: boolean): proto.IContextInfo {
  const score = Math.min(MANY, (context?.forwardingScore ?? 0) + (fromMe ? 0 : 1));
  return score > 0 ? { isForwarded: true, forwardingScore: score } : {};
}
