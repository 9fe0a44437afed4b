import { el } from "../wire/stanza.js";
import type { Group, Groups } from "../world/groups.js";
import type { MediaStore } from "../world/media.js";
import type { Person, Picture } from "../world/person.js";
import { notification, type Delivery } from "./delivery.js";
import { GroupError, type Grouping } from "./grouping.js";

/** Profile and group pictures; the images are served by the media server. */
export class Pictures {
  constructor(
    private readonly groups: Groups,
    private readonly grouping: Grouping,
    private readonly delivery: Delivery,
    private readonly media: MediaStore,
  ) {}

  of(owner: Person | Group): Picture | undefined {
    return "members" in owner ? owner.data.picture : owner.picture;
  }

  /**
   * Sets a picture, or takes it away, and tells those who see it.
   * @param device the one of `by` that did it and need not be told
   * @throws GroupError when this person may not
   */
  async set(by: Person, owner: Person | Group, image: Buffer | undefined, device: number): Promise<Picture | undefined> {
    const group = "members" in owner;
    if (group && owner.data.locked) this.grouping.administered(by, owner.jid);
    else if (group) this.grouping.seen(by, owner.jid);
    else if (owner !== by) throw new GroupError(403, "forbidden");
    const picture = image?.length ? { id: String(Date.now()), path: await this.media.put(image) } : undefined;
    if ("members" in owner) {
      if (picture) owner.data.picture = picture;
      else delete owner.data.picture;
      this.groups.touch(owner);
    } else {
      owner.picture = picture;
      owner.touch();
    }
    this.tell(by, owner, picture, device);
    return picture;
  }

  /** Group members, or everybody in a common group, and the owner's other devices. */
  private tell(by: Person, owner: Person | Group, picture: Picture | undefined, device: number): void {
    const group = "members" in owner;
    const author = group ? by.address(owner.data.mode) : undefined;
    const change = picture ? el("set", { jid: owner.jid, id: picture.id, author }) : el("delete", { jid: owner.jid, author });
    const stanza = notification(owner.jid, "picture", [change]);
    const audience = new Set(group ? this.grouping.people(owner) : this.groups.ofMember(by.number).flatMap((each) => this.grouping.people(each)));
    audience.add(by);
    for (const person of audience) this.delivery.toPerson(person, stanza, person === by ? device : undefined);
  }
}
