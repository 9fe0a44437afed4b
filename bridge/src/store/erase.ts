/**
 * Forgetting a tenant for good. Its keys go first, in one commit with its session: from then on nothing it stored
 * can be read, whatever happens next. The rows follow in batches, so that nobody waits long for a big tenant, and a
 * batch that a crash cut short is finished at the next start. Events control has not taken are dropped with the rest.
 */
import type { Database } from "./database.js";
import type { TenantTable } from "./tenants.js";

/** Rows of a table deleted at once. */
const BATCH = 1000;

/** Call its writing methods inside work given to the Writer. */
export class Eraser {
  readonly #tenants: TenantTable;
  readonly #shred;
  readonly #batches;
  readonly #last;
  readonly #orphans;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    const mine = "pairing_id IN (SELECT id FROM pairing WHERE tenant_id = ?)";
    this.#shred = [
      "UPDATE pairing SET wrapped_key = NULL WHERE tenant_id = ?",
      `DELETE FROM credential WHERE ${mine}`,
      `DELETE FROM signal_key WHERE ${mine}`,
      // Their files go with the next sweep of the spool and of the media.
      "DELETE FROM spool_use WHERE tenant_id = ?",
      "DELETE FROM media WHERE tenant_id = ?",
      "DELETE FROM tenant_setting WHERE tenant_id = ?",
      "DELETE FROM session WHERE tenant_id = ?",
      "DELETE FROM pace WHERE tenant_id = ?",
    ].map((sql) => db.prepare<[string]>(sql));
    this.#batches = [
      `DELETE FROM event WHERE position IN (SELECT position FROM event WHERE ${mine} LIMIT ${BATCH})`,
      `DELETE FROM inbound WHERE id IN (SELECT id FROM inbound WHERE ${mine} LIMIT ${BATCH})`,
      `DELETE FROM directory WHERE id IN (SELECT id FROM directory WHERE ${mine} LIMIT ${BATCH})`,
      `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE tenant_id = ? LIMIT ${BATCH})`,
      `DELETE FROM message WHERE id IN (SELECT id FROM message WHERE tenant_id = ? LIMIT ${BATCH})`,
      `DELETE FROM disappearing WHERE (pairing_id, chat) IN (SELECT pairing_id, chat FROM disappearing WHERE ${mine} LIMIT ${BATCH})`,
      `DELETE FROM upload WHERE rowid IN (SELECT rowid FROM upload WHERE ${mine} LIMIT ${BATCH})`,
      `DELETE FROM outbox_address WHERE (tenant_id, mark) IN (SELECT tenant_id, mark FROM outbox_address WHERE tenant_id = ? LIMIT ${BATCH})`,
      `DELETE FROM idempotency WHERE (tenant_id, mark) IN (SELECT tenant_id, mark FROM idempotency WHERE tenant_id = ? LIMIT ${BATCH})`,
      `DELETE FROM chat WHERE (tenant_id, chat) IN (SELECT tenant_id, chat FROM chat WHERE tenant_id = ? LIMIT ${BATCH})`,
      `DELETE FROM departure WHERE (tenant_id, span_ms) IN (SELECT tenant_id, span_ms FROM departure WHERE tenant_id = ? LIMIT ${BATCH})`,
    ].map((sql) => db.prepare<[string]>(sql));
    this.#last = ["DELETE FROM outbox_load WHERE tenant_id = ?", "DELETE FROM batch_load WHERE tenant_id = ?", "DELETE FROM batch WHERE tenant_id = ?", "DELETE FROM pairing WHERE tenant_id = ?"].map((sql) => db.prepare<[string]>(sql));
    this.#orphans = db.prepare<[], { tenant_id: string }>("SELECT DISTINCT tenant_id FROM pairing WHERE tenant_id NOT IN (SELECT tenant_id FROM session)");
  }

  /** Destroys the tenant's keys and its session. Nothing it stored can be read after the commit. */
  shred(tenantId: string): void {
    for (const statement of this.#shred) statement.run(tenantId);
    this.#tenants.destroy(tenantId);
  }

  /** Deletes one batch of what is left. @returns true when nothing is left any more. */
  sweep(tenantId: string): boolean {
    for (const statement of this.#batches) if (statement.run(tenantId).changes === BATCH) return false;
    for (const statement of this.#last) statement.run(tenantId);
    return true;
  }

  /** Tenants whose rows were not all deleted before the last process ended. */
  unfinished(): string[] {
    return this.#orphans.all().map((row) => row.tenant_id);
  }
}
