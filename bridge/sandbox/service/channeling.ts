import { bytesOf, child, el, type Stanza } from "../wire/stanza.js";
import type { Channel, ChannelMessage, ChannelRole, Channels } from "../world/channels.js";
import type { Companion } from "../world/companion.js";
import type { Directory } from "../world/directory.js";
import type { MediaStore } from "../world/media.js";
import type { Person } from "../world/person.js";
import { newStanzaId, notification, unixTime, type Delivery } from "./delivery.js";

/** Why something may not be done to a channel; `code` is the protocol's. */
export class ChannelError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export interface ChannelUpdate {
  name?: string | undefined;
  description?: string | undefined;
  /** An image; empty takes the picture away. */
  picture?: Buffer | undefined;
}

/** Linked devices following live what happens in one channel; further ones are ignored. */
const MAX_LIVE = 1_000;

/** What can be done to channels, by whom, and who is told. */
export class Channeling {
  private readonly live = new Map<Channel, Set<Companion>>();

  constructor(
    private readonly directory: Directory,
    private readonly channels: Channels,
    private readonly delivery: Delivery,
    private readonly media: MediaStore,
  ) {}

  create(by: Person, name: string, description: string): Channel {
    const channel = this.channels.create(by.number, name, description);
    if (!channel) throw new ChannelError(500, "there are too many channels");
    return channel;
  }

  /** @throws ChannelError 404 */
  found(jid: string | undefined): Channel {
    const channel = this.channels.get(jid);
    if (!channel) throw new ChannelError(404, "item-not-found");
    return channel;
  }

  /** The channel, if this person is at least an admin, or its owner. @throws ChannelError 404, 403 */
  led(by: Person, jid: string | undefined, least: "OWNER" | "ADMIN" = "ADMIN"): Channel {
    const channel = this.found(jid);
    const role = channel.role(by.number);
    if (role !== "OWNER" && (role !== "ADMIN" || least === "OWNER")) throw new ChannelError(403, "forbidden");
    return channel;
  }

  async update(by: Person, jid: string | undefined, { name, description, picture }: ChannelUpdate): Promise<Channel> {
    const channel = this.led(by, jid);
    if (name !== undefined) channel.data.name = name;
    if (description !== undefined) channel.data.description = description;
    if (picture?.length === 0) delete channel.data.picture;
    else if (picture) channel.data.picture = { id: String(Date.now()), path: await this.media.put(picture) };
    this.channels.touch(channel);
    const settings = { ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }) };
    this.tellMex(channel, { operation: "NotificationNewsletterUpdate", updates: [{ jid: channel.jid, settings }] });
    return channel;
  }

  follow(by: Person, jid: string | undefined): Channel {
    const channel = this.found(jid);
    if (!channel.follow(by.number)) throw new ChannelError(419, "resource-limit");
    this.channels.touch(channel);
    return channel;
  }

  unfollow(by: Person, jid: string | undefined): Channel {
    const channel = this.found(jid);
    channel.followers.delete(by.number);
    channel.muted.delete(by.number);
    this.channels.touch(channel);
    return channel;
  }

  mute(by: Person, jid: string | undefined, muted: boolean): Channel {
    const channel = this.found(jid);
    if (muted) channel.muted.add(by.number);
    else channel.muted.delete(by.number);
    this.channels.touch(channel);
    return channel;
  }

  /** Makes somebody an admin, the owner, or neither. */
  appoint(by: Person, jid: string | undefined, person: Person | undefined, role: ChannelRole): Channel {
    const channel = this.led(by, jid, "OWNER");
    if (!person) throw new ChannelError(404, "item-not-found");
    channel.admins.delete(person.number);
    if (role === "ADMIN") channel.admins.add(person.number);
    if (role === "OWNER") {
      channel.admins.add(channel.data.owner);
      channel.data.owner = person.number;
    }
    this.channels.touch(channel);
    return channel;
  }

  delete(by: Person, jid: string | undefined): void {
    const channel = this.led(by, jid, "OWNER");
    this.channels.delete(channel);
    this.live.delete(channel);
  }

  /**
   * Takes a message or a reaction for a channel and passes it on.
   * @returns the number of the message within the channel, for the acknowledgement
   */
  post(by: Person, device: number, stanza: Stanza): number {
    if (stanza.attrs["type"] === "reaction") {
      const serverId = Number(stanza.attrs["server_id"]);
      this.react(by, stanza.attrs["to"], serverId, child(stanza, "reaction")?.attrs["code"] ?? "");
      return serverId;
    }
    const channel = this.led(by, stanza.attrs["to"]);
    const plaintext = bytesOf(child(stanza, "plaintext"));
    if (!plaintext) throw new ChannelError(400, "bad-request");
    const { id = newStanzaId(), type = "text" } = stanza.attrs;
    const message = channel.append({ id, at: Number(unixTime()), by: by.number, type, plaintext: plaintext.toString("base64") });
    this.channels.touch(channel);
    const attrs = { from: channel.jid, id, server_id: String(message.serverId), type, t: String(message.at) };
    const copy = el("message", attrs, [el("plaintext", {}, plaintext)]);
    for (const person of this.audience(channel)) this.delivery.toPerson(person, copy, person === by ? device : undefined);
    return message.serverId;
  }

  /** An empty emoji takes the reaction back. */
  react(by: Person, jid: string | undefined, serverId: number, emoji: string): ChannelMessage {
    const channel = this.found(jid);
    const message = channel.messages.find((each) => each.serverId === serverId);
    if (!message) throw new ChannelError(404, "item-not-found");
    const others = Object.entries(message.reactions).filter(([number]) => number !== by.number);
    message.reactions = Object.fromEntries(emoji === "" ? others : [...others, [by.number, emoji]]);
    this.channels.touch(channel);
    const reaction = el("reaction", { message_id: String(serverId) }, [el("reaction", {}, Buffer.from(emoji))]);
    for (const companion of this.live.get(channel) ?? []) companion.sendNow(notification(channel.jid, "newsletter", [reaction]));
    return message;
  }

  /** From now on this device hears of reactions as they come. */
  watch(companion: Companion, jid: string | undefined): void {
    const channel = this.found(jid);
    const watching = this.live.get(channel) ?? new Set();
    if (watching.size < MAX_LIVE) watching.add(companion);
    this.live.set(channel, watching);
  }

  clear(): void {
    this.live.clear();
  }

  private audience(channel: Channel): Person[] {
    return channel.audience().flatMap((number) => this.directory.lookup(number) ?? []);
  }

  private tellMex(channel: Channel, update: object): void {
    const stanza = notification(channel.jid, "mex", [el("mex", {}, Buffer.from(JSON.stringify(update)))]);
    for (const person of this.audience(channel)) this.delivery.toCompanions(person, stanza);
  }
}
