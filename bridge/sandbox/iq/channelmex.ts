import { bareJid } from "../wire/jid.js";
import type { Channel, Channels } from "../world/channels.js";
import type { Directory } from "../world/directory.js";
import type { Person } from "../world/person.js";
import type { Channeling } from "../service/channeling.js";

/** Variables of a query, as far as they are what they should be. */
interface Variables {
  input?: { name?: string; description?: string | null; key?: string; type?: string };
  newsletter_id?: string;
  user_id?: string;
  updates?: { name?: string; description?: string; picture?: string };
}

/** A field of the answer's `data`, and what it holds. */
type Answer = [path: string, value: object];
type Query = (by: Person, variables: Variables) => Answer | Promise<Answer>;

/**
 * Queries about channels by id (Baileys Types/Mex.js, QueryIds; the list of own channels, which rc14 does not ask for,
 * after whatsmeow, newsletter.go).
 */
export function channelQueries(directory: Directory, channels: Channels, channeling: Channeling): Record<string, Query> {
  const user = (jid: string | undefined): Person | undefined => directory.resolve(jid && bareJid(jid));
  const about = (by: Person, channel: Channel): object => describe(by, channel);
  return {
    "8823471724422422": (by, { input }) => ["xwa2_newsletter_create", about(by, channeling.create(by, input?.name ?? "", input?.description ?? ""))],
    "24250201037901610": async (by, { newsletter_id: jid, updates = {} }) => {
      const picture = updates.picture === undefined ? undefined : Buffer.from(updates.picture, "base64");
      return ["xwa2_newsletter_update", about(by, await channeling.update(by, jid, { ...updates, picture }))];
    },
    "6563316087068696": (by, { input }) => {
      const key = input?.key ?? "";
      const channel = input?.type === "INVITE" ? channels.byInvite(key.split("/").at(-1) ?? "") : channels.get(key);
      return ["xwa2_newsletter", about(by, channel ?? channeling.found(key))];
    },
    "6388546374527196": (by) => ["xwa2_newsletter_subscribed", channels.of(by.number).map((channel) => about(by, channel))],
    "9783111038412085": (by, { newsletter_id: jid }) => ["xwa2_newsletter_subscribers", { subscribers: channeling.led(by, jid).followers.size }],
    "24404358912487870": (by, { newsletter_id: jid }) => ["xwa2_newsletter_join_v2", about(by, channeling.follow(by, jid))],
    "9767147403369991": (by, { newsletter_id: jid }) => ["xwa2_newsletter_leave_v2", about(by, channeling.unfollow(by, jid))],
    "29766401636284406": (by, { newsletter_id: jid }) => ["xwa2_newsletter_mute_v2", about(by, channeling.mute(by, jid, true))],
    "9864994326891137": (by, { newsletter_id: jid }) => ["xwa2_newsletter_unmute_v2", about(by, channeling.mute(by, jid, false))],
    "7130823597031706": (by, { newsletter_id: jid }) => ["xwa2_newsletter_admin", { admin_count: channeling.led(by, jid).admins.size + 1 }],
    "7341777602580933": (by, { newsletter_id: jid, user_id: id }) => ["xwa2_newsletter_change_owner", about(by, channeling.appoint(by, jid, user(id), "OWNER"))],
    "6551828931592903": (by, { newsletter_id: jid, user_id: id }) => ["xwa2_newsletter_demote", about(by, channeling.appoint(by, jid, user(id), "SUBSCRIBER"))],
    "30062808666639665": (by, { newsletter_id: jid }) => {
      channeling.delete(by, jid);
      return ["xwa2_newsletter_delete_v2", { id: jid, state: { type: "DELETED" } }];
    },
  };
}

/** The shape Baileys knows a channel in (Types/Mex.d.ts, NewsletterCreateResponse). */
function describe(by: Person, channel: Channel): object {
  const { name, description, createdAt, invite, picture } = channel.data;
  const text = (value: string): object => ({ id: String(createdAt), text: value, update_time: String(createdAt) });
  const image = { id: picture?.id ?? "0", type: "IMAGE", direct_path: picture?.path ?? "" };
  return {
    id: channel.jid,
    state: { type: "ACTIVE" },
    thread_metadata: {
      creation_time: String(createdAt), name: text(name), description: text(description), handle: null, invite, picture: image,
      preview: { ...image, type: "PREVIEW" }, subscribers_count: String(channel.followers.size), verification: "UNVERIFIED",
    },
    viewer_metadata: { mute: channel.muted.has(by.number) ? "ON" : "OFF", role: channel.role(by.number) },
  };
}
