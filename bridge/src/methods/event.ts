/** event.*: pull and acknowledge. */
import type { Journal } from "../events/journal.js";
import type { Puller } from "../events/pull.js";
import type { Handlers } from "../rpc/dispatch.js";

export function eventMethods(journal: Journal, puller: Puller): Pick<Handlers, "event.pull" | "event.ack"> {
  return {
    "event.pull": (params, { connection, signal }) => puller.pull(params, connection, signal),
    "event.ack": ({ position }) => journal.ack(position),
  };
}
