/**
 * Phone numbers, JIDs and LIDs: the only place that takes them apart.
 *
 * A JID is `user[_agent][:device]@server`. A person has a phone JID (`…@s.whatsapp.net`) and, since WhatsApp hides
 * numbers from strangers, a LID (`…@lid`); which of the two a stanza uses is up to the server.
 */

const PERSON_SERVERS: Record<string, "s.whatsapp.net" | "lid"> = {
  "s.whatsapp.net": "s.whatsapp.net",
  "c.us": "s.whatsapp.net",
  hosted: "s.whatsapp.net",
  lid: "lid",
  "hosted.lid": "lid",
};

const PHONE = /^[1-9][0-9]{4,17}$/;

interface Parts {
  user: string;
  server: string;
}

function split(jid: string): Parts | undefined {
  const at = jid.indexOf("@");
  if (at <= 0) return undefined;
  const user = jid.slice(0, at).split(":")[0]?.split("_")[0];
  return user === undefined || user === "" ? undefined : { user, server: jid.slice(at + 1) };
}

/** An address without device, on the server it belongs to: `5511…:3@hosted` → `5511…@s.whatsapp.net`. */
export function bareJid(jid: string | undefined): string | undefined {
  const parts = jid === undefined ? undefined : split(jid);
  return parts === undefined ? undefined : `${parts.user}@${PERSON_SERVERS[parts.server] ?? parts.server}`;
}

/** A person's phone JID without device; undefined for anything else. */
export function phoneJid(jid: string | undefined): string | undefined {
  const bare = bareJid(jid);
  return bare?.endsWith("@s.whatsapp.net") === true ? bare : undefined;
}

/** A person's LID without device; undefined for anything else. */
export function lidJid(jid: string | undefined): string | undefined {
  const bare = bareJid(jid);
  return bare?.endsWith("@lid") === true ? bare : undefined;
}

/** The E.164 number of a phone JID; undefined for anything else. */
export function phoneNumberOf(jid: string | undefined): string | undefined {
  const user = phoneJid(jid)?.split("@")[0];
  return user !== undefined && PHONE.test(user) ? `+${user}` : undefined;
}

/** The part before the @, without device. */
export function userOf(jid: string): string | undefined {
  return split(jid)?.user;
}

export function isGroupJid(jid: string | undefined): boolean {
  return jid?.endsWith("@g.us") === true;
}

/** A broadcast list or somebody's status. */
export function isBroadcastJid(jid: string | undefined): boolean {
  return jid?.endsWith("@broadcast") === true;
}

export function isStatusJid(jid: string | undefined): boolean {
  return jid === "status@broadcast";
}

/** A channel, which WhatsApp calls a newsletter. */
export function isChannelJid(jid: string | undefined): boolean {
  return jid?.endsWith("@newsletter") === true;
}

/** True when both are the same person or group, whatever the device. */
export function sameUser(a: string | undefined, b: string | undefined): boolean {
  const bare = bareJid(a);
  return bare !== undefined && bare === bareJid(b);
}

/** The number of a recipient as callers write it; undefined when the recipient is a JID already. */
export function recipientNumber(recipient: string): string | undefined {
  return recipient.startsWith("+") ? recipient : undefined;
}
