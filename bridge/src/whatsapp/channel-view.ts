/** Channels and their posts as the contract shows them, read without trust in what WhatsApp says. */
import type { Channel, ChannelMessage } from "../rpc/contract.gen.js";
import { getContentType, normalizeMessageContent, proto, type BinaryNode } from "./baileys.js";
import { wellFormed } from "./content.js";
import { childOf, childrenOf, secondsToMs } from "./nodes.js";

const CHANNEL_ID = /^[0-9]{5,24}@newsletter$/;
const MESSAGE_ID = /^[A-Za-z0-9._:@-]{1,128}$/;
const REACTION_LIMIT = 200;

const ROLES: Partial<Record<string, Channel["role"]>> = { OWNER: "owner", ADMIN: "admin", SUBSCRIBER: "follower", GUEST: "guest" };

/** `NewsletterMetadata` of GraphQL, of which anything may be missing. */
interface RawChannel {
  id?: unknown;
  thread_metadata?: {
    name?: { text?: unknown } | null;
    description?: { text?: unknown } | null;
    invite?: unknown;
    creation_time?: unknown;
    subscribers_count?: unknown;
    verification?: unknown;
  } | null;
  viewer_metadata?: { role?: unknown } | null;
}

function textIn(value: unknown, maxLength: number): string | undefined {
  return typeof value === "string" && value !== "" ? wellFormed(value, maxLength) : undefined;
}

function countIn(value: unknown): number | undefined {
  const count = typeof value === "string" || typeof value === "number" ? Number(value) : NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** A channel of a GraphQL answer; undefined when it is none. */
export function toChannel(raw: unknown): Channel | undefined {
  const { id, thread_metadata: thread, viewer_metadata: viewer } = (raw ?? {}) as RawChannel;
  if (typeof id !== "string" || !CHANNEL_ID.test(id)) return undefined;
  const description = textIn(thread?.description?.text, 8192);
  const inviteCode = textIn(thread?.invite, 128);
  const followers = countIn(thread?.subscribers_count);
  const createdAtMs = secondsToMs(countIn(thread?.creation_time));
  const role = typeof viewer?.role === "string" ? ROLES[viewer.role] : undefined;
  return {
    channelId: id,
    name: textIn(thread?.name?.text, 1024) ?? "",
    ...(description === undefined ? {} : { description }),
    ...(inviteCode === undefined ? {} : { inviteCode }),
    ...(followers === undefined ? {} : { followers }),
    ...(typeof thread?.verification === "string" ? { verified: thread.verification === "VERIFIED" } : {}),
    ...(role === undefined ? {} : { role }),
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
  };
}

/** `<message id server_id t type><plaintext/><views_count count/><reactions/></message>`; undefined when it is no post. */
export function toPost(node: BinaryNode): ChannelMessage | undefined {
  const { id, server_id: serverId, t, type } = node.attrs;
  if (serverId === undefined || serverId === "" || serverId.length > 64) return undefined;
  const content = contentOf(childOf(node, "plaintext"));
  const kind = content === undefined ? undefined : getContentType(content);
  const sentAtMs = secondsToMs(t);
  const views = countIn(childOf(node, "views_count")?.attrs["count"]);
  const text = content === undefined ? undefined : textOfContent(content);
  const reactions = Object.fromEntries(
    childrenOf(childOf(node, "reactions"), "reaction").slice(0, REACTION_LIMIT).flatMap(({ attrs }) => {
      const count = countIn(attrs["count"]);
      return attrs["code"] === undefined || attrs["code"].length > 64 || count === undefined ? [] : [[attrs["code"], count] as const];
    }),
  );
  return {
    serverId,
    ...(id !== undefined && MESSAGE_ID.test(id) ? { messageId: id } : {}),
    ...(text === undefined ? {} : { text }),
    type: (kind ?? (type === undefined || type === "" ? "unknown" : type)).slice(0, 128),
    ...(sentAtMs === undefined ? {} : { sentAtMs }),
    ...(views === undefined ? {} : { views }),
    ...(Object.keys(reactions).length === 0 ? {} : { reactions }),
  };
}

function contentOf(plaintext: BinaryNode | undefined): proto.IMessage | undefined {
  if (!(plaintext?.content instanceof Uint8Array)) return undefined;
  try {
    return normalizeMessageContent(proto.Message.decode(plaintext.content));
  } catch {
    // Whatever somebody posted there: the post is shown without it.
    return undefined;
  }
}

function textOfContent(content: proto.IMessage): string | undefined {
  const { conversation, extendedTextMessage, imageMessage, videoMessage, documentMessage } = content;
  const texts = [conversation, extendedTextMessage?.text, imageMessage?.caption, videoMessage?.caption, documentMessage?.caption];
  return textIn(texts.find((each) => typeof each === "string" && each !== ""), 65_536);
}
