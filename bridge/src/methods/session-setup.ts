/** session.import and session.setProxy: where a session's pairing comes from and which way it goes. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Importer } from "../whatsapp/import/importer.js";
import type { Routes } from "../whatsapp/routes.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function sessionSetupMethods(sessions: Sessions, importer: Importer, routes: Routes): Pick<Handlers, "session.import" | "session.setProxy"> {
  return {
    "session.import": async ({ tenantId, folder }) => {
      await importer.run(tenantId, folder, () => sessions.letGo(tenantId));
      return sessions.get(tenantId).view();
    },
    "session.setProxy": async ({ tenantId, proxyUrl }, { signal }) => {
      const session = sessions.get(tenantId);
      await routes.setProxy(tenantId, proxyUrl, signal);
      await session.reconnect();
      return session.view();
    },
  };
}
