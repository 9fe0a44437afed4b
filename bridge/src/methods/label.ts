/** label.*: labels of a WhatsApp Business account. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Labels } from "../whatsapp/labels.js";
import type { Sessions } from "../whatsapp/sessions.js";

type Names = Extract<keyof Handlers, `label.${string}`>;

export function labelMethods(sessions: Sessions, labels: Labels): Pick<Handlers, Names> {
  return {
    "label.list": async ({ tenantId }) => {
      const { pairing, connectedLink } = sessions.get(tenantId);
      if (connectedLink !== undefined) return { labels: await labels.list(connectedLink) };
      return { labels: pairing === undefined ? [] : labels.known(pairing) };
    },
    "label.save": ({ tenantId, labelId, name, color }) => labels.save(sessions.link(tenantId), labelId, name, color),
    "label.delete": async ({ tenantId, labelId }) => {
      await labels.delete(sessions.link(tenantId), labelId);
      return {};
    },
    "label.assign": async ({ tenantId, labelId, chatId, messageId, assigned }) => {
      await labels.assign(sessions.link(tenantId), labelId, { chatId, messageId }, assigned);
      return {};
    },
  };
}
