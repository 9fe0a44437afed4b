/** contact.*: people as WhatsApp shows them, and blocking. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Contacts } from "../whatsapp/contacts.js";
import type { Sessions } from "../whatsapp/sessions.js";

type Names = Extract<keyof Handlers, `contact.${string}`>;

export function contactMethods(sessions: Sessions, contacts: Contacts): Pick<Handlers, Names> {
  return {
    "contact.get": ({ tenantId, contact }) => contacts.get(sessions.link(tenantId), contact),
    "contact.block": async ({ tenantId, contact }) => {
      await contacts.setBlocked(sessions.link(tenantId), contact, true);
      return {};
    },
    "contact.unblock": async ({ tenantId, contact }) => {
      await contacts.setBlocked(sessions.link(tenantId), contact, false);
      return {};
    },
    "contact.blocked": async ({ tenantId }) => ({ contacts: [...await contacts.blocked(sessions.link(tenantId))] }),
  };
}
