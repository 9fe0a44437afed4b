/** Ids of files that came with messages: the same for the same message, and not to be guessed without the tenant's key. */
import type { Store } from "../../store/store.js";

/** @param identity what tells the message from all others, see dedupKey. */
export function mediaIdOf(store: Store, tenantId: string, identity: Buffer): string {
  // A tenant has its key from its first event on.
  const vault = store.tenants.known(tenantId) ?? store.writer.now(() => store.tenants.vault(tenantId));
  return `med_${vault.digest("media", identity.toString("hex")).toString("hex")}`;
}
