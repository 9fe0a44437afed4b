/**
 * The rows of the event journal, sealed by their tenant's key. Positions count over all tenants without a gap (a rolled back insert gives its
 * position back), sequences count within a session.
 */
import type { Event, EventData } from "../rpc/contract.gen.js";
import { ulid } from "../ids.js";
import { readMeta, writeMeta, type Database } from "./database.js";
import { SealBroken, type Vault } from "./seal.js";
import type { TenantTable } from "./tenants.js";

/** An event to be recorded. */
export interface NewEvent {
  pairingId: number;
  occurredAtMs: number;
  data: EventData;
  /** The same message twice is one event: a digest of tenant, chat, message id and sender. */
  dedup?: Buffer;
  /** Set for a QR code: until when its text is worth keeping. */
  qrExpiresMs?: number;
}

/** A recorded event and how many bytes its data takes in JSON. */
export interface StoredEvent {
  event: Event;
  bytes: number;
}

interface RawEvent {
  position: number;
  event_id: string;
  tenant_id: string;
  session_id: string;
  sequence: number;
  occurred_ms: number;
  sealed: Buffer | null;
}

/** What an event says when its text was erased. */
const ERASED_QR = JSON.stringify({ type: "session.qr" } satisfies EventData);

function toEvent(row: RawEvent, data: string): Event {
  return {
    position: row.position,
    eventId: row.event_id,
    tenantId: row.tenant_id,
    sessionId: row.session_id,
    sequence: row.sequence,
    occurredAtMs: row.occurred_ms,
    data: JSON.parse(data) as EventData,
  };
}

/** An event's data, sealed by its tenant's key and bound to its id. */
export function sealEvent(vault: Vault, eventId: string, data: string): Buffer {
  return vault.seal("event", eventId, Buffer.from(data));
}

/** Call its writing methods inside work given to the Writer. */
export class EventTable {
  readonly journalId: string;
  readonly #db: Database;
  readonly #tenants: TenantTable;
  readonly #nextSequence;
  readonly #insert;
  readonly #known;
  readonly #after;
  readonly #eraseQr;
  readonly #qrBacklog;
  readonly #oldest;
  readonly #prune;

  constructor(db: Database, tenants: TenantTable) {
    this.#db = db;
    this.#tenants = tenants;
    this.journalId = readMeta(db, "journal_id") ?? this.#begin();
    this.#nextSequence = db.prepare<[number], { last_sequence: number; tenant_id: string }>("UPDATE pairing SET last_sequence = last_sequence + 1 WHERE id = ? RETURNING last_sequence, tenant_id");
    this.#insert = db.prepare("INSERT INTO event (event_id, pairing_id, sequence, occurred_ms, sealed, dedup, qr_expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#known = db.prepare<[Buffer]>("SELECT 1 FROM event WHERE dedup = ?");
    this.#after = db.prepare<[number, number], RawEvent>(`
      SELECT e.position, e.event_id, p.tenant_id, p.session_id, e.sequence, e.occurred_ms, e.sealed
      FROM event e JOIN pairing p ON p.id = e.pairing_id WHERE e.position > ? ORDER BY e.position LIMIT ?`);
    this.#eraseQr = db.prepare("UPDATE event SET sealed = NULL, qr_expires_ms = NULL WHERE qr_expires_ms IS NOT NULL AND (position <= ? OR qr_expires_ms <= ?)");
    this.#qrBacklog = db.prepare<[number, number]>("SELECT 1 FROM event WHERE qr_expires_ms IS NOT NULL AND (position <= ? OR qr_expires_ms <= ?) LIMIT 1");
    this.#oldest = db.prepare<[number], { position: number; occurred_ms: number }>("SELECT position, occurred_ms FROM event ORDER BY position LIMIT ?");
    this.#prune = db.prepare("DELETE FROM event WHERE position <= ?");
  }

  #begin(): string {
    const journalId = `jrn_${ulid()}`;
    writeMeta(this.#db, "journal_id", journalId);
    return journalId;
  }

  /** The last position given out; 0 in a new journal. */
  head(): number {
    const row = this.#db.prepare<[], { seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'event'").get();
    return row?.seq ?? 0;
  }

  /** The highest position acked. */
  acked(): number {
    return Number(readMeta(this.#db, "acked_position") ?? 0);
  }

  setAcked(position: number): void {
    writeMeta(this.#db, "acked_position", String(position));
  }

  /** True when an event with this digest is recorded. */
  knows(dedup: Buffer): boolean {
    return this.#known.get(dedup) !== undefined;
  }

  /** Records an event and answers its position, or undefined when it is recorded already. */
  append(event: NewEvent): number | undefined {
    if (event.dedup !== undefined && this.knows(event.dedup)) return undefined;
    const pairing = this.#nextSequence.get(event.pairingId);
    if (pairing === undefined) throw new Error("an event needs a pairing");
    const eventId = `evt_${ulid(event.occurredAtMs)}`;
    const sealed = sealEvent(this.#tenants.vault(pairing.tenant_id), eventId, JSON.stringify(event.data));
    const result = this.#insert.run(eventId, event.pairingId, pairing.last_sequence, event.occurredAtMs, sealed, event.dedup ?? null, event.qrExpiresMs ?? null);
    return Number(result.lastInsertRowid);
  }

  /** Events after a position, oldest first. Those of a tenant that was erased meanwhile are left out. */
  after(position: number, limit: number): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (let from = position; events.length < limit; ) {
      const rows = this.#after.all(from, limit - events.length);
      for (const row of rows) {
        const data = this.#dataOf(row);
        if (data !== undefined) events.push({ bytes: Buffer.byteLength(data), event: toEvent(row, data) });
        from = row.position;
      }
      if (rows.length === 0) break;
    }
    return events;
  }

  /** What an event says, as JSON; undefined when the key it was sealed with is gone. */
  #dataOf(row: RawEvent): string | undefined {
    if (row.sealed === null) return ERASED_QR;
    try {
      return this.#tenants.known(row.tenant_id)?.open("event", row.event_id, row.sealed).toString();
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  }

  /** True when the text of a QR code is to be erased: acked or expired. */
  hasSpentQr(ackedPosition: number, nowMs: number): boolean {
    return this.#qrBacklog.get(ackedPosition, nowMs) !== undefined;
  }

  /** Erases the texts of QR codes that were acked or expired. */
  eraseSpentQr(ackedPosition: number, nowMs: number): void {
    this.#eraseQr.run(ackedPosition, nowMs);
  }

  /** Deletes up to `limit` acked events that happened before a time, oldest first; answers how many. */
  prune(ackedPosition: number, beforeMs: number, limit: number): number {
    let last: number | undefined;
    for (const row of this.#oldest.all(limit)) {
      if (row.position > ackedPosition || row.occurred_ms >= beforeMs) break;
      last = row.position;
    }
    return last === undefined ? 0 : this.#prune.run(last).changes;
  }
}
