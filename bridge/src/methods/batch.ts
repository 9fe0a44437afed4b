/** batch.*: one message for many. */
import type { Handlers } from "../rpc/dispatch.js";
import type { BatchIntake } from "../sending/batch-intake.js";
import type { Batches } from "../sending/batches.js";

type Names = "batch.create" | "batch.get" | "batch.list" | "batch.messages" | "batch.pause" | "batch.resume" | "batch.cancel";

export function batchMethods(intake: BatchIntake, batches: Batches): Pick<Handlers, Names> {
  return {
    "batch.create": (params) => intake.create(params),
    "batch.get": ({ tenantId, batchId }) => batches.get(tenantId, batchId),
    "batch.list": (params) => batches.list(params),
    "batch.messages": (params) => batches.messages(params),
    "batch.pause": ({ tenantId, batchId }) => batches.pause(tenantId, batchId),
    "batch.resume": ({ tenantId, batchId }) => batches.resume(tenantId, batchId),
    "batch.cancel": ({ tenantId, batchId }) => batches.cancel(tenantId, batchId),
  };
}
