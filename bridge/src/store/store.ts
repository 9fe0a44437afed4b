/** The store as the rooms above see it: its tables and the one writer. */
import { Backups } from "./backup.js";
import { CipherTable } from "./ciphers.js";
import { BatchTable } from "./batches.js";
import { ChatTable } from "./chats.js";
import { emptyLog, openDatabase, type Database } from "./database.js";
import { Depths } from "./depths.js";
import { DirectoryTable } from "./directory.js";
import { DisappearingTable } from "./disappearing.js";
import { Eraser } from "./erase.js";
import { EventTable } from "./events.js";
import { IdempotencyTable } from "./idempotency.js";
import { InboundTable } from "./inbound.js";
import { lockStore } from "./lock.js";
import { openVaults, rotateMasterKey, type KeySource } from "./master-key.js";
import { MediaTable } from "./media.js";
import { MessageTable } from "./messages.js";
import { migrate } from "./migrate.js";
import { OutboxLists } from "./outbox-lists.js";
import { OutboxTable } from "./outbox.js";
import { Ownership, settleOwnership } from "./ownership.js";
import { ReceiptTable } from "./receipts.js";
import { PaceTable } from "./pace.js";
import type { Vaults } from "./seal.js";
import { RecentContents } from "./recent-contents.js";
import { SecretTable } from "./secrets.js";
import { SessionTable } from "./sessions.js";
import { SettingsTable } from "./settings.js";
import { SpoolUseTable } from "./spool-uses.js";
import { TenantTable } from "./tenants.js";
import { UploadTable } from "./uploads.js";
import { Writer } from "./writer.js";

/** Where the store and its companions are. Absolute file names. */
export interface StorePlaces extends KeySource {
  storePath: string;
  lockPath: string;
  /** Where copies of the store go. */
  backupDir: string;
  /** How many messages a tenant may refer to at most; the oldest go first. */
  keptMessages?: number;
}

const KEPT_MESSAGES = 20_000;

export interface Store {
  readonly writer: Writer;
  readonly sessions: SessionTable;
  readonly tenants: TenantTable;
  readonly secrets: SecretTable;
  readonly inbound: InboundTable;
  readonly events: EventTable;
  readonly outbox: OutboxTable;
  readonly messages: MessageTable;
  readonly uploads: UploadTable;
  readonly spoolUses: SpoolUseTable;
  readonly disappearing: DisappearingTable;
  readonly outboxLists: OutboxLists;
  readonly ciphers: CipherTable;
  readonly receipts: ReceiptTable;
  readonly idempotency: IdempotencyTable;
  readonly directory: DirectoryTable;
  readonly batches: BatchTable;
  readonly chats: ChatTable;
  readonly pace: PaceTable;
  readonly media: MediaTable;
  readonly settings: SettingsTable;
  readonly depths: Depths;
  readonly eraser: Eraser;
  readonly ownership: Ownership;
  readonly backups: Backups;
  /**
   * Puts a new master key in the place of the present one.
   * @throws BridgeError master_key_in_environment, store_unavailable
   */
  rotateMasterKey(): { sessions: number };
  /**
   * Wipes what was destroyed for good from the write-ahead log too. When somebody reads right now, or the disk fails,
   * the upkeep does it later.
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
    let vaults: Vaults | undefined;
    const keys = (): Vaults => (vaults ??= openVaults(opened, places));
    migrate(opened, places.storePath, keys);
    settleOwnership(opened, Date.now());
    const store = tablesOf(opened, keys(), places);
    return {
      ...store,
      close: () => {
        store.writer.close();
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

function tablesOf(db: Database, vaults: Vaults, places: StorePlaces): Omit<Store, "close"> {
  const tenants = new TenantTable(db, vaults);
  const events = new EventTable(db, tenants);
  // After the event table, which writes down the name of a new journal by itself.
  const writer = new Writer(db);
  let logIsDue = false;
  const empty = (): void => {
    try {
      logIsDue = !emptyLog(db);
    } catch {
      logIsDue = true;
    }
  };
  return {
    writer,
    tenants,
    sessions: new SessionTable(db, vaults),
    secrets: new SecretTable(db),
    inbound: new InboundTable(db),
    events,
    outbox: new OutboxTable(db, tenants, new RecentContents()),
    messages: new MessageTable(db, tenants, places.keptMessages ?? KEPT_MESSAGES),
    uploads: new UploadTable(db),
    spoolUses: new SpoolUseTable(db),
    disappearing: new DisappearingTable(db),
    outboxLists: new OutboxLists(db, tenants),
    ciphers: new CipherTable(db),
    receipts: new ReceiptTable(db, tenants),
    idempotency: new IdempotencyTable(db, tenants),
    directory: new DirectoryTable(db),
    batches: new BatchTable(db),
    chats: new ChatTable(db, tenants),
    pace: new PaceTable(db, tenants),
    media: new MediaTable(db, tenants),
    settings: new SettingsTable(db, tenants),
    depths: new Depths(db, places.storePath),
    ownership: new Ownership(db),
    backups: new Backups(places.storePath, places.backupDir),
    rotateMasterKey: () => rotateMasterKey(db, writer, vaults, places),
    eraser: new Eraser(db, tenants),
    emptyLog: empty,
    emptyLogIfDue: () => {
      if (logIsDue) empty();
    },
  };
}
