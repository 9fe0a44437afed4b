/** People and chats by the addresses they are known by, and whether two are the same. */
import type { KeptParty } from "../store/messages.js";
import { bareJid, lidJid, phoneJid, recipientNumber } from "./jid.js";

/** A recipient by the addresses it tells. */
export function partyOf(recipient: string): KeptParty {
  const number = recipientNumber(recipient);
  const jid = number === undefined ? recipient : `${number.slice(1)}@s.whatsapp.net`;
  const phone = phoneJid(jid);
  const lid = lidJid(jid);
  return { phone, lid, other: phone === undefined && lid === undefined ? bareJid(jid) : undefined };
}

/** Whether two are the same; undefined when one is known by number only and the other by LID only. */
export function isSame(a: KeptParty, b: KeptParty): boolean | undefined {
  if (a.other !== undefined || b.other !== undefined) return a.other === b.other;
  if (a.lid !== undefined && b.lid !== undefined) return a.lid === b.lid;
  if (a.phone !== undefined && b.phone !== undefined) return a.phone === b.phone;
  return undefined;
}
