/** An event without what people said and who they are: what is left tells what happened and when. */
import { maskJid, maskPhone } from "../log.js";
import type { EventData } from "../rpc/contract.gen.js";

/** Fields whose words are ours, WhatsApp's protocol's, or ids that say nothing. */
const SHOWN_TEXTS: ReadonlySet<string> = new Set(["type", "state", "reason", "status", "action", "messageId", "batchId", "chatType", "code", "kind", "presence", "mediaId", "joinMethod"]);

const SHOWN_NUMBERS: ReadonlySet<string> = new Set(["attempt", "whatsappCode", "whatsappError", "fileSize", "bytes", "seconds", "disappearingSeconds", "durationSeconds", "width", "height", "pageCount"]);

/** A word, and not a text somebody could have written. */
const WORD = /^[A-Za-z0-9_.:-]{1,80}$/;

const JID = /^[^@\s]{1,64}@[a-z.]{1,20}$/;
const PHONE = /^\+\d{5,20}$/;
const MAX_ITEMS = 20;

function redacted(key: string, value: unknown): unknown {
  if (typeof value === "string") {
    if (SHOWN_TEXTS.has(key) && WORD.test(value)) return value;
    if (JID.test(value)) return maskJid(value);
    if (PHONE.test(value)) return maskPhone(value);
    return `[${value.length} characters]`;
  }
  if (typeof value === "number") return key.endsWith("Ms") || SHOWN_NUMBERS.has(key) ? value : "[number]";
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item: unknown) => redacted(key, item));
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redacted(name, inner)]));
  return value;
}

/** An event to be looked at. The text of a QR code is a key to an account: it is never shown. */
export function shownEvent(data: EventData, unredacted: boolean): Record<string, unknown> {
  if (data.type === "session.qr") return { type: data.type, ...(data.qr === undefined ? {} : { expiresAtMs: data.qr.expiresAtMs }) };
  return unredacted ? { ...data } : (redacted("", data) as Record<string, unknown>);
}
