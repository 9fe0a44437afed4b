/** Messages the gateway sends, sealed by their tenant's key, and what became of each. A row stands before the message leaves. */
import type { MessageStatus, OutgoingMessage } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import { SealBroken, type Vault } from "./seal.js";
import type { TenantTable } from "./tenants.js";

/** A message about to be sent. */
export interface NewMessage {
  tenantId: string;
  messageId: string;
  pairingId: number;
  recipient: string;
  chatId: string;
  /** The contract's content as JSON. */
  content: string;
  /** WhatsApp's encoding of it. */
  encoded: Uint8Array;
  acceptedAtMs: number;
}

/** A message of the outbox. */
export interface OutboxRow extends NewMessage {
  status: MessageStatus;
  whatsappError: number | undefined;
}

interface RawRow {
  tenant_id: string;
  message_id: string;
  pairing_id: number;
  sealed: Buffer;
  status: string;
  whatsapp_error: number | null;
  accepted_ms: number;
}

/**
 * Which statuses a message may leave for a new one. Later knowledge only ever adds: a status never goes back,
 * and what WhatsApp refused stays refused.
 */
const COMES_FROM: Record<MessageStatus, readonly MessageStatus[]> = {
  accepted: [],
  unknown: ["accepted"],
  sent: ["accepted", "unknown"],
  failed: ["accepted", "unknown"],
  delivered: ["accepted", "unknown", "sent"],
  read: ["accepted", "unknown", "sent", "delivered"],
  played: ["accepted", "unknown", "sent", "delivered", "read"],
};

/** True when a message in `from` may become `to`. */
export function mayBecome(from: MessageStatus, to: MessageStatus): boolean {
  return COMES_FROM[to].includes(from);
}

/** A row as callers see it. */
export function toOutgoingMessage(row: OutboxRow): OutgoingMessage {
  return {
    messageId: row.messageId,
    to: row.recipient,
    type: "text",
    chatId: row.chatId,
    status: row.status,
    acceptedAtMs: row.acceptedAtMs,
    ...(row.status === "failed" ? { failure: { code: "rejected", ...(row.whatsappError === undefined ? {} : { whatsappError: row.whatsappError }) } } : {}),
  };
}

/** What of a message is nobody's business: whom it goes to and what it says. */
export type MessageBody = Pick<NewMessage, "recipient" | "chatId" | "content" | "encoded">;

const LENGTH_BYTES = 4;

/** A message's body, sealed by its tenant's key and bound to its id: length of the JSON (4 bytes) | JSON | encoded. */
export function sealMessage(vault: Vault, messageId: string, { recipient, chatId, content, encoded }: MessageBody): Buffer {
  const json = Buffer.from(JSON.stringify({ recipient, chatId, content }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return vault.seal("outbox", messageId, Buffer.concat([length, json, encoded]));
}

function openMessage(vault: Vault, messageId: string, sealed: Buffer): MessageBody {
  const bytes = vault.open("outbox", messageId, sealed);
  const end = LENGTH_BYTES + bytes.readUInt32BE();
  const json = JSON.parse(bytes.subarray(LENGTH_BYTES, end).toString()) as Omit<MessageBody, "encoded">;
  return { ...json, encoded: bytes.subarray(end) };
}

/** Call its writing methods inside work given to the Writer. */
export class OutboxTable {
  readonly #tenants: TenantTable;
  readonly #get;
  readonly #insert;
  readonly #update;
  readonly #open;
  readonly #openOf;
  readonly #oldest;
  readonly #prune;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#get = db.prepare<[string, string], RawRow>("SELECT * FROM outbox WHERE tenant_id = ? AND message_id = ?");
    this.#insert = db.prepare(`
      INSERT INTO outbox (tenant_id, message_id, pairing_id, sealed, status, accepted_ms)
      VALUES (@tenantId, @messageId, @pairingId, @sealed, 'accepted', @acceptedAtMs)
      ON CONFLICT (tenant_id, message_id) DO NOTHING`);
    this.#update = db.prepare("UPDATE outbox SET status = ?, whatsapp_error = ? WHERE tenant_id = ? AND message_id = ?");
    this.#open = db.prepare<[], RawRow>("SELECT * FROM outbox WHERE status = 'accepted' ORDER BY id");
    this.#openOf = db.prepare<[string, number], RawRow>("SELECT * FROM outbox WHERE status = 'accepted' AND tenant_id = ? AND accepted_ms < ? ORDER BY id");
    this.#oldest = db.prepare<[number], { id: number; accepted_ms: number; status: string }>("SELECT id, accepted_ms, status FROM outbox ORDER BY id LIMIT ?");
    this.#prune = db.prepare("DELETE FROM outbox WHERE id <= ?");
  }

  get(tenantId: string, messageId: string): OutboxRow | undefined {
    const raw = this.#get.get(tenantId, messageId);
    return raw === undefined ? undefined : this.#toRow(raw);
  }

  /** Records a message as accepted; false when its id is taken, and then nothing is recorded. */
  insert(message: NewMessage): boolean {
    const { tenantId, messageId, pairingId, acceptedAtMs } = message;
    const sealed = sealMessage(this.#tenants.vault(tenantId), messageId, message);
    return this.#insert.run({ tenantId, messageId, pairingId, sealed, acceptedAtMs }).changes === 1;
  }

  /** Moves a message on. Answers the row as it then is, or undefined when that is no step forward. */
  advance(tenantId: string, messageId: string, status: MessageStatus, whatsappError?: number): OutboxRow | undefined {
    const row = this.get(tenantId, messageId);
    if (row === undefined || !mayBecome(row.status, status)) return undefined;
    this.#update.run(status, whatsappError ?? null, tenantId, messageId);
    return { ...row, status, whatsappError };
  }

  /** Messages nobody knows the fate of, in the order they were accepted. */
  open(): OutboxRow[] {
    return this.#open.all().flatMap((raw) => this.#toRow(raw) ?? []);
  }

  /** A tenant's messages nobody knows the fate of, accepted before a time. */
  openOf(tenantId: string, beforeMs: number): OutboxRow[] {
    return this.#openOf.all(tenantId, beforeMs).flatMap((raw) => this.#toRow(raw) ?? []);
  }

  /** Deletes up to `limit` messages accepted before a time, oldest first; answers how many. */
  prune(beforeMs: number, limit: number): number {
    let last: number | undefined;
    for (const row of this.#oldest.all(limit)) {
      if (row.accepted_ms >= beforeMs || row.status === "accepted") break;
      last = row.id;
    }
    return last === undefined ? 0 : this.#prune.run(last).changes;
  }

  /** Undefined when the key the message was sealed with is gone: its tenant was erased. */
  #toRow(raw: RawRow): OutboxRow | undefined {
    const body = this.#bodyOf(raw);
    if (body === undefined) return undefined;
    return {
      tenantId: raw.tenant_id,
      messageId: raw.message_id,
      pairingId: raw.pairing_id,
      ...body,
      status: raw.status as MessageStatus,
      whatsappError: raw.whatsapp_error ?? undefined,
      acceptedAtMs: raw.accepted_ms,
    };
  }

  #bodyOf(raw: RawRow): MessageBody | undefined {
    const vault = this.#tenants.known(raw.tenant_id);
    try {
      return vault === undefined ? undefined : openMessage(vault, raw.message_id, raw.sealed);
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  }
}
