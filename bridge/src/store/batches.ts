/** Batches: one message for many. Their messages are rows of the outbox; here is what they have in common. */
import type { BatchCounts } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";

/** What a batch was told to do. Finished it is by itself, once none of its messages waits. */
export type BatchOrder = "running" | "paused" | "cancelled";

/** A batch as it is stored. Times are unix ms. */
export interface BatchRow {
  readonly id: number;
  readonly tenantId: string;
  readonly batchId: string;
  readonly order: BatchOrder;
  readonly createdAtMs: number;
  readonly sendAtMs: number | undefined;
  readonly expiresAtMs: number | undefined;
  readonly total: number;
  readonly duplicates: number;
  /** True while its messages are still being brought in line with the order. */
  readonly unsettled: boolean;
}

interface RawRow {
  id: number;
  tenant_id: string;
  batch_id: string;
  state: string;
  created_ms: number;
  send_at_ms: number | null;
  expires_ms: number | null;
  total: number;
  duplicates: number;
  unsettled: number;
}

function toRow(raw: RawRow): BatchRow {
  return {
    id: raw.id,
    tenantId: raw.tenant_id,
    batchId: raw.batch_id,
    order: raw.state as BatchOrder,
    createdAtMs: raw.created_ms,
    sendAtMs: raw.send_at_ms ?? undefined,
    expiresAtMs: raw.expires_ms ?? undefined,
    total: raw.total,
    duplicates: raw.duplicates,
    unsettled: raw.unsettled === 1,
  };
}

/** Call its writing methods inside work given to the Writer. */
export class BatchTable {
  readonly #get;
  readonly #insert;
  readonly #setOrder;
  readonly #settled;
  readonly #unsettled;
  readonly #page;
  readonly #counts;
  readonly #waiting;
  readonly #spent;
  readonly #delete;

  constructor(db: Database) {
    this.#get = db.prepare<[string, string], RawRow>("SELECT * FROM batch WHERE tenant_id = ? AND batch_id = ?");
    this.#insert = db.prepare(`
      INSERT INTO batch (tenant_id, batch_id, state, created_ms, send_at_ms, expires_ms, total, duplicates)
      VALUES (@tenantId, @batchId, 'running', @createdAtMs, @sendAtMs, @expiresAtMs, @total, @duplicates)`);
    this.#setOrder = db.prepare("UPDATE batch SET state = ?, unsettled = ? WHERE id = ?");
    this.#settled = db.prepare("UPDATE batch SET unsettled = 0 WHERE id = ? AND state = ?");
    this.#unsettled = db.prepare<[], RawRow>("SELECT * FROM batch WHERE unsettled = 1 ORDER BY id");
    this.#page = db.prepare<[string, number, number], RawRow>("SELECT * FROM batch WHERE tenant_id = ? AND id < ? ORDER BY id DESC LIMIT ?");
    this.#counts = db.prepare<[string, string], { status: string; messages: number }>("SELECT status, COUNT(*) AS messages FROM outbox WHERE tenant_id = ? AND batch_id = ? GROUP BY status");
    this.#waiting = db.prepare<[string], { waiting: number }>("SELECT waiting FROM batch_load WHERE tenant_id = ?");
    this.#spent = db.prepare<[number, number], RawRow>(`
      SELECT * FROM batch b WHERE created_ms < ? AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.tenant_id = b.tenant_id AND o.batch_id = b.batch_id) LIMIT ?`);
    this.#delete = db.prepare("DELETE FROM batch WHERE id = ?");
  }

  get(tenantId: string, batchId: string): BatchRow | undefined {
    const raw = this.#get.get(tenantId, batchId);
    return raw === undefined ? undefined : toRow(raw);
  }

  insert(row: Omit<BatchRow, "id" | "order" | "unsettled">): void {
    this.#insert.run({ ...row, sendAtMs: row.sendAtMs ?? null, expiresAtMs: row.expiresAtMs ?? null });
  }

  /** @param unsettled true when its messages follow in further pieces of work. */
  order(id: number, order: BatchOrder, unsettled: boolean): void {
    this.#setOrder.run(order, unsettled ? 1 : 0, id);
  }

  /** All its messages follow the order now, unless it was given another meanwhile. */
  settled(id: number, order: BatchOrder): void {
    this.#settled.run(id, order);
  }

  /** Batches whose messages were not all brought in line before the last process ended. */
  unsettled(): BatchRow[] {
    return this.#unsettled.all().map(toRow);
  }

  /** Batches of a tenant, newest first, only those older than one. */
  page(tenantId: string, beforeId: number, limit: number): BatchRow[] {
    return this.#page.all(tenantId, beforeId, limit).map(toRow);
  }

  /** Its messages by status. */
  counts(tenantId: string, batchId: string): BatchCounts {
    const counts: BatchCounts = { accepted: 0, sent: 0, delivered: 0, read: 0, played: 0, failed: 0, unknown: 0 };
    for (const { status, messages } of this.#counts.all(tenantId, batchId)) counts[status as keyof BatchCounts] = messages;
    return counts;
  }

  /** How many messages of a tenant's batches were not handed over yet. */
  waiting(tenantId: string): number {
    return this.#waiting.get(tenantId)?.waiting ?? 0;
  }

  /** Deletes up to `limit` batches made before a time whose messages are all deleted; answers which. */
  prune(beforeMs: number, limit: number): { tenantId: string; batchId: string }[] {
    const rows = this.#spent.all(beforeMs, limit).map(toRow);
    for (const { id } of rows) this.#delete.run(id);
    return rows;
  }
}
