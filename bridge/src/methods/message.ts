/** message.*: send, replay, get, list, cancel. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Intake } from "../sending/intake.js";
import type { OutboxView } from "../sending/outbox-view.js";

type Names = "message.send" | "message.replay" | "message.get" | "message.list" | "message.cancel";

export function messageMethods(intake: Intake, view: OutboxView): Pick<Handlers, Names> {
  return {
    "message.send": (params, { signal }) => intake.send(params, signal),
    "message.replay": ({ tenantId, idempotency }) => intake.replay(tenantId, idempotency),
    "message.get": ({ tenantId, messageId }) => view.get(tenantId, messageId),
    "message.list": (params) => view.list(params),
    "message.cancel": ({ tenantId, messageId }) => view.cancel(tenantId, messageId),
  };
}
