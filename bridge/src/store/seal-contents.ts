/**
 * The step of the schema from which on events and outbox are sealed: moves what a file of before has in the clear
 * into sealed columns.
 */
import type { Database } from "./database.js";
import { sealEvent } from "./events.js";
import { sealOldMessage } from "./reshape-outbox.js";
import type { Vaults } from "./seal.js";
import { TenantTable } from "./tenants.js";

interface ClearEvent {
  position: number;
  event_id: string;
  tenant_id: string;
  data: string;
}

interface ClearMessage {
  id: number;
  tenant_id: string;
  message_id: string;
  recipient: string;
  chat_id: string;
  content: string;
  encoded: Buffer;
}

/** Runs inside the transaction of its step. Rows are taken one after another, so memory does not grow with them. */
export function sealContents(db: Database, vaults: Vaults): void {
  db.exec(`
    CREATE TABLE tenant (
      tenant_id   TEXT PRIMARY KEY,
      -- The key that seals the tenant's events, outbox and proxy, itself sealed by the master key.
      wrapped_key BLOB NOT NULL,
      proxy       BLOB
    ) WITHOUT ROWID;
    -- Empty once it was the text of a QR code and is spent.
    ALTER TABLE event ADD COLUMN sealed BLOB;
    ALTER TABLE outbox ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
  `);
  const tenants = new TenantTable(db, vaults);
  const nextEvent = db.prepare<[number], ClearEvent>("SELECT e.position, e.event_id, p.tenant_id, e.data FROM event e JOIN pairing p ON p.id = e.pairing_id WHERE e.position > ? ORDER BY e.position LIMIT 1");
  const putEvent = db.prepare("UPDATE event SET sealed = ? WHERE position = ?");
  for (let row = nextEvent.get(0); row !== undefined; row = nextEvent.get(row.position)) {
    putEvent.run(sealEvent(tenants.vault(row.tenant_id), row.event_id, row.data), row.position);
  }
  const nextMessage = db.prepare<[number], ClearMessage>("SELECT id, tenant_id, message_id, recipient, chat_id, content, encoded FROM outbox WHERE id > ? ORDER BY id LIMIT 1");
  const putMessage = db.prepare("UPDATE outbox SET sealed = ? WHERE id = ?");
  for (let row = nextMessage.get(0); row !== undefined; row = nextMessage.get(row.id)) {
    const { recipient, chat_id: chatId, content, encoded } = row;
    putMessage.run(sealOldMessage(tenants.vault(row.tenant_id), row.message_id, { recipient, chatId, content, encoded }), row.id);
  }
  db.exec(`
    ALTER TABLE event DROP COLUMN data;
    ALTER TABLE outbox DROP COLUMN recipient;
    ALTER TABLE outbox DROP COLUMN chat_id;
    ALTER TABLE outbox DROP COLUMN content;
    ALTER TABLE outbox DROP COLUMN encoded;
  `);
}
