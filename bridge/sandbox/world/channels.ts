import { randomBytes, randomInt } from "node:crypto";

export const CHANNEL_SERVER = "newsletter";

/** Channels, posts of one, and followers; beyond them a request is refused, or the oldest post goes. */
const MAX_CHANNELS = 10_000;
const MAX_POSTS = 1_000;
const MAX_FOLLOWERS = 50_000;

export interface Post {
  serverId: number;
  id: string;
  /** Unix seconds. */
  at: number;
  /** WhatsApp's name of the kind, such as `text` or `media`. */
  type: string;
  /** `proto.Message`, in base64. */
  message: string;
  views: number;
  reactions: Record<string, number>;
}

export interface ChannelRecord {
  id: string;
  name: string;
  description: string;
  createdAt: number;
  invite: string;
  /** Digits of the owner's number; numbers of the followers. */
  owner: string;
  followers: string[];
  posts: Post[];
}

/** All channels. People are named by the digits of their number. */
export class Channels {
  private readonly byId = new Map<string, ChannelRecord>();

  constructor(private readonly changed: (channel: ChannelRecord) => void) {}

  restore(records: ChannelRecord[]): void {
    for (const record of records) this.byId.set(record.id, record);
  }

  /** Undefined when there are too many. */
  create(owner: string, name: string, description: string): ChannelRecord | undefined {
    if (this.byId.size >= MAX_CHANNELS) return undefined;
    const channel: ChannelRecord = {
      id: `120363${randomInt(10 ** 11, 10 ** 12)}@${CHANNEL_SERVER}`,
      name, description, owner, createdAt: Math.floor(Date.now() / 1000), invite: randomBytes(16).toString("base64url").replace(/[-_]/g, "x"), followers: [], posts: [],
    };
    this.byId.set(channel.id, channel);
    this.changed(channel);
    return channel;
  }

  get(id: string | undefined): ChannelRecord | undefined {
    return id === undefined ? undefined : this.byId.get(id.includes("@") ? id : `${id}@${CHANNEL_SERVER}`);
  }

  byInvite(code: string | undefined): ChannelRecord | undefined {
    return [...this.byId.values()].find(({ invite }) => invite === code);
  }

  /** Those the number follows or owns. */
  of(number: string): ChannelRecord[] {
    return [...this.byId.values()].filter(({ owner, followers }) => owner === number || followers.includes(number));
  }

  all(): IterableIterator<ChannelRecord> {
    return this.byId.values();
  }

  follow(channel: ChannelRecord, number: string, follows: boolean): void {
    const others = channel.followers.filter((each) => each !== number);
    channel.followers = follows && others.length < MAX_FOLLOWERS ? [...others, number] : others;
    this.changed(channel);
  }

  /** Adds a post; one with an id that was posted before changes nothing. */
  post(channel: ChannelRecord, id: string, type: string, message: Buffer): Post {
    const known = channel.posts.find((each) => each.id === id);
    if (known) return known;
    const serverId = (channel.posts.at(-1)?.serverId ?? 99) + 1;
    const post = { serverId, id, at: Math.floor(Date.now() / 1000), type, message: message.toString("base64"), views: 0, reactions: {} };
    channel.posts.push(post);
    if (channel.posts.length > MAX_POSTS) channel.posts.shift();
    this.changed(channel);
    return post;
  }

  touch(channel: ChannelRecord): void {
    this.changed(channel);
  }

  clear(): void {
    this.byId.clear();
  }
}
