/** Events as they are recorded, for those operators who watch the tenant they belong to. */
import type { Journal } from "../events/journal.js";
import type { EventData } from "../rpc/contract.gen.js";
import type { Store } from "../store/store.js";

export type EventWatcher = (occurredAtMs: number, data: EventData) => void;

export class EventFeed {
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #watchers = new Map<EventWatcher, string>();

  constructor(store: Store, journal: Journal) {
    this.#store = store;
    this.#journal = journal;
  }

  /** Tells of a tenant's events from now on. @returns a function that ends it. */
  open(tenantId: string, watcher: EventWatcher): () => void {
    this.#watchers.set(watcher, tenantId);
    this.#journal.tap(({ pairingId, occurredAtMs, data }) => {
      for (const [tell, of] of this.#watchers) {
        if (this.#store.sessions.get(of)?.pairingId === pairingId) tell(occurredAtMs, data);
      }
    });
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#journal.tap(undefined);
    };
  }
}
