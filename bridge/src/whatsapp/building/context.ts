/** What a message refers to, as WhatsApp writes it beside the content: a quote, mentions, that it was forwarded, when it disappears. */
import type { MessageContext } from "../../rpc/contract.gen.js";
import type { proto } from "../baileys.js";
import { contentOf, type AnyContent } from "../keeping.js";
import { isViewOnce } from "./forwarding.js";
import type { Mentions } from "./mentions.js";
import type { Reference } from "./references.js";
import type { Scene } from "./scene.js";

/** Undefined when there is nothing to say. */
export async function contextFor(
  scene: Scene,
  context: MessageContext,
  parts: { mentions: Mentions; quoted: Reference | undefined; expirationSeconds: number },
): Promise<proto.IContextInfo | undefined> {
  const { mentions, quoted, expirationSeconds } = parts;
  const info: proto.IContextInfo = {
    ...(quoted === undefined ? {} : await quote(scene, quoted)),
    ...(mentions.jids.length === 0 ? {} : { mentionedJid: mentions.jids }),
    ...(mentions.everybody ? { nonJidMentions: 1 } : {}),
    ...(context.forwarded === true ? { isForwarded: true, forwardingScore: 1 } : {}),
    ...(expirationSeconds > 0 ? { expiration: expirationSeconds } : {}),
  };
  return Object.keys(info).length === 0 ? undefined : info;
}

async function quote(scene: Scene, { id, fromMe, sender, chat, message }: Reference): Promise<proto.IContextInfo> {
  const participant = fromMe ? scene.self : await scene.addressOf(sender ?? chat);
  return { stanzaId: id, ...(participant === undefined ? {} : { participant }), quotedMessage: quotable(message) };
}

/** A message as it stands in a quote: without what it quotes itself, and without the key of what may be seen once. */
function quotable(message: proto.IMessage | undefined): proto.IMessage {
  const part = contentOf(message);
  if (part === undefined) return { conversation: message?.conversation ?? "" };
  const content: AnyContent = { ...part.content, contextInfo: null, jpegThumbnail: null };
  if (message !== undefined && isViewOnce(message)) Object.assign(content, { mediaKey: null, url: null, directPath: null });
  return { [part.name]: content };
}
