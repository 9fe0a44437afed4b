/** Which messages still need which file of the spool: a file goes when the last of them lets go of it. */
import type { Database } from "./database.js";

export interface SpoolUse {
  name: string;
  tenantId: string;
  messageId: string;
}

interface RawUse {
  name: string;
  tenant_id: string;
  message_id: string;
}

/** Call its writing methods inside work given to the Writer. */
export class SpoolUseTable {
  readonly #claim;
  readonly #release;
  readonly #isUsed;
  readonly #old;
  readonly #ofTenant;

  constructor(db: Database) {
    this.#claim = db.prepare("INSERT INTO spool_use (name, tenant_id, message_id, claimed_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    this.#release = db.prepare("DELETE FROM spool_use WHERE name = ? AND tenant_id = ? AND message_id = ?");
    this.#isUsed = db.prepare<[string]>("SELECT 1 FROM spool_use WHERE name = ? LIMIT 1");
    this.#old = db.prepare<[number], RawUse>("SELECT name, tenant_id, message_id FROM spool_use WHERE claimed_ms < ?");
    this.#ofTenant = db.prepare<[string, number], { name: string }>("SELECT DISTINCT name FROM spool_use WHERE tenant_id = ? ORDER BY name LIMIT ?");
  }

  claim({ name, tenantId, messageId }: SpoolUse, nowMs: number): void {
    this.#claim.run(name, tenantId, messageId, nowMs);
  }

  /** A message needs a file no longer. @returns true when nobody does any more. */
  release(tenantId: string, messageId: string, name: string): boolean {
    return this.#release.run(name, tenantId, messageId).changes > 0 && !this.isUsed(name);
  }

  isUsed(name: string): boolean {
    return this.#isUsed.get(name) !== undefined;
  }

  /** Up to `limit` files that messages of a tenant need. */
  ofTenant(tenantId: string, limit: number): string[] {
    return this.#ofTenant.all(tenantId, limit).map((row) => row.name);
  }

  /** Uses claimed before a time. */
  claimedBefore(timeMs: number): SpoolUse[] {
    return this.#old.all(timeMs).map((row) => ({ name: row.name, tenantId: row.tenant_id, messageId: row.message_id }));
  }
}
