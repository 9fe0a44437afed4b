/** store.*: copies of the store, and another master key for it. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Store } from "../store/store.js";

export function storeMethods(store: Store): Pick<Handlers, "store.backup" | "store.rotateMasterKey"> {
  return {
    "store.backup": ({ fileName }, { signal }) => store.backups.run(fileName, signal),
    "store.rotateMasterKey": () => store.rotateMasterKey(),
  };
}
