/** message.*: send. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Outgoing } from "../whatsapp/outgoing.js";
import type { Sessions } from "../whatsapp/sessions.js";

export function messageMethods(sessions: Sessions, outgoing: Outgoing): Pick<Handlers, "message.send"> {
  return {
    "message.send": async (params, { signal }) => {
      const message = await outgoing.send(sessions.get(params.tenantId), params, signal);
      return { message, replayed: false };
    },
  };
}
