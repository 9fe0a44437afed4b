/** From WhatsApp's encoding of a message to what the contract says of it. Polls' votes and answers to events are in answers.ts. */
import type { IncomingContent, IncomingPlace } from "../../rpc/contract.gen.js";
import type { proto } from "../baileys.js";
import { describeFile, fileIn, isFileField } from "./media.js";
import { describeReply } from "./replies.js";
import { msOf, said, whole, wellFormed, words } from "./values.js";
import { contentFields } from "./wrappers.js";

/** The longest text WhatsApp's own clients write. A longer one is somebody's trick and is cut. */
export const MAX_TEXT_LENGTH = 65_536;

const MAX_CARDS = 256;
/** Of one contact card, and of all in a message. */
const MAX_CARD_LENGTH = 32_768;
const MAX_CARDS_LENGTH = 262_144;
const MAX_OPTIONS = 64;

const POLLS = ["pollCreationMessage", "pollCreationMessageV2", "pollCreationMessageV3", "pollCreationMessageV5"] as const;

/** Nothing for people: what devices tell each other, and what takes back or changes other messages. */
const NOT_FOR_PEOPLE = new Set(["protocolMessage"]);

/** What a message says, or undefined when it says nothing to people. @param mediaId names its file, if it has one. */
export function describeContent(inner: proto.IMessage, mediaId: () => string): IncomingContent | undefined {
  const fields = contentFields(inner).filter((name) => !NOT_FOR_PEOPLE.has(name));
  const [first] = fields;
  if (first === undefined) return undefined;
  return describeText(inner) ?? describeMedia(inner, mediaId) ?? describeThing(inner) ?? describeReply(inner) ?? { type: "other", whatsappType: first.slice(0, 128) };
}

/** The poll a message is. */
export function pollIn(inner: proto.IMessage): proto.Message.IPollCreationMessage | undefined {
  return POLLS.map((name) => inner[name]).find((each) => each !== null && each !== undefined) ?? undefined;
}

function describeText({ conversation, extendedTextMessage: extended }: proto.IMessage): IncomingContent | undefined {
  const text = words(conversation, MAX_TEXT_LENGTH) ?? words(extended?.text, MAX_TEXT_LENGTH);
  if (text === undefined) return undefined;
  const preview = said({ url: words(extended?.matchedText, 4096), title: words(extended?.title, 4096), description: words(extended?.description, 8192) });
  return { type: "text", text, ...(preview.url === undefined ? {} : { preview }) };
}

function describeMedia(inner: proto.IMessage, mediaId: () => string): IncomingContent | undefined {
  const file = fileIn(inner);
  if (file === undefined) return undefined;
  const { field, part } = file;
  const media = describeFile(part, mediaId());
  const caption = words(part.caption, MAX_TEXT_LENGTH);
  const captioned = { media, ...(caption === undefined ? {} : { caption }) };
  switch (field) {
    case "imageMessage":
      return { type: "image", ...captioned };
    case "videoMessage":
      return { type: inner.videoMessage?.gifPlayback === true ? "gif" : "video", ...captioned };
    case "ptvMessage":
      return { type: "video_note", media };
    case "audioMessage":
      return { type: inner.audioMessage?.ptt === true ? "voice" : "audio", media };
    case "documentMessage":
      return { type: "document", ...captioned };
    case "stickerMessage":
      return { type: "sticker", media };
  }
}

function describeThing(inner: proto.IMessage): IncomingContent | undefined {
  const { locationMessage: place, liveLocationMessage: live, contactMessage: card, contactsArrayMessage: cards } = inner;
  if (place !== null && place !== undefined) return located(place, place.isLive === true);
  if (live !== null && live !== undefined) return located(live, true);
  if (card !== null && card !== undefined) return { type: "contacts", contacts: describeCards([card]) };
  if (cards !== null && cards !== undefined) return { type: "contacts", contacts: describeCards(cards.contacts ?? []) };
  return describePoll(inner) ?? describeEvent(inner);
}

function describePoll(inner: proto.IMessage): IncomingContent | undefined {
  const poll = pollIn(inner);
  if (poll === undefined) return undefined;
  return {
    type: "poll",
    question: wellFormed(poll.name ?? "", 4096),
    options: optionsOf(poll),
    selectableCount: whole(poll.selectableOptionsCount) ?? 0,
  };
}

/** The answers of a poll, as they are told. */
export function optionsOf(poll: proto.Message.IPollCreationMessage): string[] {
  return (poll.options ?? []).slice(0, MAX_OPTIONS).map(({ optionName }) => wellFormed(optionName ?? "", 1024));
}

function describeEvent({ eventMessage: event }: proto.IMessage): IncomingContent | undefined {
  if (event === null || event === undefined) return undefined;
  const { location } = event;
  return said({
    type: "event" as const,
    name: wellFormed(event.name ?? "", 4096),
    description: words(event.description, 16_384),
    startsAtMs: msOf(event.startTime),
    endsAtMs: msOf(event.endTime),
    place: location === null || location === undefined ? undefined : placeOf(location, true),
    isCancelled: event.isCanceled === true ? true : undefined,
  });
}

interface Located {
  degreesLatitude?: number | null;
  degreesLongitude?: number | null;
  name?: string | null;
  address?: string | null;
  url?: string | null;
}

function located(given: Located, live: boolean): IncomingContent | undefined {
  const place = placeOf(given, false);
  return place === undefined ? undefined : { type: "location", place, ...(live ? { live: true } : {}) };
}

/** @param loose a place by its name alone, which is then on no map: at 0, 0. */
function placeOf({ degreesLatitude, degreesLongitude, name, address, url }: Located, loose: boolean): IncomingPlace | undefined {
  const latitude = degreesLatitude ?? 0;
  const longitude = degreesLongitude ?? 0;
  const onEarth = Number.isFinite(latitude) && Number.isFinite(longitude) && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  if (!onEarth && !loose) return undefined;
  const where = onEarth ? { latitude, longitude } : { latitude: 0, longitude: 0 };
  return said({ ...where, name: words(name, 4096), address: words(address, 8192), url: words(url, 4096) });
}

function describeCards(cards: readonly proto.Message.IContactMessage[]): { displayName: string; vcard: string }[] {
  let left = MAX_CARDS_LENGTH;
  return cards.slice(0, MAX_CARDS).map(({ displayName, vcard }) => {
    const card = wellFormed(vcard ?? "", Math.min(MAX_CARD_LENGTH, left));
    left -= card.length;
    return { displayName: wellFormed(displayName ?? "", 2048), vcard: card };
  });
}

/** The kind of a message somebody quotes, and what it says; the file in it is nobody's to fetch. */
export function describeQuoted(inner: proto.IMessage): { type: string | undefined; text: string | undefined } {
  const content = describeContent(inner, () => "");
  if (content === undefined) return { type: undefined, text: undefined };
  const text = "text" in content ? content.text : "caption" in content ? content.caption : "question" in content ? content.question : "name" in content ? content.name : undefined;
  return { type: content.type, text };
}

/** True when a field holds a file. */
export { isFileField };
