/** The store as the rooms above see it: its tables and the one writer. */
import { openDatabase, type Database } from "./database.js";
import { EventTable } from "./events.js";
import { InboundTable } from "./inbound.js";
import { lockStore } from "./lock.js";
import { openVaults } from "./master-key.js";
import { OutboxTable } from "./outbox.js";
import { SecretTable } from "./secrets.js";
import { SessionTable } from "./sessions.js";
import { Writer } from "./writer.js";

/** Where the store and its companions are. Absolute file names. */
export interface StorePlaces {
  storePath: string;
  lockPath: string;
  masterKeyPath: string;
  masterKey: string | undefined;
}

export interface Store {
  readonly writer: Writer;
  readonly sessions: SessionTable;
  readonly secrets: SecretTable;
  readonly inbound: InboundTable;
  readonly events: EventTable;
  readonly outbox: OutboxTable;
  /** Writes what waits, closes the file and lets another bridge have it. */
  close(): void;
}

/**
 * Locks and opens the store.
 * @throws StartupError when another bridge runs on it, or the file or its master key cannot be used.
 */
export function openStore(places: StorePlaces): Store {
  const unlock = lockStore(places.lockPath);
  let db: Database | undefined;
  try {
    const opened = (db = openDatabase(places.storePath));
    const vaults = openVaults(opened, places.masterKeyPath, places.masterKey);
    const writer = new Writer(opened);
    return {
      writer,
      sessions: new SessionTable(opened, vaults),
      secrets: new SecretTable(opened),
      inbound: new InboundTable(opened),
      events: new EventTable(opened),
      outbox: new OutboxTable(opened),
      close: () => {
        writer.close();
        opened.close();
        unlock();
      },
    };
  } catch (error) {
    db?.close();
    unlock();
    throw error;
  }
}
