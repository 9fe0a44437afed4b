/** store.*: copies of the store, another master key for it, and what a tenant takes. */
import type { Handlers } from "../rpc/dispatch.js";
import type { Store } from "../store/store.js";
import type { Spool } from "../whatsapp/media/spool.js";

export function storeMethods(store: Store, spool: Spool): Pick<Handlers, "store.backup" | "store.rotateMasterKey" | "store.usage"> {
  return {
    "store.backup": ({ fileName }, { signal }) => store.backups.run(fileName, signal),
    "store.rotateMasterKey": () => store.rotateMasterKey(),
    "store.usage": async ({ tenantId }) => {
      const [media, waiting] = [store.media.takenBy(tenantId), await spool.takenBy(tenantId)];
      return { mediaFiles: media.files, mediaBytes: media.bytes, spoolFiles: waiting.files, spoolBytes: waiting.bytes };
    },
  };
}
