/** Where an address lives: phone-number users, LID users, groups, or anything else. */
export interface Jid {
  user: string;
  device: number;
  server: string;
}

export const PN_SERVER = "s.whatsapp.net";
export const LID_SERVER = "lid";
export const GROUP_SERVER = "g.us";
/** Channels. */
export const CHANNEL_SERVER = "newsletter";
export const STATUS_JID = "status@broadcast";
/** `from` of everything the server itself says: an address without a user (Baileys: S_WHATSAPP_NET). */
export const SERVER_JID = "@s.whatsapp.net";

export type Domain = "pn" | "lid";

/** Splits `user[_agent][:device]@server`; undefined when there is no `@`. */
export function parseJid(jid: string | undefined): Jid | undefined {
  if (!jid) return undefined;
  const at = jid.indexOf("@");
  if (at < 0) return undefined;
  const [userAgent = "", device] = jid.slice(0, at).split(":");
  const [user = ""] = userAgent.split("_");
  const server = jid.slice(at + 1);
  return { user, device: device ? Number(device) : 0, server: server === "c.us" ? PN_SERVER : server };
}

/** Writes an address; device 0 (the phone) is written without a device part, as the real client does. */
export function formatJid(user: string, server: string, device = 0): string {
  return device ? `${user}:${device}@${server}` : `${user}@${server}`;
}

/** The address without its device; a text that is no address stays as it is. */
export function bareJid(jid: string): string {
  const parsed = parseJid(jid);
  return parsed ? formatJid(parsed.user, parsed.server) : jid;
}

/** `…@g.us` */
export function isGroup(jid: string | undefined): boolean {
  return jid?.endsWith(`@${GROUP_SERVER}`) ?? false;
}

/** `…@newsletter` */
export function isChannel(jid: string | undefined): boolean {
  return jid?.endsWith(`@${CHANNEL_SERVER}`) ?? false;
}

/** A person's address, by number or by LID, with or without device. */
export function isUser(jid: string | undefined): boolean {
  const server = parseJid(jid)?.server;
  return server === PN_SERVER || server === LID_SERVER;
}

/** The addressing domain of a user address; everything that is not a LID counts as phone number. */
export function domainOf(jid: string): Domain {
  return parseJid(jid)?.server === LID_SERVER ? "lid" : "pn";
}
