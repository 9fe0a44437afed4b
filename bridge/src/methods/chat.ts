/** chat.*: marking as read and typing. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Chats } from "../whatsapp/chats.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function chatMethods(sessions: Sessions, chats: Chats): Pick<Handlers, "chat.read" | "chat.presence"> {
  return {
    "chat.read": async ({ tenantId, chatId, messageIds }) => {
      await chats.read(sessions.get(tenantId), chatId, messageIds);
      return {};
    },
    "chat.presence": async ({ tenantId, ...shown }) => {
      await chats.show(sessions.get(tenantId), shown);
      return {};
    },
  };
}
