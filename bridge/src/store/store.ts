/** The store as the rooms above see it: its tables and the one writer. */
import { openDatabase, readMeta, type Database } from "./database.js";
import { Eraser } from "./erase.js";
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
  readonly eraser: Eraser;
  /**
   * True in a store that was restored from a backup, until somebody said that the original does not run any more:
   * two copies that connect would break each other's encryption. Meta rows `restored_at` and `takeover`.
   */
  isHeldBack(): boolean;
  /**
   * Takes what was deleted out of the write-ahead log too, by moving the log into the file and emptying it. When
   * somebody reads right now, or the disk fails, the upkeep does it later.
   */
  emptyLog(): void;
  /** Empties the log if that is still to be done. */
  emptyLogIfDue(): void;
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
    let logIsDue = false;
    const emptyLog = (): void => {
      try {
        const [result] = opened.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
        logIsDue = result?.busy !== 0;
      } catch {
        logIsDue = true;
      }
    };
    return {
      writer,
      sessions: new SessionTable(opened, vaults),
      secrets: new SecretTable(opened),
      inbound: new InboundTable(opened),
      events: new EventTable(opened),
      outbox: new OutboxTable(opened),
      eraser: new Eraser(opened),
      isHeldBack: () => readMeta(opened, "restored_at") !== undefined && readMeta(opened, "takeover") === undefined,
      emptyLog,
      emptyLogIfDue: () => {
        if (logIsDue) emptyLog();
      },
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
