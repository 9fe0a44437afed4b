import { proto } from "baileys/WAProto/index.js";
import { newMessageId } from "../phone/phone.js";
import type { ChannelRecord, Channels } from "../world/channels.js";
import { AdminError, type AdminRequest, type AdminRouter } from "./http.js";
import { personOf, type PeopleServices } from "./people.js";

/** Channels of contacts: making them, posting, seeing and reacting. */
export function channelRoutes(router: AdminRouter, services: Pick<PeopleServices, "directory">, channels: Channels): void {
  const describe = (channel: ChannelRecord): object => ({
    ...channel,
    posts: channel.posts.map(({ message, ...post }) => ({ ...post, message: proto.Message.toObject(proto.Message.decode(Buffer.from(message, "base64"))) })),
  });
  const find = ({ params }: AdminRequest): ChannelRecord => {
    const channel = channels.get(params["id"]);
    if (!channel) throw new AdminError(404, "channel_absent", `there is no channel ${params["id"] ?? ""}`);
    return channel;
  };

  router.add("GET", "/channels", () => ({ channels: [...channels.all()].map(describe) }));
  router.add("GET", "/channels/:id", (request) => describe(find(request)));

  router.add("POST", "/channels", async ({ body }) => {
    const fields = await body();
    const channel = channels.create(personOf(services, fields.needText("by")).number, fields.needText("name"), fields.text("description") ?? "");
    if (!channel) throw new AdminError(409, "too_many_channels", "there are too many channels");
    return describe(channel);
  });

  router.add("POST", "/channels/:id/post", async (request) => {
    const channel = find(request);
    const text = (await request.body()).needText("text");
    const message = proto.Message.encode({ extendedTextMessage: { text } }).finish();
    return { ...channels.post(channel, newMessageId(), "text", Buffer.from(message)), message: undefined };
  });

  router.add("POST", "/channels/:id/react", async (request) => {
    const channel = find(request);
    const fields = await request.body();
    const post = channel.posts.find(({ serverId }) => serverId === fields.number("serverId"));
    if (!post) throw new AdminError(404, "post_absent", "the channel has no such post");
    const emoji = fields.needText("emoji");
    post.reactions[emoji] = (post.reactions[emoji] ?? 0) + 1;
    post.views += 1;
    channels.touch(channel);
    return {};
  });
}
