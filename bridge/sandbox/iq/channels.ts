import { child, children, el, type Stanza } from "../wire/stanza.js";
import type { Channel, ChannelMessage } from "../world/channels.js";
import { ChannelError, type Channeling } from "../service/channeling.js";
import { IqError, type IqHandler } from "./request.js";

/** Messages in one answer. */
const MAX_PAGE = 100;
/** Seconds for which a client is told to hear of reactions; it asks again after that. */
const LIVE_SECONDS = "300";

/** `newsletter`: what was posted in a channel, and following it live (Baileys lib/Socket/newsletter.js). */
export function channelHandler(channeling: Channeling): IqHandler {
  return ({ companion }, iq) => {
    try {
      if (child(iq, "live_updates")) {
        channeling.watch(companion, iq.attrs["to"]);
        return { content: [el("live_updates", { duration: LIVE_SECONDS })] };
      }
      const [asked] = children(iq);
      if (asked?.tag !== "message_updates" && asked?.tag !== "messages") throw new IqError(501, "unknown channel request");
      const channel = channeling.found(asked.attrs["jid"] ?? iq.attrs["to"]);
      const messages = el("messages", { jid: channel.jid, t: String(Math.floor(Date.now() / 1000)) }, page(channel, asked).map(messageElement));
      return { content: [asked.tag === "messages" ? messages : el("message_updates", {}, [messages])] };
    } catch (err) {
      throw err instanceof ChannelError ? new IqError(err.code, err.message) : err;
    }
  };
}

/** The newest ones after a number, before a number or since a time, oldest first. */
function page(channel: Channel, { attrs }: Stanza): ChannelMessage[] {
  const [after, before, since] = [Number(attrs["after"] ?? 0), Number(attrs["before"] ?? Infinity), Number(attrs["since"] ?? 0)];
  const found = channel.messages.filter((each) => each.serverId > after && each.serverId < before && each.at >= since);
  return found.slice(-Math.min(Number(attrs["count"] ?? MAX_PAGE) || MAX_PAGE, MAX_PAGE));
}

function messageElement({ id, serverId, at, type, plaintext, reactions }: ChannelMessage): Stanza {
  const counts = new Map<string, number>();
  for (const emoji of Object.values(reactions)) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  const counted = [...counts].map(([code, count]) => el("reaction", { code, count: String(count) }));
  const attrs = { id, server_id: String(serverId), type, t: String(at) };
  return el("message", attrs, [el("plaintext", {}, Buffer.from(plaintext, "base64")), ...(counted.length > 0 ? [el("reactions", {}, counted)] : [])]);
}
