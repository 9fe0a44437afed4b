/** What is done to a message that was sent: reactions, edits and deletions. */
import type { OutgoingDelete, OutgoingEdit, OutgoingReaction } from "../../rpc/contract.gen.js";
import { proto } from "../baileys.js";
import { contentOf, type AnyContent } from "../keeping.js";
import { NotPossible } from "../media/not-possible.js";
import { sound, type Part } from "./part.js";
import type { Reference } from "./references.js";
import type { Scene } from "./scene.js";

const { Type } = proto.Message.ProtocolMessage;

/** WhatsApp's clients take an edit for a quarter of an hour, and five minutes more. Source: whatsmeow `EditWindow`. */
const EDIT_WITHIN_MS = 20 * 60_000;

/** Kinds of ours whose text or caption can be changed. */
const EDITABLE_TYPES = new Set<string>(["text", "image", "video", "gif", "document"]);
const EDITABLE_FIELDS = new Set<string>(["extendedTextMessage", "imageMessage", "videoMessage", "documentMessage"]);

function refuse(reason: string): never {
  throw new NotPossible("content_not_possible", reason);
}

/** How a message is named in another one. */
async function keyOf(scene: Scene, { id, fromMe, sender }: Reference): Promise<proto.IMessageKey> {
  const participant = scene.kind === "group" && !fromMe && sender !== undefined ? await scene.addressOf(sender) : undefined;
  return { remoteJid: scene.chatId, fromMe, id, ...(participant === undefined ? {} : { participant }) };
}

export async function reactionPart({ emoji }: OutgoingReaction, reference: Reference, scene: Scene): Promise<Part> {
  return { message: { reactionMessage: { key: await keyOf(scene, reference), text: sound(emoji), senderTimestampMs: Date.now() } } };
}

/** @throws NotPossible content_not_possible */
export function checkEditable(reference: Reference, nowMs: number): void {
  if (!reference.fromMe) refuse("not_own_message");
  const part = contentOf(reference.message);
  const fits = reference.type !== undefined ? EDITABLE_TYPES.has(reference.type) : part === undefined ? Boolean(reference.message?.conversation) : EDITABLE_FIELDS.has(part.name);
  if (!fits) refuse("not_editable");
  if (nowMs - reference.sentAtMs > EDIT_WITHIN_MS) refuse("too_old_to_edit");
}

/** @throws NotPossible content_not_possible */
export function editPart({ text }: OutgoingEdit, reference: Reference, scene: Scene, say: (text: string) => string): Part {
  checkEditable(reference, Date.now());
  const part = contentOf(reference.message);
  const edited: proto.IMessage =
    part === undefined || part.name === "extendedTextMessage" ? { extendedTextMessage: { text: say(text) } }
    : { [part.name]: { ...part.content, caption: say(text), jpegThumbnail: null, contextInfo: null } satisfies AnyContent };
  return {
    message: { protocolMessage: { key: { remoteJid: scene.chatId, fromMe: true, id: reference.id }, type: Type.MESSAGE_EDIT, editedMessage: edited, timestampMs: Date.now() } },
    attributes: { edit: "1" },
  };
}

/** @throws NotPossible content_not_possible */
export function checkDeletable(reference: Reference, isGroup: boolean): void {
  if (!reference.fromMe && !isGroup) refuse("not_own_message");
  if (reference.type === "reaction" || reference.type === "edit" || reference.type === "delete") refuse("not_deletable");
}

/** Of somebody else only for an admin, and then the stanza says so. @throws NotPossible content_not_possible */
export async function deletePart(_content: OutgoingDelete, reference: Reference, scene: Scene): Promise<Part> {
  checkDeletable(reference, scene.kind === "group");
  if (!reference.fromMe && scene.group !== undefined && !scene.isAdmin) refuse("not_group_admin");
  return {
    message: { protocolMessage: { key: await keyOf(scene, reference), type: Type.REVOKE } },
    attributes: { edit: reference.fromMe ? "7" : "8" },
  };
}
