/**
 * Whether this store is the one its sessions live in. A backup carries a mark; the store made of it finds the mark
 * when it is opened for the first time, becomes an installation of its own, and its sessions do not run until
 * somebody said that the original does not run any more: two of them would break the encryption of every session.
 */
import { randomUUID } from "node:crypto";
import { readMeta, writeMeta, type Database } from "./database.js";

/** original: made here. restored: a copy nobody took over yet. taken_over: a copy whose sessions may run. */
export type OwnershipState = "original" | "restored" | "taken_over";

const INSTALLATION = "installation_id";
const COPIED = "copied_ms";
const RESTORED = "restored_at";
const RESTORED_FROM = "restored_from";
const TAKEN_OVER = "takeover";

/** Marks a copy that lies in a backup. Runs on the copy, never on the store itself. */
export function markCopy(db: Database, nowMs: number): void {
  writeMeta(db, COPIED, String(nowMs));
  db.prepare("DELETE FROM meta WHERE name = ?").run(TAKEN_OVER);
}

/** Gives a new store its name, and a copy that is opened for the first time a new one. */
export function settleOwnership(db: Database, nowMs: number): void {
  db.transaction(() => {
    const installation = readMeta(db, INSTALLATION);
    const copied = readMeta(db, COPIED) !== undefined;
    if (installation !== undefined && !copied) return;
    writeMeta(db, INSTALLATION, randomUUID());
    if (!copied) return;
    db.prepare("DELETE FROM meta WHERE name = ?").run(COPIED);
    writeMeta(db, RESTORED, String(nowMs));
    writeMeta(db, RESTORED_FROM, installation ?? "");
    dropRatchets(db);
    strandMessages(db, nowMs);
  }).immediate();
}

/**
 * What waited when the copy was made, the original may have sent since: nobody here knows, so none of it leaves from
 * here. What is due only from now on cannot have left. Ciphertexts are of ratchets that are gone.
 */
function strandMessages(db: Database, nowMs: number): void {
  db.prepare("UPDATE outbox SET stage = 'stranded', wake_ms = NULL, hold = NULL WHERE stage IS NOT NULL AND (send_at_ms IS NULL OR send_at_ms <= ? OR stage = 'handed')").run(nowMs);
  db.exec("DELETE FROM outbox_cipher; UPDATE outbox SET has_ciphers = 0 WHERE has_ciphers = 1");
}

/**
 * The ratchets in a copy are of yesterday: what they would encrypt with has been used since, and nobody could read it.
 * Without them the first message to each device begins a new session, and each group gets our key anew. The keys
 * others sent us for groups only move forward and stay.
 */
function dropRatchets(db: Database): void {
  db.exec("DELETE FROM signal_key WHERE type IN ('session', 'sender-key-memory')");
  const own = db.prepare("DELETE FROM signal_key WHERE pairing_id = @pairing AND type = 'sender-key' AND (instr(id, '::' || @user || '::') > 0 OR instr(id, '::' || @user || '_1::') > 0)");
  const sessions = db.prepare<[], { pairing_id: number; phone_number: string | null; lid: string | null }>("SELECT pairing_id, phone_number, lid FROM session").all();
  for (const { pairing_id: pairing, phone_number: phone, lid } of sessions) {
    for (const user of [phone?.replace("+", ""), lid?.split("@")[0]]) if (user !== undefined) own.run({ pairing, user });
  }
}

/** Reads and changes whose the sessions are. Call `takeOver` inside work given to the Writer. */
export class Ownership {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Names this installation: random, kept for its life, different in every restored copy. */
  get installationId(): string {
    return readMeta(this.#db, INSTALLATION) ?? "";
  }

  state(): OwnershipState {
    if (readMeta(this.#db, RESTORED) === undefined) return "original";
    return readMeta(this.#db, TAKEN_OVER) === undefined ? "restored" : "taken_over";
  }

  /** When this store was restored from a backup, in unix ms; undefined for an original. */
  restoredAtMs(): number | undefined {
    const value = readMeta(this.#db, RESTORED);
    return value === undefined ? undefined : Number(value);
  }

  /** The original is gone: the sessions of this copy may run. Does nothing for an original. */
  takeOver(nowMs: number): void {
    if (this.state() === "restored") writeMeta(this.#db, TAKEN_OVER, String(nowMs));
  }
}
