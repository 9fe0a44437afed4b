/** Messages the gateway sends, and what became of each. A row stands before the message leaves. */
import type { MessageStatus, OutgoingMessage } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";

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
  recipient: string;
  chat_id: string;
  content: string;
  encoded: Buffer;
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
    chatId: row.chatId,
    status: row.status,
    acceptedAtMs: row.acceptedAtMs,
    ...(row.whatsappError === undefined ? {} : { whatsappError: row.whatsappError }),
  };
}

function toRow(raw: RawRow): OutboxRow {
  return {
    tenantId: raw.tenant_id,
    messageId: raw.message_id,
    pairingId: raw.pairing_id,
    recipient: raw.recipient,
    chatId: raw.chat_id,
    content: raw.content,
    encoded: raw.encoded,
    status: raw.status as MessageStatus,
    whatsappError: raw.whatsapp_error ?? undefined,
    acceptedAtMs: raw.accepted_ms,
  };
}

/** Call its writing methods inside work given to the Writer. */
export class OutboxTable {
  readonly #get;
  readonly #insert;
  readonly #update;
  readonly #open;
  readonly #openOf;
  readonly #oldest;
  readonly #prune;

  constructor(db: Database) {
    this.#get = db.prepare<[string, string], RawRow>("SELECT * FROM outbox WHERE tenant_id = ? AND message_id = ?");
    this.#insert = db.prepare(`
      INSERT INTO outbox (tenant_id, message_id, pairing_id, recipient, chat_id, content, encoded, status, accepted_ms)
      VALUES (@tenantId, @messageId, @pairingId, @recipient, @chatId, @content, @encoded, 'accepted', @acceptedAtMs)
      ON CONFLICT (tenant_id, message_id) DO NOTHING`);
    this.#update = db.prepare("UPDATE outbox SET status = ?, whatsapp_error = ? WHERE tenant_id = ? AND message_id = ?");
    this.#open = db.prepare<[], RawRow>("SELECT * FROM outbox WHERE status = 'accepted' ORDER BY id");
    this.#openOf = db.prepare<[string, number], RawRow>("SELECT * FROM outbox WHERE status = 'accepted' AND tenant_id = ? AND accepted_ms < ? ORDER BY id");
    this.#oldest = db.prepare<[number], { id: number; accepted_ms: number; status: string }>("SELECT id, accepted_ms, status FROM outbox ORDER BY id LIMIT ?");
    this.#prune = db.prepare("DELETE FROM outbox WHERE id <= ?");
  }

  get(tenantId: string, messageId: string): OutboxRow | undefined {
    const raw = this.#get.get(tenantId, messageId);
    return raw === undefined ? undefined : toRow(raw);
  }

  /** Records a message as accepted; false when its id is taken, and then nothing is recorded. */
  insert(message: NewMessage): boolean {
    return this.#insert.run(message).changes === 1;
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
    return this.#open.all().map(toRow);
  }

  /** A tenant's messages nobody knows the fate of, accepted before a time. */
  openOf(tenantId: string, beforeMs: number): OutboxRow[] {
    return this.#openOf.all(tenantId, beforeMs).map(toRow);
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
}
