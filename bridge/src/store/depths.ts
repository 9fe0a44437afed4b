/**
 * How much waits in the store, for monitoring and operators. It is asked again and again while everything runs, so each
 * question reads an index and stops at a bound.
 */
import { statSync } from "node:fs";
import type { SessionState } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import type { Stage } from "./outbox-row.js";

/** No more rows than this are counted: it takes a few milliseconds, and whoever has more is in trouble anyway. */
const COUNTED = 100_000;

/** Of one tenant, whose rows have to be looked at one by one. */
const COUNTED_OF_TENANT = 20_000;

/** Messages at one point of their way. */
export interface Depth {
  count: number;
  /** When the one that was accepted first became due, in unix ms. */
  oldestMs: number | undefined;
}

/** A tenant with what it has waiting. */
export interface TenantLoad {
  tenantId: string;
  state: SessionState;
  waiting: number;
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

export class Depths {
  readonly #storePath: string;
  readonly #load;
  readonly #stages;
  readonly #dueMs;
  readonly #tenants;
  readonly #stagesOf;
  readonly #oldestEvent;
  readonly #eventsByTenant;

  constructor(db: Database, storePath: string) {
    this.#storePath = storePath;
    this.#load = db.prepare<[], { waiting: number | null; batched: number | null }>("SELECT SUM(waiting) AS waiting, SUM(batched) AS batched FROM outbox_load");
    const counted = (where: string) => db.prepare<[], { count: number; first: number | null }>(`SELECT COUNT(*) AS count, MIN(id) AS first FROM (SELECT id FROM outbox WHERE ${where} LIMIT ${COUNTED})`);
    // A partial index serves only the very condition it was made with.
    this.#stages = { ready: counted("stage = 'ready'"), parked: counted("stage = 'parked'"), handed: counted("stage = 'handed'"), stranded: counted("stage = 'stranded'") };
    this.#dueMs = db.prepare<[number], { due_ms: number }>("SELECT max(accepted_ms, coalesce(send_at_ms, 0)) AS due_ms FROM outbox WHERE id = ?");
    this.#tenants = db.prepare<[number], { tenant_id: string; state: string; waiting: number }>(`
      SELECT s.tenant_id, s.state, coalesce(l.waiting + l.batched, 0) AS waiting
      FROM session s LEFT JOIN outbox_load l ON l.tenant_id = s.tenant_id ORDER BY 3 DESC, 1 LIMIT ?`);
    this.#stagesOf = db.prepare<[number], { stage: Stage; count: number }>(`
      SELECT stage, COUNT(*) AS count FROM (SELECT stage FROM outbox WHERE pairing_id = ? AND stage IS NOT NULL LIMIT ${COUNTED_OF_TENANT}) GROUP BY stage`);
    this.#oldestEvent = db.prepare<[number], { occurred_ms: number }>("SELECT occurred_ms FROM event WHERE position > ? ORDER BY position LIMIT 1");
    this.#eventsByTenant = db.prepare<[number], { tenant_id: string; count: number }>(`
      SELECT p.tenant_id, COUNT(*) AS count FROM (SELECT pairing_id FROM event WHERE position > ? ORDER BY position LIMIT ${COUNTED}) e
      JOIN pairing p ON p.id = e.pairing_id GROUP BY p.tenant_id`);
  }

  /** Messages that were not handed over, over all tenants: those of batches apart. */
  waiting(): { single: number; batched: number } {
    const row = this.#load.get();
    return { single: row?.waiting ?? 0, batched: row?.batched ?? 0 };
  }

  /** Messages at a stage, over all tenants; 100,000 stands for as many or more. */
  at(stage: "ready" | "parked" | "handed" | "stranded"): Depth {
    const row = this.#stages[stage].get();
    const due = row?.first === null || row?.first === undefined ? undefined : this.#dueMs.get(row.first);
    return { count: row?.count ?? 0, oldestMs: due?.due_ms };
  }

  /** The tenants with the most waiting, and after those all others. */
  tenants(limit: number): TenantLoad[] {
    return this.#tenants.all(limit).map(({ tenant_id, state, waiting }) => ({ tenantId: tenant_id, state: state as SessionState, waiting }));
  }

  /** How many messages of a pairing are where; counts 20,000 at most. */
  stagesOf(pairingId: number): Partial<Record<Stage, number>> {
    return Object.fromEntries(this.#stagesOf.all(pairingId).map(({ stage, count }) => [stage, count]));
  }

  /** When the first event after a position happened, in unix ms. */
  eventAfter(position: number): number | undefined {
    return this.#oldestEvent.get(position)?.occurred_ms;
  }

  /** How many events after a position are whose; counts 100,000 at most. */
  eventsByTenant(position: number): Map<string, number> {
    return new Map(this.#eventsByTenant.all(position).map(({ tenant_id, count }) => [tenant_id, count]));
  }

  /** The sizes of the store's files, in bytes. */
  files(): { database: number; log: number } {
    return { database: sizeOf(this.#storePath), log: sizeOf(`${this.#storePath}-wal`) };
  }
}
