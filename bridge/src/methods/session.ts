/** session.*: start, stop, restart, log out, delete, pair and look at sessions. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Sessions } from "../whatsapp/sessions.js";

type Names =
  | "session.start"
  | "session.stop"
  | "session.restart"
  | "session.logout"
  | "session.delete"
  | "session.pairingCode"
  | "session.get"
  | "session.list";

export function sessionMethods(sessions: Sessions): Pick<Handlers, Names> {
  return {
    "session.start": ({ tenantId, waitMs }, { signal }) => sessions.start(tenantId, waitMs, signal),
    "session.stop": async ({ tenantId }) => {
      const session = sessions.get(tenantId);
      await session.stop();
      return session.view();
    },
    "session.restart": ({ tenantId, waitMs }, { signal }) => sessions.restart(tenantId, waitMs, signal),
    "session.logout": async ({ tenantId }) => {
      const session = sessions.get(tenantId);
      await session.logout();
      return session.view();
    },
    "session.delete": ({ tenantId }) => sessions.delete(tenantId),
    "session.pairingCode": ({ tenantId, phoneNumber }, { signal }) => sessions.pairingCode(tenantId, phoneNumber, signal),
    "session.get": ({ tenantId }) => sessions.get(tenantId).view(),
    "session.list": ({ after = "", limit }) => sessions.list(after, limit),
  };
}
