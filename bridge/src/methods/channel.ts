/** channel.*: channels a number owns, follows or reads. */
import { BridgeError } from "../errors.js";
import type { Handlers } from "../rpc/dispatch.js";
import type { ChannelName, Channels } from "../whatsapp/channels.js";
import type { Sessions } from "../whatsapp/sessions.js";

type Names = Extract<keyof Handlers, `channel.${string}`>;

/** @throws BridgeError invalid_params unless exactly one of the two is given, which the contract's schema cannot say */
function nameOf(channelId: string | undefined, inviteCode: string | undefined): ChannelName {
  if (channelId !== undefined && inviteCode === undefined) return { channelId };
  if (inviteCode !== undefined && channelId === undefined) return { inviteCode };
  throw new BridgeError("invalid_params", { fault: "either channelId or inviteCode" });
}

export function channelMethods(sessions: Sessions, channels: Channels): Pick<Handlers, Names> {
  return {
    "channel.create": ({ tenantId, name, description }) => channels.create(sessions.link(tenantId), name, description),
    "channel.list": async ({ tenantId }) => ({ channels: await channels.list(sessions.link(tenantId)) }),
    "channel.get": ({ tenantId, channelId, inviteCode }) => channels.get(sessions.link(tenantId), nameOf(channelId, inviteCode)),
    "channel.follow": async ({ tenantId, channelId }) => {
      await channels.follow(sessions.link(tenantId), channelId);
      return {};
    },
    "channel.unfollow": async ({ tenantId, channelId }) => {
      await channels.unfollow(sessions.link(tenantId), channelId);
      return {};
    },
    "channel.messages": async ({ tenantId, channelId, limit, before }) => ({ messages: await channels.messages(sessions.link(tenantId), channelId, limit, before) }),
  };
}
