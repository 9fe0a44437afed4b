import { proto } from "baileys/WAProto/index.js";
import { plainContent } from "../phone/plain.js";
import { stanzaType } from "../phone/content.js";
import { newMessageId } from "../phone/phone.js";
import { ChannelError, type Channeling } from "../service/channeling.js";
import { el } from "../wire/stanza.js";
import type { Channel, ChannelMessage, Channels } from "../world/channels.js";
import { composeMessage } from "./compose.js";
import { AdminError, LARGE_BODY, type AdminRequest, type AdminRouter, type Fields } from "./http.js";
import { personOf, phoneOf, type PeopleServices } from "./people.js";

/** Channels as contacts use them, and what was posted in them in plain words. */
export function channelRoutes(router: AdminRouter, services: PeopleServices, channels: Channels, channeling: Channeling): void {
  const find = ({ params }: AdminRequest): Channel => {
    const id = params["id"] ?? "";
    const channel = channels.get(id.includes("@") ? id : `${id}@newsletter`);
    if (!channel) throw new AdminError(404, "channel_absent", `there is no channel ${id}`);
    return channel;
  };

  router.add("GET", "/channels", () => ({ channels: [...channels.all()].map(describe) }));
  router.add("GET", "/channels/:id", (request) => describe(find(request)));

  router.add("POST", "/channels", async ({ body }) => {
    const fields = await body();
    const by = personOf(services, fields.needText("by"));
    return describe(channeling.create(by, fields.needText("name"), fields.text("description") ?? ""));
  });

  router.add("POST", "/channels/:id/:change", async (request) => {
    const channel = find(request);
    const fields = await request.body(LARGE_BODY);
    try {
      await change(channel, request.params["change"] ?? "", fields);
    } catch (err) {
      throw err instanceof ChannelError ? new AdminError(err.code === 404 ? 404 : 409, "channel_refused", err.message) : err;
    }
    return describe(channel);
  });

  async function change(channel: Channel, name: string, fields: Fields): Promise<void> {
    const by = personOf(services, fields.needText("by"));
    if (name === "follow") channeling.follow(by, channel.jid);
    else if (name === "unfollow") channeling.unfollow(by, channel.jid);
    else if (name === "update") await channeling.update(by, channel.jid, { name: fields.text("name"), description: fields.text("description") });
    else if (name === "appoint") {
      const role = fields.oneOf("role", ["ADMIN", "OWNER", "SUBSCRIBER"]) ?? "ADMIN";
      channeling.appoint(by, channel.jid, personOf(services, fields.needText("member")), role);
    } else if (name === "react") channeling.react(by, channel.jid, fields.number("serverId") ?? 0, fields.text("emoji") ?? "");
    else if (name === "say") {
      const message = await composeMessage(fields, phoneOf(services, by.number), channel.jid, services);
      const plaintext = el("plaintext", {}, Buffer.from(proto.Message.encode(message).finish()));
      channeling.post(by, 0, el("message", { to: channel.jid, id: fields.text("id") ?? newMessageId(), type: stanzaType(message) }, [plaintext]));
    } else throw new AdminError(404, "not_found", `nothing called ${name} can be done to a channel`);
  }
}

function describe(channel: Channel): object {
  const { messages, admins, followers, muted, owner, ...data } = channel.toJSON();
  const numbers = (list: string[]): string[] => list.map((each) => `+${each}`);
  return {
    jid: channel.jid, ...data, owner: `+${owner}`, admins: numbers(admins), followers: numbers(followers), muted: numbers(muted),
    messages: messages.map(plain),
  };
}

function plain({ plaintext, by, ...rest }: ChannelMessage): object {
  return { ...rest, by: `+${by}`, content: plainContent(proto.Message.decode(Buffer.from(plaintext, "base64"))) };
}
