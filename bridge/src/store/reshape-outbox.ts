/**
 * The step of the schema from which on the outbox is a queue: rows wait in the line of their chat, carry every time of
 * their life and what a resend needs. What a file of before holds was handed over by then and waits for nothing.
 */
import type { Database } from "./database.js";
import { sealBuilt, sealRequest, type OutgoingRequest } from "./outbox-row.js";
import type { Vault, Vaults } from "./seal.js";
import { TenantTable } from "./tenants.js";

/** What of a message was sealed before this step, in one piece. */
interface OldMessage {
  recipient: string;
  chatId: string;
  /** The contract's content as JSON. */
  content: string;
  encoded: Uint8Array;
}

const LENGTH_BYTES = 4;

/** As messages were sealed before this step: length of the JSON (4 bytes) | JSON | encoded. */
export function sealOldMessage(vault: Vault, messageId: string, { recipient, chatId, content, encoded }: OldMessage): Buffer {
  const json = Buffer.from(JSON.stringify({ recipient, chatId, content }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return vault.seal("outbox", messageId, Buffer.concat([length, json, encoded]));
}

function openOldMessage(vault: Vault, messageId: string, sealed: Buffer): OldMessage {
  const bytes = vault.open("outbox", messageId, sealed);
  const end = LENGTH_BYTES + bytes.readUInt32BE();
  const json = JSON.parse(bytes.subarray(LENGTH_BYTES, end).toString()) as Omit<OldMessage, "encoded">;
  return { ...json, encoded: bytes.subarray(end) };
}

const TABLES = `
  CREATE TABLE outbox (
    -- The order of acceptance; never given twice.
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id       TEXT NOT NULL,
    message_id      TEXT NOT NULL,
    pairing_id      INTEGER NOT NULL REFERENCES pairing (id),
    batch_id        TEXT,
    type            TEXT NOT NULL,
    -- Names the chat whose line it stands in: the id of the first message that was written to it. See outbox_address.
    chat            INTEGER NOT NULL,
    -- Smaller ones leave first.
    rank            INTEGER NOT NULL DEFAULT 0,
    status          TEXT NOT NULL,
    -- Where an accepted message is; null once it is not accepted any more. See Stage in outbox-row.ts.
    stage           TEXT,
    -- Why it is parked.
    hold            TEXT,
    -- When something happens to one that waits: it is due, may be asked for again, or has expired, also without an answer.
    wake_ms         INTEGER,
    accepted_ms     INTEGER NOT NULL,
    send_at_ms      INTEGER,
    expires_ms      INTEGER,
    sent_ms         INTEGER,
    delivered_ms    INTEGER,
    read_ms         INTEGER,
    played_ms       INTEGER,
    failed_ms       INTEGER,
    -- When it stopped being accepted.
    settled_ms      INTEGER,
    failure         TEXT,
    whatsapp_error  INTEGER,
    -- How often it was handed to WhatsApp, and how often that failed before it was.
    tries           INTEGER NOT NULL DEFAULT 0,
    faults          INTEGER NOT NULL DEFAULT 0,
    hold_uncertain  INTEGER NOT NULL DEFAULT 0,
    -- In a group or story: people it went to, and how many of them did what.
    recipient_count INTEGER,
    delivered_count INTEGER NOT NULL DEFAULT 0,
    read_count      INTEGER NOT NULL DEFAULT 0,
    played_count    INTEGER NOT NULL DEFAULT 0,
    -- 1 while ciphertexts of it are kept.
    has_ciphers     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant_id, message_id)
  );
  CREATE INDEX outbox_ready ON outbox (pairing_id, rank, id) WHERE stage = 'ready';
  CREATE INDEX outbox_parked ON outbox (pairing_id, id) WHERE stage = 'parked';
  CREATE INDEX outbox_handed ON outbox (pairing_id, id) WHERE stage = 'handed';
  CREATE INDEX outbox_stranded ON outbox (id) WHERE stage = 'stranded';
  CREATE INDEX outbox_open ON outbox (pairing_id, id) WHERE stage IS NOT NULL;
  CREATE INDEX outbox_line ON outbox (chat, id, stage) WHERE stage IS NOT NULL;
  CREATE INDEX outbox_wake ON outbox (wake_ms) WHERE wake_ms IS NOT NULL;
  CREATE INDEX outbox_settled ON outbox (settled_ms) WHERE settled_ms IS NOT NULL;
  CREATE INDEX outbox_ciphers ON outbox (settled_ms) WHERE has_ciphers = 1 AND settled_ms IS NOT NULL;
  CREATE INDEX outbox_batch ON outbox (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL;
  CREATE INDEX outbox_tenant ON outbox (tenant_id, id);
  CREATE INDEX outbox_status ON outbox (tenant_id, status, id);

  -- What a message says, apart from its row because the row is rewritten with every step.
  CREATE TABLE outbox_body (
    outbox_id INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    -- As the caller wrote it.
    request   BLOB NOT NULL,
    -- As it is handed over: the chat, WhatsApp's encoding and what goes with it. Null until it was built.
    built     BLOB
  );

  -- Which chat an address stands for. A person has a number, a phone JID and a LID, and all of them are one line.
  CREATE TABLE outbox_address (
    tenant_id TEXT NOT NULL,
    mark      BLOB NOT NULL,
    chat      INTEGER NOT NULL,
    used_ms   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, mark)
  ) WITHOUT ROWID;
  CREATE INDEX outbox_address_chat ON outbox_address (chat);
  CREATE INDEX outbox_address_used ON outbox_address (used_ms);

  -- How many messages of a tenant wait: those of batches apart.
  CREATE TABLE outbox_load (
    tenant_id TEXT PRIMARY KEY,
    waiting   INTEGER NOT NULL,
    batched   INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TRIGGER outbox_load_insert AFTER INSERT ON outbox WHEN NEW.stage IN ('queued', 'ready', 'parked', 'paused', 'scheduled')
  BEGIN
    INSERT INTO outbox_load (tenant_id, waiting, batched) VALUES (NEW.tenant_id, NEW.batch_id IS NULL, NEW.batch_id IS NOT NULL)
    ON CONFLICT (tenant_id) DO UPDATE SET waiting = waiting + excluded.waiting, batched = batched + excluded.batched;
  END;
  CREATE TRIGGER outbox_load_update AFTER UPDATE OF stage ON outbox
  WHEN OLD.stage IN ('queued', 'ready', 'parked', 'paused', 'scheduled') AND (NEW.stage IS NULL OR NEW.stage NOT IN ('queued', 'ready', 'parked', 'paused', 'scheduled'))
  BEGIN
    UPDATE outbox_load SET waiting = waiting - (NEW.batch_id IS NULL), batched = batched - (NEW.batch_id IS NOT NULL) WHERE tenant_id = NEW.tenant_id;
  END;
  CREATE TRIGGER outbox_load_delete AFTER DELETE ON outbox WHEN OLD.stage IN ('queued', 'ready', 'parked', 'paused', 'scheduled')
  BEGIN
    UPDATE outbox_load SET waiting = waiting - (OLD.batch_id IS NULL), batched = batched - (OLD.batch_id IS NOT NULL) WHERE tenant_id = OLD.tenant_id;
  END;

  -- What each device was sent, byte for byte: what a resend carries, so that nobody can read it twice.
  CREATE TABLE outbox_cipher (
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    device    BLOB NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (outbox_id, device)
  ) WITHOUT ROWID;

  -- What the devices of recipients said of a message.
  CREATE TABLE outbox_receipt (
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    person    BLOB NOT NULL,
    device    INTEGER NOT NULL,
    -- 0 one of our own devices has it, 1 delivered, 2 read, 3 played.
    step      INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (outbox_id, person, device)
  ) WITHOUT ROWID;

  -- Idempotency keys of messages and batches, and what their requests were answered first.
  CREATE TABLE idempotency (
    tenant_id   TEXT NOT NULL,
    mark        BLOB NOT NULL,
    fingerprint TEXT NOT NULL,
    kind        TEXT NOT NULL,
    -- The messageId or batchId.
    subject     TEXT NOT NULL,
    answer      BLOB,
    PRIMARY KEY (tenant_id, mark)
  ) WITHOUT ROWID;
  CREATE INDEX idempotency_subject ON idempotency (tenant_id, subject);
`;

interface OldRow {
  id: number;
  tenant_id: string;
  message_id: string;
  sealed: Buffer;
}

/** Runs inside the transaction of its step. Rows are taken one after another, so memory does not grow with them. */
export function reshapeOutbox(db: Database, vaults: Vaults): void {
  db.exec("ALTER TABLE outbox RENAME TO outbox_before; DROP INDEX outbox_open");
  db.exec(TABLES);
  // A message a bridge of before was sending when it ended: nobody waits for its answer, so it may only be told as unknown.
  db.exec(`
    INSERT INTO outbox (id, tenant_id, message_id, pairing_id, type, chat, status, stage, accepted_ms, settled_ms, failed_ms, failure, whatsapp_error, tries)
    SELECT id, tenant_id, message_id, pairing_id, 'text', id, status, CASE status WHEN 'accepted' THEN 'stranded' END, accepted_ms,
      CASE status WHEN 'accepted' THEN NULL ELSE accepted_ms END, CASE status WHEN 'failed' THEN accepted_ms END, CASE status WHEN 'failed' THEN 'rejected' END, whatsapp_error, 1
    FROM outbox_before`);
  const tenants = new TenantTable(db, vaults);
  const next = db.prepare<[number], OldRow>("SELECT id, tenant_id, message_id, sealed FROM outbox_before WHERE id > ? ORDER BY id LIMIT 1");
  const put = db.prepare("INSERT INTO outbox_body (outbox_id, request, built) VALUES (?, ?, ?)");
  for (let row = next.get(0); row !== undefined; row = next.get(row.id)) {
    const vault = tenants.known(row.tenant_id);
    // Of an erased tenant nothing can be opened; the sweep that was cut short takes the row.
    if (vault === undefined) continue;
    const { recipient, chatId, content, encoded } = openOldMessage(vault, row.message_id, row.sealed);
    const request: OutgoingRequest = { recipient, content: JSON.parse(content) as OutgoingRequest["content"] };
    put.run(row.id, sealRequest(vault, row.message_id, request), sealBuilt(vault, row.message_id, { chatId, encoded }));
  }
  db.exec("DROP TABLE outbox_before");
}
