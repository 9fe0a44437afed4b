/**
 * Messages of a tenant's chats that it may refer to later: to reply, react, forward, delete or mark as read. Sealed by
 * the tenant's key. What the gateway sent itself is in the outbox and not here.
 */
import type { Database } from "./database.js";
import { SealBroken, type Vault } from "./seal.js";
import type { TenantTable } from "./tenants.js";

/** Somebody or some group, by every address known. */
export interface KeptParty {
  phone?: string | undefined;
  lid?: string | undefined;
  other?: string | undefined;
}

/** What is known of a message apart from what it says. */
export interface KeptKey {
  /** WhatsApp's id, unchanged; callers know it with odd characters replaced. */
  id: string;
  /** The addresses as WhatsApp itself used them: receipts must repeat them. */
  remoteJid: string;
  participant?: string | undefined;
  chat: KeptParty;
  sender: KeptParty;
  fromMe: boolean;
  sentAtMs: number;
}

export interface KeptMessage extends KeptKey {
  /** An encoded proto.Message; empty when it was too large to keep. */
  encoded: Uint8Array;
}

interface RawRow {
  digest: Buffer;
  sealed: Buffer;
}

const LENGTH_BYTES = 4;

/** Half of a SHA-256 tells messages apart as well. */
const DIGEST_BYTES = 16;

/** Somebody may reuse an id on purpose: so many messages with the same one are looked at, newest first. */
const SAME_ID_LIMIT = 16;

/** The bound of a tenant is looked after once in so many of its messages. */
const TRIM_EVERY = 500;

/** Call its writing methods inside work given to the Writer. */
export class MessageTable {
  readonly #tenants: TenantTable;
  readonly #limit: number;
  readonly #sinceTrim = new Map<string, number>();
  readonly #insert;
  readonly #find;
  readonly #one;
  readonly #overdue;
  readonly #trim;
  readonly #oldest;
  readonly #prune;

  /** @param limit how many messages a tenant keeps; the oldest go first. */
  constructor(db: Database, tenants: TenantTable, limit: number) {
    this.#tenants = tenants;
    this.#limit = limit;
    this.#insert = db.prepare(`
      INSERT INTO message (tenant_id, message_id, digest, sealed, recorded_ms) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (tenant_id, message_id, digest) DO NOTHING`);
    this.#find = db.prepare<[string, string, number], RawRow>("SELECT digest, sealed FROM message WHERE tenant_id = ? AND message_id = ? ORDER BY id DESC LIMIT ?");
    this.#one = db.prepare<[string, string, Buffer], RawRow>("SELECT digest, sealed FROM message WHERE tenant_id = ? AND message_id = ? AND digest = ?");
    this.#overdue = db.prepare<[string, number], { id: number }>("SELECT id FROM message WHERE tenant_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?");
    this.#trim = db.prepare("DELETE FROM message WHERE tenant_id = ? AND id <= ?");
    this.#oldest = db.prepare<[number], { id: number; recorded_ms: number }>("SELECT id, recorded_ms FROM message ORDER BY id LIMIT ?");
    this.#prune = db.prepare("DELETE FROM message WHERE id <= ?");
  }

  /**
   * Keeps a message; one that is kept already stays as it is.
   * @param messageId the id callers know it by.
   * @param dedup what tells it from all others, at least 16 bytes.
   */
  record(tenantId: string, messageId: string, dedup: Buffer, message: KeptMessage, nowMs: number): void {
    const digest = dedup.subarray(0, DIGEST_BYTES);
    this.#insert.run(tenantId, messageId, digest, sealKept(this.#tenants.vault(tenantId), digest, message), nowMs);
    const since = (this.#sinceTrim.get(tenantId) ?? TRIM_EVERY) + 1;
    this.#sinceTrim.set(tenantId, since > TRIM_EVERY ? 0 : since);
    if (since > TRIM_EVERY) this.#trimTo(tenantId);
  }

  /** Messages callers know by this id, newest first: almost always one. */
  find(tenantId: string, messageId: string): KeptMessage[] {
    const vault = this.#tenants.known(tenantId);
    if (vault === undefined) return [];
    return this.#find.all(tenantId, messageId, SAME_ID_LIMIT).flatMap((row) => openKept(vault, row) ?? []);
  }

  /** The message with this identity, see `record`. */
  one(tenantId: string, messageId: string, dedup: Buffer): KeptMessage | undefined {
    const vault = this.#tenants.known(tenantId);
    const row = this.#one.get(tenantId, messageId, dedup.subarray(0, DIGEST_BYTES));
    return vault === undefined || row === undefined ? undefined : openKept(vault, row);
  }

  /** Deletes up to `limit` messages recorded before a time, oldest first; answers how many. */
  prune(beforeMs: number, limit: number): number {
    const old = this.#oldest.all(limit).filter((row) => row.recorded_ms < beforeMs);
    const last = old.at(-1);
    return last === undefined ? 0 : this.#prune.run(last.id).changes;
  }

  #trimTo(tenantId: string): void {
    const row = this.#overdue.get(tenantId, this.#limit);
    if (row !== undefined) this.#trim.run(tenantId, row.id);
  }
}

/** Length of the JSON (4 bytes) | JSON | encoded. */
function sealKept(vault: Vault, digest: Buffer, { encoded, ...key }: KeptMessage): Buffer {
  const json = Buffer.from(JSON.stringify(key));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return vault.seal("message", digest.toString("hex"), Buffer.concat([length, json, encoded]));
}

function openKept(vault: Vault, { digest, sealed }: RawRow): KeptMessage | undefined {
  try {
    const bytes = vault.open("message", digest.toString("hex"), sealed);
    const end = LENGTH_BYTES + bytes.readUInt32BE();
    return { ...(JSON.parse(bytes.subarray(LENGTH_BYTES, end).toString()) as KeptKey), encoded: bytes.subarray(end) };
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}
