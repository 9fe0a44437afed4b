import { bareJid } from "../wire/jid.js";
import { bytesOf, child, el } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Groups } from "../world/groups.js";
import { GroupError } from "../service/grouping.js";
import type { MediaHost } from "../service/mediahttp.js";
import type { Pictures } from "../service/pictures.js";
import { IqError, type IqHandler } from "./request.js";

/** Looking up and changing profile and group pictures. */
export function pictureHandler(directory: Directory, groups: Groups, pictures: Pictures, mediaHost: MediaHost): IqHandler {
  return async ({ person, companion, connection }, iq) => {
    const { target, type } = iq.attrs;
    const picture = child(iq, "picture");
    const owner = target === undefined ? person : (groups.get(target) ?? directory.resolve(bareJid(target)));
    if (!owner) throw new IqError(404, "item-not-found");
    if (type === "get") {
      const current = pictures.of(owner);
      if (!current) throw new IqError(404, "item-not-found");
      const attrs = { id: current.id, type: picture?.attrs["type"] ?? "preview", url: `https://${mediaHost(connection.host)}${current.path}`, direct_path: current.path };
      return { content: [el("picture", attrs)] };
    }
    try {
      const change = await pictures.set(person, owner, bytesOf(picture), companion.id);
      return { content: change ? [el("picture", { id: change.id })] : [] };
    } catch (err) {
      throw err instanceof GroupError ? new IqError(err.code, err.message) : err;
    }
  };
}
