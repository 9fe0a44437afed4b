/** session.getSettings and session.setSettings: what a tenant chose for its session. */
import { BridgeError } from "../errors.js";
import type { SessionSettings } from "../rpc/contract.gen.js";
import type { Handlers } from "../rpc/dispatch.js";
import type { Store } from "../store/store.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function sessionSettingsMethods(sessions: Sessions, store: Store): Pick<Handlers, "session.getSettings" | "session.setSettings"> {
  return {
    "session.getSettings": ({ tenantId }) => {
      sessions.get(tenantId);
      return store.settings.get(tenantId);
    },
    "session.setSettings": async ({ tenantId, ...change }) => {
      sessions.get(tenantId);
      return store.writer.soon((): SessionSettings => {
        // Between the question and the write the tenant may have been deleted.
        if (store.sessions.get(tenantId) === undefined) throw new BridgeError("session_not_found");
        const settings = { ...store.settings.get(tenantId), ...change };
        store.settings.put(tenantId, settings);
        return settings;
      });
    },
  };
}
