/** limits.*: how a tenant's messages are spaced. */
import type { Handlers } from "../rpc/dispatch.js";
import type { PacingGovernor } from "../sending/governor.js";
import type { Waiting } from "../sending/waiting.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function limitsMethods(sessions: Sessions, governor: PacingGovernor, waiting: Waiting): Pick<Handlers, "limits.get" | "limits.set"> {
  return {
    "limits.get": ({ tenantId }) => {
      sessions.get(tenantId);
      return governor.limits(tenantId, waiting, Date.now());
    },
    "limits.set": ({ tenantId, profile }) => {
      sessions.get(tenantId);
      governor.choose(tenantId, profile, Date.now());
      return governor.limits(tenantId, waiting, Date.now());
    },
  };
}
