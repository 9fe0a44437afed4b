/** What a message is to the one who gets it: an answer, part of a chat that runs, or a first word to a stranger. */
import type { ContentType } from "../rpc/contract.gen.js";
import type { ChatTimes } from "../store/chats.js";
import { isChannelJid, isGroupJid, isStatusJid } from "../whatsapp/jid.js";

/**
 * reply: somebody of that chat wrote a short while ago. known: the chat runs, or it is a group, a story or a channel.
 * fresh: nobody there wrote for a month, and nothing was begun. `begins` when it would begin the chat, and not follow
 * another first message of the same day.
 */
export type ChatKind = { kind: "reply" } | { kind: "known"; story: boolean } | { kind: "fresh"; begins: boolean };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Whoever wrote within a day waits for an answer. */
const REPLY_WITHIN_MS = DAY_MS;

/** In a group somebody always wrote: only what follows at once is an answer. */
const GROUP_REPLY_WITHIN_MS = 10 * 60_000;

/** After a month of silence a chat is no chat any more. */
export const CHAT_LASTS_MS = 30 * DAY_MS;

/** Several first messages to one person, such as a text and a picture, begin one chat. */
const BEGUN_FOR_MS = DAY_MS;

/** Kinds of content that change a message that is there already: they reach nobody anew. */
const CHANGES: readonly ContentType[] = ["reaction", "edit", "delete"];

const KNOWN: ChatKind = { kind: "known", story: false };
const REPLY: ChatKind = { kind: "reply" };

/** @param isOwn the chat is the number's chat with itself. */
export function kindOf(chatId: string, type: ContentType, isOwn: boolean, times: () => ChatTimes, nowMs: number): ChatKind {
  if (isStatusJid(chatId)) return { kind: "known", story: !CHANGES.includes(type) };
  if (isChannelJid(chatId) || isOwn) return KNOWN;
  const { heardAtMs, wroteAtMs } = times();
  const heardAgoMs = nowMs - (heardAtMs ?? -Infinity);
  if (isGroupJid(chatId)) return heardAgoMs < GROUP_REPLY_WITHIN_MS ? REPLY : KNOWN;
  if (heardAgoMs < REPLY_WITHIN_MS) return REPLY;
  const wroteAgoMs = nowMs - (wroteAtMs ?? -Infinity);
  const runs = heardAgoMs < CHAT_LASTS_MS || ((heardAtMs ?? 0) > 0 && wroteAgoMs < CHAT_LASTS_MS);
  if (runs || CHANGES.includes(type)) return KNOWN;
  return { kind: "fresh", begins: wroteAgoMs >= BEGUN_FOR_MS };
}
