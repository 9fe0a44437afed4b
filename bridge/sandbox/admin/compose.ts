import { proto } from "baileys/WAProto/index.js";
import { unwrap } from "../phone/content.js";
import type { Phone } from "../phone/phone.js";
import { contextOf } from "../phone/plain.js";
import { FILE_KINDS, mediaMessage, type MediaDetails } from "../phone/upload.js";
import { randomBytes } from "../wire/curve.js";
import { isChannel, isGroup, STATUS_JID } from "../wire/jid.js";
import type { MediaStore } from "../world/media.js";
import { AdminError, Fields } from "./http.js";

export interface ComposeServices {
  media: MediaStore;
  mediaHost: () => string;
}

type Composer = (about: Fields, phone: Phone, to: string) => proto.IMessage;

/** What can be said besides text and files, by field of the request. */
const COMPOSERS: Record<string, Composer> = {
  location: (about) => ({ locationMessage: place(about) }),
  contact: (about) => ({ contactMessage: card(about) }),
  poll: (about) => {
    const options = (about.texts("options") ?? []).map((optionName) => ({ optionName }));
    const selectableOptionsCount = about.number("selectable") ?? 1;
    const poll = { name: about.needText("name"), options, selectableOptionsCount };
    const field = selectableOptionsCount === 1 ? "pollCreationMessageV3" : "pollCreationMessage";
    return { [field]: poll, messageContextInfo: { messageSecret: randomBytes(32) } };
  },
  event: (about) => {
    const description = about.text("description");
    const place = about.text("place");
    const endTime = about.number("endsAt");
    const eventMessage = {
      name: about.needText("name"), startTime: about.number("startsAt") ?? Math.floor(Date.now() / 1000) + 3_600, isCanceled: about.flag("cancelled") ?? false,
      ...(endTime === undefined ? {} : { endTime }), ...(description === undefined ? {} : { description }), ...(place === undefined ? {} : { location: { name: place } }),
    };
    return { eventMessage, messageContextInfo: { messageSecret: randomBytes(32) } };
  },
  reaction: (about, phone) => ({
    reactionMessage: { key: targetKey(about, phone), text: about.text("emoji") ?? "", senderTimestampMs: Date.now() },
  }),
  edit: (about, phone) => ({
    protocolMessage: {
      key: targetKey(about, phone), type: proto.Message.ProtocolMessage.Type.MESSAGE_EDIT,
      editedMessage: { conversation: about.needText("text") }, timestampMs: Date.now(),
    },
  }),
  delete: (about, phone) => ({ protocolMessage: { key: targetKey(about, phone), type: proto.Message.ProtocolMessage.Type.REVOKE } }),
  button: (about) => {
    const type = proto.Message.ButtonsResponseMessage.Type.DISPLAY_TEXT;
    return { buttonsResponseMessage: { selectedButtonId: about.needText("id"), selectedDisplayText: about.text("text") ?? "", type } };
  },
  row: (about) => ({
    listResponseMessage: {
      title: about.text("text") ?? "", listType: proto.Message.ListResponseMessage.ListType.SINGLE_SELECT,
      singleSelectReply: { selectedRowId: about.needText("id") },
    },
  }),
  invite: (about) => ({
    groupInviteMessage: {
      groupJid: about.needText("group"), inviteCode: about.needText("code"), groupName: about.text("subject") ?? "", caption: about.text("text") ?? "",
      inviteExpiration: Math.floor(Date.now() / 1000) + 3 * 86_400,
    },
  }),
};

/**
 * The message somebody is to say: `text`, `media`, one of the things above, `contacts`, or `message` (any message as
 * JSON, bytes as base64); quoting, mentioning, forwarded or from an advertisement if asked.
 * @throws AdminError 422 when nothing, or nonsense, is to be said; 404 for a message nobody knows
 */
export async function composeMessage(fields: Fields, phone: Phone, to: string, { media, mediaHost }: ComposeServices): Promise<proto.IMessage> {
  const context = contextFrom(fields, phone);
  const json = fields.object("message");
  if (json) return fromJson(json);
  const file = fields.object("media");
  if (file) return fileMessage(new Fields(file), media, mediaHost(), context, { viewOnce: fields.flag("viewOnce"), open: isChannel(to) });
  const message = worded(fields, context) ?? composed(fields, phone, to);
  if (!message) {
    const names = ["text", "media", "message", "contacts", ...Object.keys(COMPOSERS)].map((name) => `"${name}"`).join(", ");
    throw new AdminError(422, "field_missing", `one of ${names} is needed`);
  }
  return context ? withContext(message, context) : message;
}

function composed(fields: Fields, phone: Phone, to: string): proto.IMessage | undefined {
  const cards = fields.objects("contacts");
  if (cards) return { contactsArrayMessage: { displayName: `${cards.length} contacts`, contacts: cards.map((each) => card(new Fields(each))) } };
  for (const [name, compose] of Object.entries(COMPOSERS)) {
    const about = fields.object(name);
    if (about) return compose(new Fields(about), phone, to);
  }
  return undefined;
}

function worded(fields: Fields, context: proto.IContextInfo | undefined): proto.IMessage | undefined {
  const text = fields.text("text");
  if (text === undefined) return undefined;
  const preview = fields.object("linkPreview");
  if (!preview) return context ? { extendedTextMessage: { text } } : { conversation: text };
  const about = new Fields(preview);
  const [title, description] = [about.text("title") ?? "", about.text("description") ?? ""];
  return { extendedTextMessage: { text, matchedText: about.needText("url"), title, description } };
}

function withContext(message: proto.IMessage, contextInfo: proto.IContextInfo): proto.IMessage {
  const inner = unwrap(message) as Record<string, unknown>;
  for (const [name, part] of Object.entries(inner)) {
    if (name !== "messageContextInfo" && typeof part === "object" && part !== null) Object.assign(part, { contextInfo: { ...contextOf(inner), ...contextInfo } });
  }
  return message;
}

function fileMessage(about: Fields, store: MediaStore, host: string, context: proto.IContextInfo | undefined, manner: Pick<MediaDetails, "viewOnce" | "open">): Promise<proto.IMessage> {
  const kind = about.oneOf("kind", FILE_KINDS);
  if (!kind) throw new AdminError(422, "field_missing", `"media.kind" is missing; it is one of ${FILE_KINDS.join(", ")}`);
  const details = {
    mimetype: about.text("mimetype"), caption: about.text("caption"), fileName: about.text("fileName"), seconds: about.number("seconds"),
    width: about.number("width"), height: about.number("height"), waveform: about.text("waveform"), thumbnail: about.text("thumbnail"),
    ptt: about.flag("ptt"), ...manner,
  };
  return mediaMessage(store, host, kind, Buffer.from(about.needText("base64"), "base64"), details, context);
}

function fromJson(json: Record<string, unknown>): proto.IMessage {
  try {
    return proto.Message.fromObject(json);
  } catch (err) {
    throw new AdminError(422, "message_invalid", `"message" is no message: ${err instanceof Error ? err.message : ""}`);
  }
}

function contextFrom(fields: Fields, phone: Phone): proto.IContextInfo | undefined {
  const context: proto.IContextInfo = { ...quoteOf(fields, phone) };
  const mentions = fields.texts("mentions");
  if (mentions) context.mentionedJid = mentions.map((each) => (each.includes("@") ? each : `${each.replace(/\D/g, "")}@s.whatsapp.net`));
  const forwarded = fields.number("forwarded");
  if (forwarded !== undefined) Object.assign(context, { isForwarded: true, forwardingScore: forwarded });
  const ad = fields.object("ad");
  if (ad) {
    context.externalAdReply = proto.ContextInfo.ExternalAdReplyInfo.fromObject({ sourceType: "ad", showAdAttribution: true, mediaType: 1, ...ad });
    Object.assign(context, { conversionSource: "FB_Ads", entryPointConversionSource: "ctwa_ad" });
  }
  return Object.keys(context).length > 0 ? context : undefined;
}

function quoteOf(fields: Fields, phone: Phone): proto.IContextInfo | undefined {
  const quote = fields.object("quote");
  if (!quote) return undefined;
  const asked = new Fields(quote);
  const stanzaId = asked.needText("id");
  const entry = phone.inbox.messages.find((each) => each.id === stanzaId);
  const own = phone.sent.get(stanzaId);
  const quotedMessage = entry ? proto.Message.fromObject(entry.message) : (own?.message ?? { conversation: asked.text("text") ?? "" });
  const participant = asked.text("participant") ?? entry?.from ?? phone.person.address(phone.person.addressing);
  return { stanzaId, participant, quotedMessage };
}

/** Names a message as the phone's owner sees it: received, sent from a linked device, or said by the phone. */
function targetKey(about: Fields, phone: Phone): proto.IMessageKey {
  const id = about.needText("id");
  const entry = phone.inbox.messages.find((each) => each.id === id);
  const remoteJid = entry?.chat ?? phone.sent.get(id)?.to;
  if (remoteJid === undefined) throw new AdminError(404, "message_absent", `there is no message ${id}`);
  const shared = isGroup(remoteJid) || remoteJid === STATUS_JID;
  const domain = phone.world.groups.get(remoteJid)?.data.mode ?? phone.person.addressing;
  const participant = entry?.from ?? phone.person.address(domain);
  return { remoteJid, fromMe: entry?.fromMe ?? true, id, ...(shared ? { participant } : {}) };
}

function place(about: Fields): proto.Message.ILocationMessage {
  const [latitude, longitude] = [about.coordinate("latitude"), about.coordinate("longitude")];
  const [name, address, url] = [about.text("name"), about.text("address"), about.text("url")];
  const words = { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }), ...(url === undefined ? {} : { url }) };
  return { degreesLatitude: latitude, degreesLongitude: longitude, ...words, ...(about.flag("live") ? { isLive: true } : {}) };
}

function card(about: Fields): proto.Message.IContactMessage {
  const name = about.needText("name");
  const numbers = about.texts("numbers") ?? [];
  const lines = numbers.map((each) => `TEL;type=CELL;waid=${each.replace(/\D/g, "")}:${each}`);
  return { displayName: name, vcard: ["BEGIN:VCARD", "VERSION:3.0", `FN:${name}`, ...lines, "END:VCARD"].join("\n") };
}
