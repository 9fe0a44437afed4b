/**
 * What the governor must not forget: how many messages left when, and what a tenant chose and WhatsApp said. Holds no
 * personal data: counts, times and a digest of the own number.
 */
import type { SendProfile } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import type { TenantTable } from "./tenants.js";

/** Messages that left in one span of time, by what they were. */
export interface Departures {
  /** To people who wrote a short while ago. */
  replies: number;
  /** In other chats that run, in groups, stories and channels. */
  known: number;
  /** To people who have not written. */
  fresh: number;
  /** Of the fresh ones, those that began a chat. */
  begun: number;
  /** Of the known ones, stories. */
  stories: number;
}

/** Departures are counted in spans of this length. */
export const PACE_SPAN_MS = 10_000;

/** What is known of a tenant apart from counts. */
export interface PaceRow {
  /** The tenant's own choice; undefined when the settings decide. */
  profile: SendProfile | undefined;
  /** When the present number was linked; undefined when it was not linked here. */
  linkedAtMs: number | undefined;
  /** What WhatsApp said about the account, in the governor's own words (JSON). */
  standing: string | undefined;
}

interface RawRow {
  profile: string | null;
  account: Buffer | null;
  linked_ms: number | null;
  standing: string | null;
}

/** Call its writing methods inside work given to the Writer. */
export class PaceTable {
  readonly #tenants: TenantTable;
  readonly #add;
  readonly #since;
  readonly #prune;
  readonly #get;
  readonly #setProfile;
  readonly #setStanding;
  readonly #setLinked;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#add = db.prepare(`
      INSERT INTO departure (tenant_id, span_ms, replies, known, fresh, begun, stories)
      VALUES (@tenantId, @spanMs, @replies, @known, @fresh, @begun, @stories)
      ON CONFLICT (tenant_id, span_ms) DO UPDATE SET replies = replies + excluded.replies, known = known + excluded.known,
        fresh = fresh + excluded.fresh, begun = begun + excluded.begun, stories = stories + excluded.stories`);
    this.#since = db.prepare<[string, number], Departures & { atMs: number }>(
      "SELECT span_ms AS atMs, replies, known, fresh, begun, stories FROM departure WHERE tenant_id = ? AND span_ms >= ? ORDER BY span_ms",
    );
    this.#prune = db.prepare<[number, number]>("DELETE FROM departure WHERE (tenant_id, span_ms) IN (SELECT tenant_id, span_ms FROM departure WHERE span_ms < ? LIMIT ?)");
    this.#get = db.prepare<[string], RawRow>("SELECT profile, account, linked_ms, standing FROM pace WHERE tenant_id = ?");
    this.#setProfile = db.prepare<[string, string | null]>("INSERT INTO pace (tenant_id, profile) VALUES (?, ?) ON CONFLICT (tenant_id) DO UPDATE SET profile = excluded.profile");
    this.#setStanding = db.prepare<[string, string | null]>("INSERT INTO pace (tenant_id, standing) VALUES (?, ?) ON CONFLICT (tenant_id) DO UPDATE SET standing = excluded.standing");
    this.#setLinked = db.prepare<[string, Buffer, number]>(`
      INSERT INTO pace (tenant_id, account, linked_ms) VALUES (?, ?, ?)
      ON CONFLICT (tenant_id) DO UPDATE SET account = excluded.account, linked_ms = excluded.linked_ms, standing = NULL`);
  }

  /** Counts a message that left. */
  add(tenantId: string, atMs: number, departures: Departures): void {
    this.#add.run({ tenantId, spanMs: Math.floor(atMs / PACE_SPAN_MS) * PACE_SPAN_MS, ...departures });
  }

  /** Departures of spans that began at or after a time, oldest first. `atMs` is when the span began. */
  since(tenantId: string, fromMs: number): (Departures & { atMs: number })[] {
    return this.#since.all(tenantId, fromMs);
  }

  /** Deletes up to `limit` spans that began before a time; answers how many. */
  prune(beforeMs: number, limit: number): number {
    return this.#prune.run(beforeMs, limit).changes;
  }

  get(tenantId: string): PaceRow {
    const row = this.#get.get(tenantId);
    return {
      profile: (row?.profile ?? undefined) as SendProfile | undefined,
      linkedAtMs: row?.linked_ms ?? undefined,
      standing: row?.standing ?? undefined,
    };
  }

  /** Without a profile the settings decide again. */
  setProfile(tenantId: string, profile: SendProfile | undefined): void {
    this.#setProfile.run(tenantId, profile ?? null);
  }

  setStanding(tenantId: string, standing: string | undefined): void {
    this.#setStanding.run(tenantId, standing ?? null);
  }

  /**
   * A number was linked. The same number as before, linked anew, is no newcomer.
   * @returns true when it is another number than before.
   */
  linked(tenantId: string, account: string, atMs: number): boolean {
    const name = this.#tenants.vault(tenantId).digest("account", account);
    if (this.#get.get(tenantId)?.account?.equals(name) === true) return false;
    this.#setLinked.run(tenantId, name, atMs);
    return true;
  }
}
