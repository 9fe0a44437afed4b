/** Methods of the contract that are still to be built. Each leaves this list with its handler; then this file goes. */
import { BridgeError } from "../errors.js";
import type { Handlers } from "../rpc/dispatch.js";

const notBuilt = (): never => {
  throw new BridgeError("bridge_error", { reason: "not_built" });
};

export const pendingMethods = {
  "batch.create": notBuilt,
  "batch.get": notBuilt,
  "batch.list": notBuilt,
  "batch.messages": notBuilt,
  "batch.pause": notBuilt,
  "batch.resume": notBuilt,
  "batch.cancel": notBuilt,
  "channel.create": notBuilt,
  "channel.list": notBuilt,
  "channel.get": notBuilt,
  "channel.follow": notBuilt,
  "channel.unfollow": notBuilt,
  "channel.messages": notBuilt,
  "label.list": notBuilt,
  "label.save": notBuilt,
  "label.delete": notBuilt,
  "label.assign": notBuilt,
} satisfies Partial<Handlers>;
