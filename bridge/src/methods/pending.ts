/** Methods of the contract whose rooms are not there yet. */
import { BridgeError } from "../errors.js";
import type { Handlers } from "../rpc/dispatch.js";

export function pendingMethods(): Pick<Handlers, "session.restart" | "session.delete" | "session.pairingCode"> {
  const refuse = (): never => {
    throw new BridgeError("bridge_error", { reason: "not_there_yet" });
  };
  return { "session.restart": refuse, "session.delete": refuse, "session.pairingCode": refuse };
}
