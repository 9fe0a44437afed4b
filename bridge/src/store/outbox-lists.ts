/** The outbox as callers leaf through it: by tenant, by status, by batch. */
import type { MessageStatus } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import { openRow, SELECT_ROW, type OutboxRow, type RawRow } from "./outbox-row.js";
import { UNKEPT } from "./recent-contents.js";
import type { TenantTable } from "./tenants.js";

/** Of a batch: what is asked for. */
export interface BatchPage {
  status?: MessageStatus | undefined;
  /** Only those accepted after this one. */
  after?: string | undefined;
  limit: number;
}

const WAITING = "stage IN ('scheduled', 'paused', 'queued', 'ready', 'parked')";

/** Call its writing methods inside work given to the Writer. */
export class OutboxLists {
  readonly #tenants: TenantTable;
  readonly #idOf;
  readonly #newest;
  readonly #newestOf;
  readonly #batch;
  readonly #counts;
  readonly #waitingOf;
  readonly #pause;
  readonly #pausedOf;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#idOf = db.prepare<[string, string], { id: number }>("SELECT id FROM outbox WHERE tenant_id = ? AND message_id = ?");
    this.#newest = db.prepare<[string, number, number], RawRow>(`${SELECT_ROW} WHERE o.tenant_id = ? AND o.id < ? ORDER BY o.id DESC LIMIT ?`);
    this.#newestOf = db.prepare<[string, string, number, number], RawRow>(`${SELECT_ROW} WHERE o.tenant_id = ? AND o.status = ? AND o.id < ? ORDER BY o.id DESC LIMIT ?`);
    this.#batch = db.prepare<[{ tenantId: string; batchId: string; status: string | null; after: number; limit: number }], RawRow>(`
      ${SELECT_ROW} WHERE o.tenant_id = @tenantId AND o.batch_id = @batchId AND o.id > @after AND (@status IS NULL OR o.status = @status) ORDER BY o.id LIMIT @limit`);
    this.#counts = db.prepare<[string, string], { status: string; failure: string | null; messages: number }>("SELECT status, failure, COUNT(*) AS messages FROM outbox WHERE tenant_id = ? AND batch_id = ? GROUP BY status, failure");
    this.#waitingOf = db.prepare<[string, string, number], { message_id: string }>(`SELECT message_id FROM outbox WHERE tenant_id = ? AND batch_id = ? AND ${WAITING} ORDER BY id LIMIT ?`);
    this.#pause = db.prepare<[string, string], { id: number; chat: number }>("UPDATE outbox SET stage = 'paused', hold = NULL, wake_ms = expires_ms WHERE tenant_id = ? AND batch_id = ? AND stage IN ('queued', 'ready', 'parked', 'scheduled') RETURNING id, chat");
    this.#pausedOf = db.prepare<[string, string, number], { id: number; send_at_ms: number | null }>("SELECT id, send_at_ms FROM outbox WHERE tenant_id = ? AND batch_id = ? AND stage = 'paused' ORDER BY id LIMIT ?");
  }

  /**
   * Messages of a tenant, newest first.
   * @param before a messageId: only older ones.
   * @returns undefined when `before` is not known.
   */
  newest(tenantId: string, status: MessageStatus | undefined, before: string | undefined, limit: number): OutboxRow[] | undefined {
    const from = before === undefined ? Number.MAX_SAFE_INTEGER : this.#idOf.get(tenantId, before)?.id;
    if (from === undefined) return undefined;
    return this.#toRows(status === undefined ? this.#newest.all(tenantId, from, limit) : this.#newestOf.all(tenantId, status, from, limit));
  }

  /** Messages of a batch in the order they were accepted; undefined when `after` is not known. */
  ofBatch(tenantId: string, batchId: string, { status, after, limit }: BatchPage): OutboxRow[] | undefined {
    const from = after === undefined ? 0 : this.#idOf.get(tenantId, after)?.id;
    if (from === undefined) return undefined;
    return this.#toRows(this.#batch.all({ tenantId, batchId, status: status ?? null, after: from, limit }));
  }

  /** How many messages of a batch have each status; those taken back are counted apart. */
  countsOfBatch(tenantId: string, batchId: string): { status: MessageStatus; cancelled: boolean; messages: number }[] {
    return this.#counts.all(tenantId, batchId).map((row) => ({ status: row.status as MessageStatus, cancelled: row.failure === "cancelled", messages: row.messages }));
  }

  /** Ids of some messages of a batch that were not handed over. */
  waitingOfBatch(tenantId: string, batchId: string, limit: number): string[] {
    return this.#waitingOf.all(tenantId, batchId, limit).map((row) => row.message_id);
  }

  /** Takes a batch out of all lines. @returns the chats in which another may be first now. */
  pauseBatch(tenantId: string, batchId: string): number[] {
    return [...new Set(this.#pause.all(tenantId, batchId).map((row) => row.chat))];
  }

  /** Some paused messages of a batch, and when each is due. */
  pausedOfBatch(tenantId: string, batchId: string, limit: number): { id: number; sendAtMs: number | undefined }[] {
    return this.#pausedOf.all(tenantId, batchId, limit).map((row) => ({ id: row.id, sendAtMs: row.send_at_ms ?? undefined }));
  }

  #toRows(raws: RawRow[]): OutboxRow[] {
    return raws.flatMap((raw) => openRow(this.#tenants.known(raw.tenant_id), raw, UNKEPT) ?? []);
  }
}
