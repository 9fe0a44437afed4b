import { child, el, type Stanza } from "../wire/stanza.js";
import type { ChannelRecord, Channels, Post } from "../world/channels.js";
import { IqError, type IqHandler } from "./request.js";

/** What GraphQL is asked about channels, by query id: Baileys Types/Mex.js (QueryIds), and for the list whatsmeow newsletter.go. */
const QUERIES = {
  create: "8823471724422422", get: "6563316087068696", follow: "24404358912487870", unfollow: "9767147403369991", list: "6388546374527196",
} as const;

const PAGE = 100;

/** A refusal of a GraphQL query, with the code it carries. */
export class MexError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

interface Variables {
  input?: { name?: string; description?: string | null; key?: string; type?: string };
  newsletter_id?: string;
}

/** The answer to a query about channels; undefined for queries about anything else. @throws MexError */
export function channelQuery(channels: Channels, query: string, number: string, variables: unknown): object | undefined {
  const { input, newsletter_id: id } = variables as Variables;
  const found = (channel: ChannelRecord | undefined): ChannelRecord => {
    if (!channel) throw new MexError(404, "Not Found");
    return channel;
  };
  switch (query) {
    case QUERIES.create: {
      const made = channels.create(number, input?.name ?? "", input?.description ?? "");
      if (!made) throw new MexError(429, "rate-overlimit");
      return { xwa2_newsletter_create: describe(made, number) };
    }
    case QUERIES.get: {
      const channel = input?.type === "INVITE" ? channels.byInvite(input.key) : channels.get(input?.key);
      return { xwa2_newsletter: describe(found(channel), number) };
    }
    case QUERIES.follow:
    case QUERIES.unfollow: {
      const channel = found(channels.get(id));
      channels.follow(channel, number, query === QUERIES.follow);
      return { [query === QUERIES.follow ? "xwa2_newsletter_join_v2" : "xwa2_newsletter_leave_v2"]: { id: channel.id, state: { type: "ACTIVE" } } };
    }
    case QUERIES.list:
      return { xwa2_newsletter_subscribed: channels.of(number).map((channel) => describe(channel, number)) };
    default:
      return undefined;
  }
}

/** A channel as GraphQL has it: Baileys Types/Mex.d.ts, NewsletterCreateResponse. A new one has no picture. */
function describe(channel: ChannelRecord, number: string): object {
  const role = channel.owner === number ? "OWNER" : channel.followers.includes(number) ? "SUBSCRIBER" : "GUEST";
  return {
    id: channel.id,
    state: { type: "ACTIVE" },
    thread_metadata: {
      creation_time: String(channel.createdAt),
      description: { id: "1", text: channel.description, update_time: String(channel.createdAt) },
      handle: null,
      invite: channel.invite,
      name: { id: "1", text: channel.name, update_time: String(channel.createdAt) },
      picture: null,
      preview: null,
      subscribers_count: String(channel.followers.length),
      verification: "UNVERIFIED",
    },
    viewer_metadata: { mute: "OFF", role },
  };
}

/** `newsletter`: posts of a channel, newest last, as whatsmeow's GetNewsletterMessages asks for and reads them. */
export function newsletterHandler(channels: Channels): IqHandler {
  return (_session, iq) => {
    const asked = child(iq, "messages");
    if (!asked) throw new IqError(501, "no such question about channels");
    const { jid, count, before } = asked.attrs;
    const channel = channels.get(jid);
    if (!channel) throw new IqError(404, "item-not-found");
    const older = channel.posts.filter(({ serverId }) => before === undefined || serverId < Number(before));
    const page = older.slice(-Math.min(Number(count ?? PAGE) || PAGE, PAGE));
    return { content: [el("messages", { jid: channel.id, t: String(Math.floor(Date.now() / 1000)) }, page.map(postElement))] };
  };
}

function postElement({ serverId, id, at, type, message, views, reactions }: Post): Stanza {
  const counts = Object.entries(reactions).map(([code, count]) => el("reaction", { code, count: String(count) }));
  return el("message", { id, server_id: String(serverId), t: String(at), type }, [
    el("plaintext", {}, Buffer.from(message, "base64")),
    el("views_count", { count: String(views) }),
    ...(counts.length > 0 ? [el("reactions", {}, counts)] : []),
  ]);
}
