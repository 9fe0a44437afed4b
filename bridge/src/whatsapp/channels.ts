/** Channels: made, found, followed and read. Posts are sent as messages are. */
import { BridgeError } from "../errors.js";
import type { Channel, ChannelMessage } from "../rpc/contract.gen.js";
import type { BinaryNode, WASocket } from "./baileys.js";
import { toChannel, toPost } from "./channel-view.js";
import type { Link } from "./link.js";
import { askMex, type QUERIES } from "./mex.js";
import { childOf, childrenOf } from "./nodes.js";
import type { Questions, Refusals } from "./questions.js";

/** Channels of a list; one may follow more than anybody reads. */
const LIST_LIMIT = 1000;

/** Posts among which one is looked for. */
const LOOKED_THROUGH = 100;

const NO_CHANNEL: Refusals = { 400: "channel_not_found", 404: "channel_not_found" };

/** Which channel is meant: by its id, or by the code of its link. */
export type ChannelName = { channelId: string } | { inviteCode: string };

export class Channels {
  readonly #questions: Questions;

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  /** @throws BridgeError what Questions.ask throws */
  async create(link: Link, name: string, description: string | undefined): Promise<Channel> {
    const made = toChannel(await this.#mex(link, "createChannel", { input: { name, description: description ?? null } }));
    if (made === undefined) throw new Error("an answer about a new channel has none");
    return made;
  }

  /** Those the number follows or owns. @throws BridgeError what Questions.ask throws */
  async list(link: Link): Promise<Channel[]> {
    const channels = await this.#mex(link, "listChannels", {});
    return (Array.isArray(channels) ? channels : []).flatMap((each) => toChannel(each) ?? []).slice(0, LIST_LIMIT);
  }

  /** @throws BridgeError channel_not_found, and what Questions.ask throws */
  async get(link: Link, name: ChannelName): Promise<Channel> {
    const input = "channelId" in name ? { key: name.channelId, type: "JID" } : { key: name.inviteCode, type: "INVITE" };
    const variables = { fetch_creation_time: true, fetch_full_image: true, fetch_viewer_metadata: true, input };
    const channel = toChannel(await this.#mex(link, "getChannel", variables, NO_CHANNEL));
    if (channel === undefined) throw new BridgeError("channel_not_found");
    return channel;
  }

  /** @throws BridgeError channel_not_found, and what Questions.ask throws */
  async follow(link: Link, channelId: string): Promise<void> {
    await this.#mex(link, "followChannel", { newsletter_id: channelId }, NO_CHANNEL);
  }

  /** @throws BridgeError channel_not_found, and what Questions.ask throws */
  async unfollow(link: Link, channelId: string): Promise<void> {
    await this.#mex(link, "unfollowChannel", { newsletter_id: channelId }, NO_CHANNEL);
  }

  /** The latest posts, newest first; only those before a serverId when one is given. @throws BridgeError channel_not_found, and what Questions.ask throws */
  async messages(link: Link, channelId: string, limit: number, before: string | undefined): Promise<ChannelMessage[]> {
    const posts = await this.#ask(link, (sock) => askPosts(sock, channelId, limit, before), NO_CHANNEL);
    return posts.flatMap((each) => toPost(each) ?? []).sort((a, b) => Number(b.serverId) - Number(a.serverId)).slice(0, limit);
  }

  /** Whether a message of ours is among the latest posts. @throws BridgeError channel_not_found, and what Questions.ask throws */
  async hasPost(link: Link, channelId: string, messageId: string): Promise<boolean> {
    const posts = await this.messages(link, channelId, LOOKED_THROUGH, undefined);
    return posts.some((post) => post.messageId === messageId);
  }

  #mex(link: Link, query: keyof typeof QUERIES, variables: object, refusals?: Refusals): Promise<unknown> {
    return this.#ask(link, (sock) => askMex(sock, query, variables), refusals);
  }

  #ask<T>(link: Link, question: (sock: WASocket) => Promise<T>, refusals: Refusals = {}): Promise<T> {
    return this.#questions.ask(link.pairing.tenantId, "channels", link, () => link.run(question), refusals);
  }
}

/** Baileys asks for changes of posts only. Shape: whatsmeow newsletter.go, GetNewsletterMessages. */
async function askPosts(sock: WASocket, channelId: string, count: number, before: string | undefined): Promise<BinaryNode[]> {
  const attrs = { type: "jid", jid: channelId, count: String(count), ...(before === undefined ? {} : { before }) };
  const answer = (await sock.query({
    tag: "iq",
    attrs: { to: "s.whatsapp.net", type: "get", xmlns: "newsletter" },
    content: [{ tag: "messages", attrs }],
  })) as BinaryNode | undefined;
  return childrenOf(childOf(answer, "messages"), "message");
}
