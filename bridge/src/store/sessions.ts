/** Which tenants have a session, whether it should run, how it last was, and the pairing it uses. */
import type { SessionReason, SessionState } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import type { Vault, Vaults } from "./seal.js";

/** A tenant's session as it is stored. */
export interface SessionRow {
  tenantId: string;
  pairingId: number;
  sessionId: string;
  shouldRun: boolean;
  state: SessionState;
  reason: SessionReason | undefined;
  sinceMs: number;
  phoneNumber: string | undefined;
  lid: string | undefined;
  name: string | undefined;
  lastActivityMs: number | undefined;
  /** WhatsApp's own code behind the reason. */
  whatsappCode: number | undefined;
  /** Until when WhatsApp restricts the number, in whatever state the session is meanwhile. */
  restrictedUntilMs: number | undefined;
}

/** One pairing of a tenant, with what seals and opens its secrets. */
export interface Pairing {
  readonly id: number;
  readonly sessionId: string;
  readonly tenantId: string;
  readonly vault: Vault;
}

interface RawRow {
  tenant_id: string;
  pairing_id: number;
  session_id: string;
  should_run: number;
  state: string;
  reason: string | null;
  since_ms: number;
  phone_number: string | null;
  lid: string | null;
  name: string | null;
  last_activity_ms: number | null;
  whatsapp_code: number | null;
  restricted_until_ms: number | null;
}

const SELECT = "SELECT s.*, p.session_id FROM session s JOIN pairing p ON p.id = s.pairing_id";

function toRow(raw: RawRow): SessionRow {
  return {
    tenantId: raw.tenant_id,
    pairingId: raw.pairing_id,
    sessionId: raw.session_id,
    shouldRun: raw.should_run === 1,
    state: raw.state as SessionState,
    reason: (raw.reason ?? undefined) as SessionReason | undefined,
    sinceMs: raw.since_ms,
    phoneNumber: raw.phone_number ?? undefined,
    lid: raw.lid ?? undefined,
    name: raw.name ?? undefined,
    lastActivityMs: raw.last_activity_ms ?? undefined,
    whatsappCode: raw.whatsapp_code ?? undefined,
    restrictedUntilMs: raw.restricted_until_ms ?? undefined,
  };
}

/** Call its writing methods inside work given to the Writer. */
export class SessionTable {
  readonly #vaults: Vaults;
  readonly #get;
  readonly #page;
  readonly #toRun;
  readonly #counts;
  readonly #save;
  readonly #newPairing;
  readonly #wrappedKey;
  readonly #takenSessionId;
  readonly #shred;

  constructor(db: Database, vaults: Vaults) {
    this.#vaults = vaults;
    this.#get = db.prepare<[string], RawRow>(`${SELECT} WHERE s.tenant_id = ?`);
    this.#page = db.prepare<[string, number], RawRow>(`${SELECT} WHERE s.tenant_id > ? ORDER BY s.tenant_id LIMIT ?`);
    this.#toRun = db.prepare<[], RawRow>(`${SELECT} WHERE s.should_run = 1 ORDER BY s.last_activity_ms DESC`);
    this.#counts = db.prepare<[], { state: string; sessions: number }>("SELECT state, COUNT(*) AS sessions FROM session GROUP BY state");
    this.#save = db.prepare(`
      INSERT INTO session (tenant_id, pairing_id, should_run, state, reason, since_ms, phone_number, lid, name, last_activity_ms, whatsapp_code, restricted_until_ms)
      VALUES (@tenantId, @pairingId, @shouldRun, @state, @reason, @sinceMs, @phoneNumber, @lid, @name, @lastActivityMs, @whatsappCode, @restrictedUntilMs)
      ON CONFLICT (tenant_id) DO UPDATE SET
        pairing_id = excluded.pairing_id, should_run = excluded.should_run, state = excluded.state, reason = excluded.reason,
        since_ms = excluded.since_ms, phone_number = excluded.phone_number, lid = excluded.lid, name = excluded.name,
        last_activity_ms = excluded.last_activity_ms, whatsapp_code = excluded.whatsapp_code,
        restricted_until_ms = excluded.restricted_until_ms`);
    this.#newPairing = db.prepare("INSERT INTO pairing (session_id, tenant_id, wrapped_key) VALUES (?, ?, ?)");
    this.#wrappedKey = db.prepare<[number], { tenant_id: string; session_id: string; wrapped_key: Buffer | null }>("SELECT tenant_id, session_id, wrapped_key FROM pairing WHERE id = ?");
    this.#takenSessionId = db.prepare("SELECT 1 FROM pairing WHERE session_id = ?");
    this.#shred = [
      "UPDATE pairing SET wrapped_key = NULL WHERE id = ?",
      "DELETE FROM credential WHERE pairing_id = ?",
      "DELETE FROM signal_key WHERE pairing_id = ?",
      "DELETE FROM inbound WHERE pairing_id = ?",
      "DELETE FROM disappearing WHERE pairing_id = ?",
    ].map((sql) => db.prepare<[number]>(sql));
  }

  get(tenantId: string): SessionRow | undefined {
    const raw = this.#get.get(tenantId);
    return raw === undefined ? undefined : toRow(raw);
  }

  /** Sessions after a tenant, in the order of tenantId. */
  page(after: string, limit: number): SessionRow[] {
    return this.#page.all(after, limit).map(toRow);
  }

  /** Sessions that should run, the most recently active first. */
  toRun(): SessionRow[] {
    return this.#toRun.all().map(toRow);
  }

  /** How many sessions are in each state. */
  countByState(): Record<string, number> {
    return Object.fromEntries(this.#counts.all().map(({ state, sessions }) => [state, sessions]));
  }

  save(row: Omit<SessionRow, "sessionId">): void {
    this.#save.run({
      tenantId: row.tenantId,
      pairingId: row.pairingId,
      shouldRun: row.shouldRun ? 1 : 0,
      state: row.state,
      reason: row.reason ?? null,
      sinceMs: row.sinceMs,
      phoneNumber: row.phoneNumber ?? null,
      lid: row.lid ?? null,
      name: row.name ?? null,
      lastActivityMs: row.lastActivityMs ?? null,
      whatsappCode: row.whatsappCode ?? null,
      restrictedUntilMs: row.restrictedUntilMs ?? null,
    });
  }

  /** Begins a pairing. Its sessionId carries the time, moved on by a millisecond when that one is taken. */
  newPairing(tenantId: string, nowMs: number): Pairing {
    let startedMs = nowMs;
    while (this.#takenSessionId.get(`${tenantId}_${startedMs}`) !== undefined) startedMs += 1;
    const sessionId = `${tenantId}_${startedMs}`;
    const { vault, wrappedKey } = this.#vaults.create(tenantId, sessionId);
    const id = Number(this.#newPairing.run(sessionId, tenantId, wrappedKey).lastInsertRowid);
    return { id, sessionId, tenantId, vault };
  }

  /**
   * A pairing that still has its secrets; undefined after they were shredded.
   * @throws SealBroken when the row was changed outside of this program.
   */
  pairing(id: number): Pairing | undefined {
    const row = this.#wrappedKey.get(id);
    if (row === undefined || row.wrapped_key === null) return undefined;
    return { id, sessionId: row.session_id, tenantId: row.tenant_id, vault: this.#vaults.open(row.tenant_id, row.session_id, row.wrapped_key) };
  }

  /** Forgets a pairing's credentials, keys and received ciphertexts for good. Its events stay. */
  shred(pairingId: number): void {
    for (const statement of this.#shred) statement.run(pairingId);
  }
}
