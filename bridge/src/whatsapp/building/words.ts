/** Messages of words alone: texts, places, contacts, polls and events. */
import type { OutgoingContacts, OutgoingEvent, OutgoingLocation, OutgoingPoll, OutgoingText, Place } from "../../rpc/contract.gen.js";
import { proto } from "../baileys.js";
import { picture, sound, type Part } from "./part.js";
import type { Scene } from "./scene.js";

/** WhatsApp's own clients always name a colour for a story; this is the one of theirs. */
const STORY_COLOR = "#128C7E";
const WHITE = 0xffffffff;

/** With full opacity, as WhatsApp counts colours. */
function argb(color: string): number {
  return 0xff000000 + Number.parseInt(color.slice(1), 16);
}

/** A preview is shown as the caller describes it: nothing is fetched. */
export function textPart({ text, preview, style }: OutgoingText, scene: Scene, say: (text: string) => string): Part {
  const look = scene.kind !== "story" ? {} : { backgroundArgb: argb(style?.backgroundColor ?? STORY_COLOR), textArgb: WHITE, font: style?.font ?? 0 };
  const link = preview === undefined ? {} : {
    matchedText: sound(preview.url),
    title: sound(preview.title),
    description: preview.description === undefined ? null : sound(preview.description),
    jpegThumbnail: picture(preview.thumbnail) ?? null,
    previewType: proto.Message.ExtendedTextMessage.PreviewType.NONE,
  };
  return { message: proto.Message.fromObject({ extendedTextMessage: { text: say(text), ...link, ...look } }) };
}

function location({ latitude, longitude, name, address }: Place): proto.Message.ILocationMessage {
  return {
    degreesLatitude: latitude,
    degreesLongitude: longitude,
    ...(name === undefined ? {} : { name: sound(name) }),
    ...(address === undefined ? {} : { address: sound(address) }),
  };
}

export function locationPart({ place }: OutgoingLocation): Part {
  return { message: { locationMessage: location(place) } };
}

export function contactsPart({ contacts, displayName }: OutgoingContacts): Part {
  const cards = contacts.map((card) => ({ displayName: sound(card.displayName), vcard: sound(card.vcard) }));
  const [only] = cards;
  if (cards.length === 1 && only !== undefined) return { message: { contactMessage: only } };
  return { message: { contactsArrayMessage: { displayName: sound(displayName ?? `${cards.length} contacts`), contacts: cards } } };
}

/** Version 3 for one answer, 2 in a community's announcements, else the first. Source: Baileys `generateWAMessageContent`. */
export function pollPart({ question, options, selectableCount }: OutgoingPoll, scene: Scene): Part {
  const poll: proto.Message.IPollCreationMessage = {
    name: sound(question),
    options: options.map((option) => ({ optionName: sound(option) })),
    selectableOptionsCount: selectableCount,
  };
  const message: proto.IMessage =
    scene.group?.isCommunityAnnounce === true ? { pollCreationMessageV2: poll }
    : selectableCount === 1 ? { pollCreationMessageV3: poll }
    : { pollCreationMessage: poll };
  return { message, nodes: [{ tag: "meta", attrs: { polltype: "creation" } }] };
}

export function eventPart({ name, description, startsAtMs, endsAtMs, place, extraGuestsAllowed, isCancelled }: OutgoingEvent): Part {
  return {
    message: {
      eventMessage: {
        name: sound(name),
        ...(description === undefined ? {} : { description: sound(description) }),
        startTime: Math.floor(startsAtMs / 1000),
        ...(endsAtMs === undefined ? {} : { endTime: Math.floor(endsAtMs / 1000) }),
        ...(place === undefined ? {} : { location: location(place) }),
        extraGuestsAllowed: extraGuestsAllowed ?? false,
        isCanceled: isCancelled ?? false,
        isScheduleCall: false,
      },
    },
    nodes: [{ tag: "meta", attrs: { event_type: "creation" } }],
  };
}
