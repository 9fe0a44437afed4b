/** chat.*: marking as read, typing, and following who is there. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Chats } from "../whatsapp/chats.js";
import type { Numbers } from "../whatsapp/numbers.js";
import type { Presences } from "../whatsapp/presences.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function chatMethods(sessions: Sessions, chats: Chats, numbers: Numbers, presences: Presences): Pick<Handlers, "chat.read" | "chat.presence" | "chat.followPresence"> {
  return {
    "chat.read": async ({ tenantId, chatId, messageIds }) => {
      await chats.read(sessions.get(tenantId), chatId, messageIds);
      return {};
    },
    "chat.presence": async ({ tenantId, ...shown }) => {
      await chats.show(sessions.get(tenantId), shown);
      return {};
    },
    "chat.followPresence": async ({ tenantId, chatId }) => {
      const link = sessions.link(tenantId);
      await presences.follow(link, await numbers.chatOf(tenantId, link, chatId));
      return {};
    },
  };
}
