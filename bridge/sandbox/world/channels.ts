import { randomBytes, randomInt } from "node:crypto";
import { CHANNEL_SERVER, formatJid, parseJid } from "../wire/jid.js";

export type ChannelRole = "OWNER" | "ADMIN" | "SUBSCRIBER" | "GUEST";

/** Bounds; beyond them a request is refused, or the oldest messages go. */
const MAX_CHANNELS = 1_000;
const MAX_FOLLOWERS = 10_000;
const MAX_MESSAGES = 2_000;

export interface ChannelMessage {
  /** 1, 2, 3 … within the channel: what reactions and readers name it by. */
  serverId: number;
  id: string;
  /** Unix seconds. */
  at: number;
  /** Digits of the author's number. */
  by: string;
  type: string;
  /** The message as it travelled: encoded and not encrypted. Base64. */
  plaintext: string;
  /** Number of a reader → emoji. */
  reactions: Record<string, string>;
}

export interface ChannelRecord {
  id: string;
  name: string;
  description: string;
  createdAt: number;
  invite: string;
  /** Path of the picture on the media server. */
  picture?: { id: string; path: string };
  owner: string;
  admins: string[];
  followers: string[];
  muted: string[];
  lastServerId: number;
  messages: ChannelMessage[];
}

/** A channel (newsletter). People are named by the digits of their number. */
export class Channel {
  readonly admins: Set<string>;
  readonly followers: Set<string>;
  readonly muted: Set<string>;
  messages: ChannelMessage[];

  constructor(readonly data: Omit<ChannelRecord, "admins" | "followers" | "muted" | "messages">, lists: Partial<ChannelRecord> = {}) {
    this.admins = new Set(lists.admins);
    this.followers = new Set(lists.followers);
    this.muted = new Set(lists.muted);
    this.messages = lists.messages ?? [];
  }

  get jid(): string {
    return formatJid(this.data.id, CHANNEL_SERVER);
  }

  role(number: string): ChannelRole {
    if (this.data.owner === number) return "OWNER";
    if (this.admins.has(number)) return "ADMIN";
    return this.followers.has(number) ? "SUBSCRIBER" : "GUEST";
  }

  /** Everybody who gets what is posted. */
  audience(): string[] {
    return [...new Set([this.data.owner, ...this.admins, ...this.followers])];
  }

  /** False when it has too many followers. */
  follow(number: string): boolean {
    if (this.followers.size >= MAX_FOLLOWERS) return false;
    this.followers.add(number);
    return true;
  }

  append(message: Omit<ChannelMessage, "serverId" | "reactions">): ChannelMessage {
    const added: ChannelMessage = { ...message, serverId: ++this.data.lastServerId, reactions: {} };
    this.messages.push(added);
    if (this.messages.length > MAX_MESSAGES) this.messages = this.messages.slice(-MAX_MESSAGES / 2);
    return added;
  }

  toJSON(): ChannelRecord {
    return { ...this.data, admins: [...this.admins], followers: [...this.followers], muted: [...this.muted], messages: this.messages };
  }
}

/** All channels. */
export class Channels {
  private readonly byId = new Map<string, Channel>();

  constructor(private readonly changed: (channel: Channel) => void, private readonly removed: (channel: Channel) => void) {}

  restore(records: ChannelRecord[]): void {
    for (const { admins, followers, muted, messages, ...data } of records) {
      this.byId.set(data.id, new Channel(data, { admins, followers, muted, messages }));
    }
  }

  /** Undefined when there are too many. */
  create(owner: string, name: string, description: string): Channel | undefined {
    if (this.byId.size >= MAX_CHANNELS) return undefined;
    const channel = new Channel({
      id: `120363${randomInt(10 ** 11, 10 ** 12)}`, name, description, createdAt: Math.floor(Date.now() / 1000),
      invite: randomBytes(16).toString("hex").toUpperCase().slice(0, 22), owner, lastServerId: 0,
    });
    this.byId.set(channel.data.id, channel);
    this.changed(channel);
    return channel;
  }

  get(jid: string | undefined): Channel | undefined {
    const parsed = parseJid(jid);
    return parsed?.server === CHANNEL_SERVER ? this.byId.get(parsed.user) : undefined;
  }

  byInvite(code: string): Channel | undefined {
    return [...this.byId.values()].find((channel) => channel.data.invite === code);
  }

  /** Those somebody owns, leads or follows. */
  of(number: string): Channel[] {
    return [...this.byId.values()].filter((channel) => channel.role(number) !== "GUEST");
  }

  all(): IterableIterator<Channel> {
    return this.byId.values();
  }

  delete(channel: Channel): void {
    this.byId.delete(channel.data.id);
    this.removed(channel);
  }

  touch(channel: Channel): void {
    this.changed(channel);
  }

  clear(): void {
    this.byId.clear();
  }
}
