import { bareJid, parseJid } from "../wire/jid.js";
import { child, el } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Person } from "../world/person.js";
import type { Logins } from "../service/login.js";
import { uploadToken, type MediaHost } from "../service/mediahttp.js";
import { IqError, type IqHandler } from "./request.js";

/** Takes a linked device off a number; false when it has no such device. */
export type Unlink = (person: Person, device: number) => boolean;

/** The link itself: going live, media server, unlinking. */
export function deviceHandlers(
  directory: Directory,
  logins: Logins,
  unlink: Unlink,
  mediaHost: MediaHost,
): [xmlns: string, handler: IqHandler][] {
  const passive: IqHandler = (session, iq) => (child(iq, "active") ? { after: () => logins.activate(session) } : {});

  const media: IqHandler = ({ connection, person }) => {
    const attrs = { auth: uploadToken(person.number), ttl: "3600", auth_ttl: "21600", max_buckets: "12" };
    return { content: [el("media_conn", attrs, [el("host", { hostname: mediaHost(connection.host), type: "primary" })])] };
  };

  const md: IqHandler = (session, iq) => {
    const jid = child(iq, "remove-companion-device")?.attrs["jid"];
    if (jid === undefined) throw new IqError(501, "unknown device request");
    const owner = directory.resolve(bareJid(jid));
    if (owner !== session.person) throw new IqError(403, "not your device");
    const device = parseJid(jid)?.device ?? 0;
    return { after: () => void unlink(session.person, device) };
  };

  return [
    ["passive", passive],
    ["w:m", media],
    ["md", md],
  ];
}
