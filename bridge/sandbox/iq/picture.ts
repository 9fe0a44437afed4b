import { bareJid } from "../wire/jid.js";
import { bytesOf, child, el } from "../wire/stanza.js";
import type { Directory } from "../world/directory.js";
import type { Group, Groups } from "../world/groups.js";
import type { MediaStore } from "../world/media.js";
import type { Person, Picture } from "../world/person.js";
import { notification, type Delivery } from "../service/delivery.js";
import { GroupError, type Grouping } from "../service/grouping.js";
import type { MediaHost } from "../service/mediahttp.js";
import { IqError, type IqHandler } from "./request.js";

/** Profile and group pictures; the images are served by the media server. */
export function pictureHandler(
  directory: Directory,
  groups: Groups,
  grouping: Grouping,
  delivery: Delivery,
  media: MediaStore,
  mediaHost: MediaHost,
): IqHandler {
  return async ({ person, companion, connection }, iq) => {
    const { target, type } = iq.attrs;
    const picture = child(iq, "picture");
    const owner = target === undefined ? person : (groups.get(target) ?? directory.resolve(bareJid(target)));
    if (!owner) throw new IqError(404, "item-not-found");
    const current = pictureOf(owner);
    if (type === "get") {
      if (!current) throw new IqError(404, "item-not-found");
      const attrs = { id: current.id, type: picture?.attrs["type"] ?? "preview", url: `https://${mediaHost(connection.host)}${current.path}`, direct_path: current.path };
      return { content: [el("picture", attrs)] };
    }
    const change = await store(person, owner, bytesOf(picture));
    tell(person, owner, change, companion.id);
    return { content: change ? [el("picture", { id: change.id })] : [] };
  };

  async function store(by: Person, owner: Person | Group, image: Buffer | undefined): Promise<Picture | undefined> {
    if ("members" in owner) {
      try {
        if (owner.data.locked) grouping.administered(by, owner.jid);
        else grouping.seen(by, owner.jid);
      } catch (err) {
        throw err instanceof GroupError ? new IqError(err.code, err.message) : err;
      }
    } else if (owner !== by) throw new IqError(403, "forbidden");
    const picture = image?.length ? { id: String(Date.now()), path: await media.put(image) } : undefined;
    if ("members" in owner) {
      if (picture) owner.data.picture = picture;
      else delete owner.data.picture;
      groups.touch(owner);
    } else {
      owner.picture = picture;
      owner.touch();
    }
    return picture;
  }

  /** Group members, or everybody in a common group, and the owner's other devices. */
  function tell(by: Person, owner: Person | Group, picture: Picture | undefined, device: number): void {
    const group = "members" in owner;
    const author = group ? by.address(owner.data.mode) : undefined;
    const change = picture ? el("set", { jid: owner.jid, id: picture.id, author }) : el("delete", { jid: owner.jid, author });
    const stanza = notification(owner.jid, "picture", [change]);
    const audience = new Set(group ? grouping.people(owner) : groups.ofMember(by.number).flatMap((each) => grouping.people(each)));
    audience.add(by);
    for (const person of audience) delivery.toPerson(person, stanza, person === by ? device : undefined);
  }
}

function pictureOf(owner: Person | Group): Picture | undefined {
  return "members" in owner ? owner.data.picture : owner.picture;
}
