/** Methods of the contract that are still to be built. Each leaves this list with its handler; then this file goes. */
import { BridgeError } from "../errors.js";
import type { Handlers } from "../rpc/dispatch.js";

const notBuilt = (): never => {
  throw new BridgeError("bridge_error", { reason: "not_built" });
};

export const pendingMethods = {
  "media.fetch": notBuilt,
  "message.raw": notBuilt,
  "session.getSettings": notBuilt,
  "session.setSettings": notBuilt,
  "chat.followPresence": notBuilt,
} satisfies Partial<Handlers>;
