/**
 * The shape of the store, as a list of steps that only ever grows. `PRAGMA user_version` counts the steps a
 * file has seen; each step and its count commit together.
 *
 * Keys of tables: a pairing has a small integer id because hundreds of keys of a session repeat it.
 */
import type { Database } from "./database.js";
import type { Vaults } from "./seal.js";
import { reshapeOutbox } from "./reshape-outbox.js";
import { sealContents } from "./seal-contents.js";

/** A step: SQL, or work that needs the master key. Runs in a transaction of its own. */
export type Migration = string | ((db: Database, vaults: Vaults) => void);

export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;

  -- One pairing of a tenant with a number: what a sessionId names. Outlives a logout, because events point to it.
  CREATE TABLE pairing (
    id            INTEGER PRIMARY KEY,
    session_id    TEXT NOT NULL UNIQUE,
    tenant_id     TEXT NOT NULL,
    last_sequence INTEGER NOT NULL DEFAULT 0,
    -- The key that seals this pairing's secrets, itself sealed by the master key. Dropping it shreds them.
    wrapped_key   BLOB
  );

  CREATE TABLE session (
    tenant_id        TEXT PRIMARY KEY,
    pairing_id       INTEGER NOT NULL REFERENCES pairing (id),
    should_run       INTEGER NOT NULL,
    state            TEXT NOT NULL,
    reason           TEXT,
    since_ms         INTEGER NOT NULL,
    phone_number     TEXT,
    lid              TEXT,
    name             TEXT,
    last_activity_ms INTEGER
  ) WITHOUT ROWID;

  CREATE TABLE credential (
    pairing_id INTEGER PRIMARY KEY REFERENCES pairing (id),
    sealed     BLOB NOT NULL
  );

  CREATE TABLE signal_key (
    pairing_id INTEGER NOT NULL REFERENCES pairing (id),
    type       TEXT NOT NULL,
    id         TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    PRIMARY KEY (pairing_id, type, id)
  ) WITHOUT ROWID;

  -- Ciphertexts already decrypted, by digest, with their plaintext: the answer to a redelivery.
  CREATE TABLE inbound (
    id          INTEGER PRIMARY KEY,
    pairing_id  INTEGER NOT NULL REFERENCES pairing (id),
    digest      BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    recorded_ms INTEGER NOT NULL,
    UNIQUE (pairing_id, digest)
  );

  CREATE TABLE event (
    position      INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id      TEXT NOT NULL,
    pairing_id    INTEGER NOT NULL REFERENCES pairing (id),
    sequence      INTEGER NOT NULL,
    occurred_ms   INTEGER NOT NULL,
    data          TEXT NOT NULL,
    -- Digest of tenant, chat, message id and sender: the same message is one event.
    dedup         BLOB,
    -- Until when the row holds the text of a QR code.
    qr_expires_ms INTEGER,
    UNIQUE (pairing_id, sequence)
  );
  CREATE UNIQUE INDEX event_dedup ON event (dedup) WHERE dedup IS NOT NULL;
  CREATE INDEX event_qr ON event (qr_expires_ms) WHERE qr_expires_ms IS NOT NULL;

  CREATE TABLE outbox (
    id             INTEGER PRIMARY KEY,
    tenant_id      TEXT NOT NULL,
    message_id     TEXT NOT NULL,
    pairing_id     INTEGER NOT NULL REFERENCES pairing (id),
    -- As the caller wrote it, and the chat it was resolved to.
    recipient      TEXT NOT NULL,
    chat_id        TEXT NOT NULL,
    content        TEXT NOT NULL,
    -- WhatsApp's encoding of the message, as it was handed over: what a device that could not read it gets again.
    encoded        BLOB NOT NULL,
    status         TEXT NOT NULL,
    whatsapp_error INTEGER,
    accepted_ms    INTEGER NOT NULL,
    UNIQUE (tenant_id, message_id)
  );
  CREATE INDEX outbox_open ON outbox (tenant_id) WHERE status = 'accepted';
  `,
  sealContents,
  `
  -- WhatsApp's own code behind the reason, and until when it restricts the number: both outlive a restart.
  ALTER TABLE session ADD COLUMN whatsapp_code INTEGER;
  ALTER TABLE session ADD COLUMN restricted_until_ms INTEGER;
  `,
  `
  -- What a pairing has learnt of people and labels, sealed, under a digest of whom or what it is about.
  CREATE TABLE directory (
    id         INTEGER PRIMARY KEY,
    pairing_id INTEGER NOT NULL REFERENCES pairing (id),
    kind       TEXT NOT NULL,
    digest     BLOB NOT NULL,
    sealed     BLOB NOT NULL,
    noted_ms   INTEGER NOT NULL,
    UNIQUE (pairing_id, kind, digest)
  );
  CREATE INDEX directory_order ON directory (pairing_id, kind, id);
  `,
  `
  -- When a chat was last written in, by whom. The chat is a digest under the tenant's key.
  CREATE TABLE chat (
    tenant_id TEXT NOT NULL,
    chat      BLOB NOT NULL,
    -- The same person's row that counts, when this is their other address.
    same_as   BLOB,
    heard_ms  INTEGER,
    wrote_ms  INTEGER,
    PRIMARY KEY (tenant_id, chat)
  ) WITHOUT ROWID;

  -- How many messages left in ten seconds.
  CREATE TABLE departure (
    tenant_id TEXT NOT NULL,
    span_ms   INTEGER NOT NULL,
    replies   INTEGER NOT NULL,
    known     INTEGER NOT NULL,
    fresh     INTEGER NOT NULL,
    begun     INTEGER NOT NULL,
    stories   INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span_ms)
  ) WITHOUT ROWID;
  CREATE INDEX departure_age ON departure (span_ms);

  CREATE TABLE pace (
    tenant_id TEXT PRIMARY KEY,
    profile   TEXT,
    -- Digest of the number that was linked, and when.
    account   BLOB,
    linked_ms INTEGER,
    standing  TEXT
  ) WITHOUT ROWID;
  `,
  `
  -- Received messages a tenant may refer to, and those its phone sent. The digest tells those with the same id apart.
  CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    tenant_id   TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    digest      BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    recorded_ms INTEGER NOT NULL,
    UNIQUE (tenant_id, message_id, digest)
  );
  CREATE INDEX message_of_tenant ON message (tenant_id, id);

  -- Files on WhatsApp's media server, by digest of their bytes and the way they are encrypted.
  CREATE TABLE upload (
    pairing_id  INTEGER NOT NULL REFERENCES pairing (id),
    digest      BLOB NOT NULL,
    sealed      BLOB NOT NULL,
    uploaded_ms INTEGER NOT NULL,
    UNIQUE (pairing_id, digest)
  );

  -- Which messages still need a file of the spool.
  CREATE TABLE spool_use (
    name       TEXT NOT NULL,
    tenant_id  TEXT NOT NULL,
    message_id TEXT NOT NULL,
    claimed_ms INTEGER NOT NULL,
    PRIMARY KEY (name, tenant_id, message_id)
  ) WITHOUT ROWID;
  CREATE INDEX spool_use_age ON spool_use (claimed_ms);
  `,
  reshapeOutbox,
  `
  CREATE TABLE batch (
    id         INTEGER PRIMARY KEY,
    tenant_id  TEXT NOT NULL,
    batch_id   TEXT NOT NULL,
    state      TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    send_at_ms INTEGER,
    expires_ms INTEGER,
    total      INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    -- 1 while its messages are still being brought in line with its state.
    unsettled  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant_id, batch_id)
  );
  CREATE INDEX batch_tenant ON batch (tenant_id, id);
  CREATE INDEX batch_unsettled ON batch (id) WHERE unsettled = 1;
  CREATE INDEX outbox_batch_status ON outbox (tenant_id, batch_id, status) WHERE batch_id IS NOT NULL;

  -- How many messages of a tenant's batches wait.
  CREATE TABLE batch_load (
    tenant_id TEXT PRIMARY KEY,
    waiting   INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TRIGGER batch_load_insert AFTER INSERT ON outbox WHEN NEW.batch_id IS NOT NULL AND NEW.stage IN ('queued', 'ready', 'parked', 'paused', 'scheduled')
  BEGIN
    INSERT INTO batch_load (tenant_id, waiting) VALUES (NEW.tenant_id, 1) ON CONFLICT (tenant_id) DO UPDATE SET waiting = waiting + 1;
  END;
  CREATE TRIGGER batch_load_update AFTER UPDATE OF stage ON outbox
  WHEN OLD.batch_id IS NOT NULL AND OLD.stage IN ('queued', 'ready', 'parked', 'paused', 'scheduled') AND (NEW.stage IS NULL OR NEW.stage NOT IN ('queued', 'ready', 'parked', 'paused', 'scheduled'))
  BEGIN
    UPDATE batch_load SET waiting = waiting - 1 WHERE tenant_id = NEW.tenant_id;
  END;
  CREATE TRIGGER batch_load_delete AFTER DELETE ON outbox WHEN OLD.batch_id IS NOT NULL AND OLD.stage IN ('queued', 'ready', 'parked', 'paused', 'scheduled')
  BEGIN
    UPDATE batch_load SET waiting = waiting - 1 WHERE tenant_id = OLD.tenant_id;
  END;
  `,
  `
  -- Chats with persons that let messages disappear. The chat is a digest under the pairing's key.
  CREATE TABLE disappearing (
    pairing_id INTEGER NOT NULL REFERENCES pairing (id),
    chat       BLOB NOT NULL,
    seconds    INTEGER NOT NULL,
    PRIMARY KEY (pairing_id, chat)
  ) WITHOUT ROWID;
  `,
  `
  -- What a tenant chose for its session, sealed; without it the defaults hold.
  CREATE TABLE tenant_setting (
    tenant_id TEXT PRIMARY KEY,
    sealed    BLOB NOT NULL
  ) WITHOUT ROWID;

  -- Files that came with messages: whose, and where each is on disk, if it is.
  CREATE TABLE media (
    tenant_id  TEXT NOT NULL,
    media_id   TEXT NOT NULL,
    message_id TEXT NOT NULL,
    digest     BLOB NOT NULL,
    noted_ms   INTEGER NOT NULL,
    -- The file's name in DATA_DIR/media, its size, when it was downloaded, and what else is known of it, sealed.
    file       TEXT,
    bytes      INTEGER,
    fetched_ms INTEGER,
    sealed     BLOB,
    PRIMARY KEY (tenant_id, media_id)
  ) WITHOUT ROWID;
  CREATE INDEX media_age ON media (noted_ms);
  CREATE UNIQUE INDEX media_file ON media (file) WHERE file IS NOT NULL;
  CREATE INDEX media_fetched ON media (fetched_ms) WHERE file IS NOT NULL;
  `,
];
