/** The addresses a person is known by: phone JID and LID, as far as this session has learned which belong together. */
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { decodeKey } from "./auth-store.js";
import { bareJid, lidJid, phoneJid, phoneNumberOf, recipientNumber, userOf } from "./jid.js";

function mapped(store: Store, pairing: Pairing, id: string): string | undefined {
  const bytes = store.secrets.key(pairing, "lid-mapping", id);
  const user = bytes === undefined ? undefined : decodeKey(bytes);
  return typeof user === "string" ? user : undefined;
}

/** An address without device, and the same person's other one when it is known; the LID first. */
export function aliasesOf(store: Store, pairing: Pairing, jid: string): string[] {
  const bare = bareJid(jid) ?? jid;
  const lid = lidJid(bare);
  if (lid !== undefined) {
    const phone = mapped(store, pairing, `${userOf(lid) ?? ""}_reverse`);
    return phone === undefined ? [lid] : [lid, `${phone}@s.whatsapp.net`];
  }
  const phone = phoneJid(bare);
  if (phone === undefined) return [bare];
  const user = mapped(store, pairing, userOf(phone) ?? "");
  return user === undefined ? [phone] : [`${user}@lid`, phone];
}

/**
 * Everything a recipient is known by: as the caller wrote it, the number, and the addresses of the account. Two that
 * share one are the same chat.
 */
export function addressesOf(store: Store, pairing: Pairing, recipient: string, chatId: string | undefined): string[] {
  const number = recipientNumber(recipient);
  const jids = chatId === undefined ? (number === undefined ? [recipient] : [`${number.slice(1)}@s.whatsapp.net`]) : [chatId];
  const known = jids.flatMap((jid) => aliasesOf(store, pairing, jid));
  return [...new Set([...(number === undefined ? [] : [number]), ...known, ...known.flatMap((jid) => phoneNumberOf(jid) ?? [])])];
}

/** False only when two addresses surely belong to different people: of the same kind, and different. */
export function mayBeSame(store: Store, pairing: Pairing, a: string, b: string): boolean {
  const others = aliasesOf(store, pairing, b);
  const ours = aliasesOf(store, pairing, a);
  if (ours.some((jid) => others.includes(jid))) return true;
  const kindOf = (jid: string): string => jid.slice(jid.indexOf("@"));
  return !ours.some((jid) => others.some((other) => kindOf(other) === kindOf(jid)));
}
