/**
 * Idempotency keys of a tenant, for messages and batches alike: one key is one request. The key stands with what the
 * request made in one commit, and is free again when that is deleted.
 */
import type { Database } from "./database.js";
import type { TenantTable } from "./tenants.js";

/** What a key was used for. */
export interface IdempotencyRow {
  fingerprint: string;
  kind: "message" | "batch";
  /** The messageId or batchId. */
  subject: string;
  /** What the request was answered first, as it was given to `claim` or `setAnswer`. */
  answer: unknown;
}

interface RawRow {
  fingerprint: string;
  kind: string;
  subject: string;
  answer: Buffer | null;
}

/** Call its writing methods inside work given to the Writer. */
export class IdempotencyTable {
  readonly #tenants: TenantTable;
  readonly #get;
  readonly #insert;
  readonly #answer;
  readonly #forget;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#get = db.prepare<[string, Buffer], RawRow>("SELECT fingerprint, kind, subject, answer FROM idempotency WHERE tenant_id = ? AND mark = ?");
    this.#insert = db.prepare("INSERT INTO idempotency (tenant_id, mark, fingerprint, kind, subject, answer) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant_id, mark) DO NOTHING");
    this.#answer = db.prepare("UPDATE idempotency SET answer = ? WHERE tenant_id = ? AND mark = ?");
    this.#forget = db.prepare("DELETE FROM idempotency WHERE tenant_id = ? AND subject = ? AND kind = ?");
  }

  find(tenantId: string, key: string): IdempotencyRow | undefined {
    const vault = this.#tenants.known(tenantId);
    const raw = vault === undefined ? undefined : this.#get.get(tenantId, vault.digest("idempotency", key));
    if (vault === undefined || raw === undefined) return undefined;
    const answer: unknown = raw.answer === null ? undefined : JSON.parse(vault.open("answer", `${raw.kind}|${raw.subject}`, raw.answer).toString());
    return { fingerprint: raw.fingerprint, kind: raw.kind as IdempotencyRow["kind"], subject: raw.subject, answer };
  }

  /** Takes a key; false when it is taken, and then nothing is recorded. */
  claim(tenantId: string, key: string, row: IdempotencyRow): boolean {
    const vault = this.#tenants.vault(tenantId);
    return this.#insert.run(tenantId, vault.digest("idempotency", key), row.fingerprint, row.kind, row.subject, this.#seal(tenantId, row)).changes === 1;
  }

  /** The request was answered otherwise than it was expected when its key was taken. */
  setAnswer(tenantId: string, key: string, row: IdempotencyRow): void {
    this.#answer.run(this.#seal(tenantId, row), tenantId, this.#tenants.vault(tenantId).digest("idempotency", key));
  }

  /** What the key was used for is deleted: it is free again. */
  forget(tenantId: string, kind: IdempotencyRow["kind"], subject: string): void {
    this.#forget.run(tenantId, subject, kind);
  }

  #seal(tenantId: string, { kind, subject, answer }: IdempotencyRow): Buffer | null {
    return answer === undefined ? null : this.#tenants.vault(tenantId).seal("answer", `${kind}|${subject}`, Buffer.from(JSON.stringify(answer)));
  }
}
