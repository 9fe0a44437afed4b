/** message.*: send, replay, get, list, cancel, and as WhatsApp has it. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Intake } from "../sending/intake.js";
import type { OutboxView } from "../sending/outbox-view.js";
import type { RawMessages } from "../whatsapp/raw-messages.js";

type Names = "message.raw" | "message.send" | "message.replay" | "message.get" | "message.list" | "message.cancel";

export function messageMethods(intake: Intake, view: OutboxView, raw: RawMessages): Pick<Handlers, Names> {
  return {
    "message.raw": ({ tenantId, messageId }) => raw.get(tenantId, messageId),
    "message.send": (params, { signal }) => intake.send(params, signal),
    "message.replay": ({ tenantId, idempotency }) => intake.replay(tenantId, idempotency),
    "message.get": ({ tenantId, messageId }) => view.get(tenantId, messageId),
    "message.list": (params) => view.list(params),
    "message.cancel": ({ tenantId, messageId }) => view.cancel(tenantId, messageId),
  };
}
