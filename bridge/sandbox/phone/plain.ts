import { proto } from "baileys/WAProto/index.js";
import { contentType, unwrap } from "./content.js";

type Message = proto.IMessage;

/** Names of what a message can be, as a person would call it. */
export type PlainKind =
  | "text" | "image" | "video" | "gif" | "video_note" | "audio" | "voice_note" | "document" | "sticker" | "location"
  | "live_location" | "contact" | "contacts" | "poll" | "poll_vote" | "event" | "reaction" | "edit" | "delete"
  | "group_invite" | "button_reply" | "list_reply" | "pin" | "album" | "protocol" | "other";

export interface PlainContact {
  name: string;
  /** Phone numbers as they stand in the vCard. */
  numbers: string[];
  vcard: string;
}

/** A message in plain words; only what is there is named. Bytes are base64. */
export interface PlainContent {
  kind: PlainKind;
  /** What a person would read: text, caption, a poll's question, the emoji of a reaction. */
  text?: string;
  mentions?: string[];
  mentionsAll?: true;
  quote?: { id: string; from?: string; text?: string };
  linkPreview?: { url?: string; title?: string; description?: string; thumbnailBytes?: number };
  /** How often it was passed on; 0 when it is marked as forwarded without a score. */
  forwarded?: number;
  viewOnce?: true;
  /** Seconds after which the chat forgets it. */
  expiration?: number;
  ad?: Record<string, unknown>;
  seconds?: number;
  waveform?: string;
  width?: number;
  height?: number;
  thumbnailBytes?: number;
  location?: { latitude: number; longitude: number; name?: string; address?: string; url?: string };
  contacts?: PlainContact[];
  poll?: { options: string[]; selectable: number };
  /** The poll voted in; `options` are the texts voted for, when this phone has the poll and its secret. */
  vote?: { pollId: string; options?: string[] };
  event?: { name: string; description?: string; startsAt?: number; endsAt?: number; place?: string; joinLink?: string; cancelled: boolean };
  /** The message reacted to, edited, deleted or pinned. */
  target?: { id: string; fromMe: boolean; from?: string };
  /** Button or list row chosen. */
  choice?: string;
  invite?: { group: string; code: string; subject?: string };
}

/** What a message says, whatever it is wrapped in. */
export function plainContent(message: Message): PlainContent {
  const inner = unwrap(message);
  const edited = inner.protocolMessage?.editedMessage;
  const facts = inner.protocolMessage ? ofProtocol(inner.protocolMessage) : ofContent(inner);
  return compact({ ...facts, ...contextFacts(contextOf(edited ? unwrap(edited) : inner)), viewOnce: viewOnce(message) });
}

function ofContent(inner: Message): PlainContent {
  return ofText(inner) ?? ofMedia(inner) ?? ofThing(inner) ?? ofReply(inner) ?? { kind: "other" };
}

function ofText({ conversation, extendedTextMessage: text }: Message): PlainContent | undefined {
  if (text) {
    const preview = text.matchedText
      ? compact({ url: text.matchedText, title: text.title, description: text.description, thumbnailBytes: text.jpegThumbnail?.length })
      : undefined;
    return compact({ kind: "text", text: text.text, linkPreview: preview });
  }
  return conversation === null || conversation === undefined ? undefined : { kind: "text", text: conversation };
}

function ofMedia(inner: Message): PlainContent | undefined {
  const { imageMessage: image, audioMessage: audio, documentMessage: document, stickerMessage: sticker } = inner;
  const video = inner.videoMessage ?? inner.ptvMessage;
  if (image) return { ...pictured(image), kind: "image" };
  if (video) return { ...pictured(video), kind: inner.ptvMessage ? "video_note" : video.gifPlayback ? "gif" : "video" };
  if (audio) {
    const waveform = audio.waveform?.length ? Buffer.from(audio.waveform).toString("base64") : undefined;
    return compact({ kind: audio.ptt ? "voice_note" : "audio", seconds: audio.seconds, waveform });
  }
  if (document) return compact({ kind: "document", text: document.caption, thumbnailBytes: document.jpegThumbnail?.length });
  return sticker ? compact({ kind: "sticker", width: sticker.width, height: sticker.height }) : undefined;
}

interface Pictured {
  caption?: string | null;
  seconds?: number | null;
  width?: number | null;
  height?: number | null;
  jpegThumbnail?: Uint8Array | null;
}

function pictured(part: Pictured): PlainContent {
  const { caption, seconds, width, height, jpegThumbnail } = part;
  return compact({ kind: "other", text: caption, seconds, width, height, thumbnailBytes: jpegThumbnail?.length });
}

function ofThing(inner: Message): PlainContent | undefined {
  const { locationMessage: place, liveLocationMessage: live, eventMessage: event } = inner;
  const poll = inner.pollCreationMessage ?? inner.pollCreationMessageV2 ?? inner.pollCreationMessageV3 ?? inner.pollCreationMessageV5;
  const cards = inner.contactMessage ? [inner.contactMessage] : inner.contactsArrayMessage?.contacts;
  if (place) return { kind: place.isLive ? "live_location" : "location", location: placeOf(place) };
  if (live) return compact({ kind: "live_location", text: live.caption, location: placeOf(live) });
  if (cards) return compact({ kind: inner.contactMessage ? "contact" : "contacts", text: inner.contactsArrayMessage?.displayName, contacts: cards.map(cardOf) });
  if (poll) {
    const options = (poll.options ?? []).map((each) => each.optionName ?? "");
    return compact({ kind: "poll", text: poll.name, poll: { options, selectable: poll.selectableOptionsCount ?? 0 } });
  }
  if (event) {
    const { name, description, startTime, endTime, location, joinLink, isCanceled } = event;
    const times = { startsAt: numberOf(startTime), endsAt: numberOf(endTime) };
    return { kind: "event", event: compact({ name: name ?? "", description, ...times, place: location?.name, joinLink, cancelled: isCanceled ?? false }) };
  }
  if (inner.albumMessage) return { kind: "album" };
  const invite = inner.groupInviteMessage;
  if (!invite) return undefined;
  return compact({ kind: "group_invite", text: invite.caption, invite: compact({ group: invite.groupJid ?? "", code: invite.inviteCode ?? "", subject: invite.groupName }) });
}

function ofReply(inner: Message): PlainContent | undefined {
  const { reactionMessage: reaction, pollUpdateMessage: vote, pinInChatMessage: pin, buttonsResponseMessage: button } = inner;
  const { templateButtonReplyMessage: template, listResponseMessage: list } = inner;
  if (reaction) return compact({ kind: "reaction", text: reaction.text ?? "", target: targetOf(reaction.key) });
  if (vote) return { kind: "poll_vote", vote: { pollId: vote.pollCreationMessageKey?.id ?? "" } };
  if (pin) return compact({ kind: "pin", target: targetOf(pin.key) });
  if (button) return compact({ kind: "button_reply", text: button.selectedDisplayText, choice: button.selectedButtonId });
  if (template) return compact({ kind: "button_reply", text: template.selectedDisplayText, choice: template.selectedId });
  return list ? compact({ kind: "list_reply", text: list.title, choice: list.singleSelectReply?.selectedRowId }) : undefined;
}

function ofProtocol(protocol: proto.Message.IProtocolMessage): PlainContent {
  const Type = proto.Message.ProtocolMessage.Type;
  const target = targetOf(protocol.key);
  if (protocol.type === Type.REVOKE) return compact({ kind: "delete", target });
  if (!protocol.editedMessage) return { kind: "protocol" };
  return compact({ ...ofContent(unwrap(protocol.editedMessage)), kind: "edit", target });
}

/** The context of whatever field carries the content. */
export function contextOf(inner: Message): proto.IContextInfo | undefined {
  const part = (inner as Record<string, unknown>)[contentType(inner)];
  return typeof part === "object" && part !== null ? ((part as { contextInfo?: proto.IContextInfo | null }).contextInfo ?? undefined) : undefined;
}

function contextFacts(context: proto.IContextInfo | undefined): Partial<PlainContent> {
  if (!context) return {};
  const { mentionedJid, stanzaId, participant, quotedMessage, externalAdReply, nonJidMentions } = context;
  const facts: Partial<PlainContent> = {};
  if (mentionedJid?.length) facts.mentions = mentionedJid;
  if (nonJidMentions) facts.mentionsAll = true;
  if (stanzaId) facts.quote = compact({ id: stanzaId, from: participant, text: quotedMessage ? plainContent(quotedMessage).text : undefined });
  if (context.isForwarded || context.forwardingScore) facts.forwarded = context.forwardingScore ?? 0;
  if (context.expiration) facts.expiration = context.expiration;
  if (externalAdReply) facts.ad = proto.ContextInfo.ExternalAdReplyInfo.fromObject(externalAdReply).toJSON();
  return facts;
}

function viewOnce(message: Message): true | undefined {
  const inner = unwrap(message);
  const wrapped = message.viewOnceMessage ?? message.viewOnceMessageV2 ?? message.viewOnceMessageV2Extension;
  return wrapped ?? inner.imageMessage?.viewOnce ?? inner.videoMessage?.viewOnce ?? inner.audioMessage?.viewOnce ? true : undefined;
}

interface Place {
  degreesLatitude?: number | null;
  degreesLongitude?: number | null;
  name?: string | null;
  address?: string | null;
  url?: string | null;
}

function placeOf({ degreesLatitude, degreesLongitude, name, address, url }: Place): NonNullable<PlainContent["location"]> {
  return compact({ latitude: degreesLatitude ?? 0, longitude: degreesLongitude ?? 0, name, address, url });
}

function cardOf({ displayName, vcard }: proto.Message.IContactMessage): PlainContact {
  const text = vcard ?? "";
  const numbers = [...text.matchAll(/^(?:item\d+\.)?TEL[^:\r\n]*:(.*)$/gim)].map((match) => (match[1] ?? "").trim());
  return { name: displayName ?? "", numbers, vcard: text };
}

function targetOf(key: proto.IMessageKey | null | undefined): PlainContent["target"] {
  return key ? compact({ id: key.id ?? "", fromMe: key.fromMe ?? false, from: key.participant }) : undefined;
}

/** Protobuf's 64-bit numbers as numbers. */
function numberOf(value: { toString(): string } | number | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value.toString());
}

type Absent<T> = { [K in keyof T]: null extends T[K] ? K : undefined extends T[K] ? K : never }[keyof T];
type Compact<T> = Omit<T, Absent<T>> & { [K in Absent<T>]?: NonNullable<T[K]> };

/** The object without what is null or undefined: protobuf says null, the interfaces here say nothing. */
function compact<const T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined)) as Compact<T>;
}
