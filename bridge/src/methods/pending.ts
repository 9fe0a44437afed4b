/** Methods of the contract that are still to be built. Each leaves this list with its handler; then this file goes. */
import { BridgeError } from "../errors.js";
import type { Handlers } from "../rpc/dispatch.js";

const notBuilt = (): never => {
  throw new BridgeError("bridge_error", { reason: "not_built" });
};

export const pendingMethods = {
  "message.replay": notBuilt,
  "message.get": notBuilt,
  "message.list": notBuilt,
  "message.cancel": notBuilt,
  "batch.create": notBuilt,
  "batch.get": notBuilt,
  "batch.list": notBuilt,
  "batch.messages": notBuilt,
  "batch.pause": notBuilt,
  "batch.resume": notBuilt,
  "batch.cancel": notBuilt,
  "chat.read": notBuilt,
  "chat.presence": notBuilt,
} satisfies Partial<Handlers>;
