/** What WhatsApp has in which kind of chat, as far as it can be told from the request alone. */
import type { ContentType, MessageContext, OutgoingContent } from "../../rpc/contract.gen.js";
import { NotPossible } from "../media/not-possible.js";
import { sound } from "./part.js";
import { chatKindOf, type ChatKind } from "./scene.js";

const EVERYWHERE: readonly ChatKind[] = ["person", "group", "channel", "story"];
const CHATS: readonly ChatKind[] = ["person", "group"];
const CHATS_AND_CHANNELS: readonly ChatKind[] = ["person", "group", "channel"];

const WHERE: Record<ContentType, readonly ChatKind[]> = {
  text: EVERYWHERE,
  image: EVERYWHERE,
  video: EVERYWHERE,
  gif: EVERYWHERE,
  voice: EVERYWHERE,
  audio: CHATS_AND_CHANNELS,
  document: CHATS_AND_CHANNELS,
  sticker: CHATS_AND_CHANNELS,
  poll: CHATS_AND_CHANNELS,
  video_note: CHATS,
  location: CHATS,
  contacts: CHATS,
  event: CHATS,
  reaction: CHATS,
  edit: CHATS,
  delete: ["person", "group", "story"],
  forward: CHATS_AND_CHANNELS,
};

const NAMES: Record<ChatKind, string> = { person: "persons", group: "groups", channel: "channels", story: "stories" };

/** Kinds that have a text of their own, in which somebody can be mentioned. */
const WITH_TEXT = new Set<ContentType>(["text", "image", "video", "gif", "document", "edit"]);

/** Kinds that refer to a message already, or change one. */
const NO_REPLY = new Set<ContentType>(["reaction", "edit", "delete", "forward"]);

export interface Asked {
  to: string;
  content: OutgoingContent;
  context: MessageContext | undefined;
  audience: readonly string[] | undefined;
}

function refuse(reason: string): never {
  throw new NotPossible("content_not_possible", reason);
}

/** @throws NotPossible content_not_possible */
export function checkPossible({ to, content, context = {}, audience }: Asked): void {
  const kind = chatKindOf(to);
  if (!WHERE[content.type].includes(kind)) refuse(`not_in_${NAMES[kind]}`);
  if (kind === "story" && audience === undefined) refuse("audience_missing");
  if (kind !== "story" && audience !== undefined) refuse("audience_only_in_stories");
  checkContext(kind, content.type, context);
  checkContent(kind, content);
}

function checkContext(kind: ChatKind, type: ContentType, context: MessageContext): void {
  const { replyTo, mentions, mentionAll = false, forwarded = false } = context;
  const isChat = kind === "person" || kind === "group";
  if (replyTo !== undefined && (!isChat || NO_REPLY.has(type))) refuse("reply_not_possible");
  if (mentionAll && kind !== "group") refuse("mention_all_only_in_groups");
  if ((mentions !== undefined || mentionAll) && (!isChat || !WITH_TEXT.has(type))) refuse("mention_not_possible");
  if (forwarded && (kind === "story" || type === "reaction" || type === "edit" || type === "delete")) refuse("forwarded_not_possible");
}

function checkContent(kind: ChatKind, content: OutgoingContent): void {
  if (content.type === "text" && content.style !== undefined && kind !== "story") refuse("style_only_in_stories");
  if ("viewOnce" in content && content.viewOnce && kind !== "person" && kind !== "group") refuse("view_once_not_possible");
  if (content.type === "poll") {
    const options = new Set(content.options.map((option) => sound(option.trim())));
    if (options.size < content.options.length || options.has("")) refuse("poll_options_not_different");
    if (content.selectableCount > content.options.length) refuse("poll_count_too_large");
  }
  if (content.type === "event" && content.endsAtMs !== undefined && content.endsAtMs < content.startsAtMs) refuse("event_ends_before_start");
}
