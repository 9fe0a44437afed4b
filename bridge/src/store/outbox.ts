/**
 * Messages the gateway sends, sealed by their tenant's key, and what became of each. A row stands before its sender has
 * an answer, and everything that happens to it is in it before anybody is told. Which one may leave next is
 * outbox-line.ts; lists for callers are outbox-lists.ts.
 */
import type { MessageStatus } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import { OutboxLine } from "./outbox-line.js";
import { builtName, mayBecome, openRow, requestName, sealBuilt, sealRequest, SELECT_ROW, WAITING, type BuiltMessage, type FailureCode, type NewMessage, type OutboxRow, type RawRow, type Stage } from "./outbox-row.js";
import type { RecentContents } from "./recent-contents.js";
import type { TenantTable } from "./tenants.js";

/** What changes together with a status. */
export interface Circumstances {
  nowMs: number;
  failure?: FailureCode | undefined;
  whatsappError?: number | undefined;
}

/** Which time a status is the beginning of. */
const TIME_OF: Partial<Record<MessageStatus, { column: string; field: "sentAtMs" | "deliveredAtMs" | "readAtMs" | "playedAtMs" | "failedAtMs" }>> = {
  sent: { column: "sent_ms", field: "sentAtMs" },
  delivered: { column: "delivered_ms", field: "deliveredAtMs" },
  read: { column: "read_ms", field: "readAtMs" },
  played: { column: "played_ms", field: "playedAtMs" },
  failed: { column: "failed_ms", field: "failedAtMs" },
};

/** Call its writing methods inside work given to the Writer. */
export class OutboxTable {
  readonly line: OutboxLine;
  readonly #tenants: TenantTable;
  readonly #recent: RecentContents;
  readonly #get;
  readonly #byId;
  readonly #exists;
  readonly #stageOf;
  readonly #insert;
  readonly #insertBody;
  readonly #idOf;
  readonly #setBuilt;
  readonly #hand;
  readonly #again;
  readonly #fault;
  readonly #advance: ReadonlyMap<MessageStatus, ReturnType<Database["prepare"]>>;
  readonly #stranded;
  readonly #openOf;
  readonly #ended;
  readonly #prune;
  readonly #waiting;

  constructor(db: Database, tenants: TenantTable, recent: RecentContents) {
    this.#tenants = tenants;
    this.#recent = recent;
    this.line = new OutboxLine(db, tenants);
    this.#get = db.prepare<[string, string], RawRow>(`${SELECT_ROW} WHERE o.tenant_id = ? AND o.message_id = ?`);
    this.#byId = db.prepare<[number], RawRow>(`${SELECT_ROW} WHERE o.id = ?`);
    this.#exists = db.prepare<[number]>("SELECT 1 FROM outbox WHERE id = ?");
    this.#stageOf = db.prepare<[number], { stage: string | null }>("SELECT stage FROM outbox WHERE id = ?");
    this.#idOf = db.prepare<[string, string], { id: number }>("SELECT id FROM outbox WHERE tenant_id = ? AND message_id = ?");
    this.#insert = db.prepare(`
      INSERT INTO outbox (tenant_id, message_id, pairing_id, batch_id, type, chat, rank, status, stage, wake_ms, accepted_ms, send_at_ms, expires_ms, hold_uncertain)
      VALUES (@tenantId, @messageId, @pairingId, @batchId, @type, @chat, @rank, 'accepted', @stage, @wakeMs, @acceptedAtMs, @sendAtMs, @expiresAtMs, @holdUncertain)`);
    this.#insertBody = db.prepare("INSERT INTO outbox_body (outbox_id, request, built) VALUES (?, ?, ?)");
    this.#setBuilt = db.prepare("UPDATE outbox_body SET built = ? WHERE outbox_id = ?");
    this.#hand = db.prepare<[number | null, number], { chat: number }>(`
      UPDATE outbox SET stage = 'handed', wake_ms = expires_ms, hold = NULL, has_ciphers = 1, tries = 1, recipient_count = ?
      WHERE id = ? AND stage IN ('queued', 'ready', 'parked', 'paused') RETURNING chat`);
    this.#again = db.prepare("UPDATE outbox SET tries = tries + 1 WHERE id = ? AND stage = 'handed'");
    this.#fault = db.prepare("UPDATE outbox SET faults = faults + 1 WHERE id = ?");
    const advance = (time: string | undefined): ReturnType<Database["prepare"]> => db.prepare(`
      UPDATE outbox SET status = @status, stage = NULL, wake_ms = NULL, hold = NULL, settled_ms = coalesce(settled_ms, @nowMs),
        failure = @failure, whatsapp_error = @whatsappError ${time === undefined ? "" : `, ${time} = @nowMs`} WHERE id = @id`);
    const statuses: MessageStatus[] = ["unknown", "sent", "failed", "delivered", "read", "played"];
    this.#advance = new Map(statuses.map((status) => [status, advance(TIME_OF[status]?.column)]));
    this.#stranded = db.prepare<[number], RawRow>(`${SELECT_ROW} WHERE o.stage = 'stranded' ORDER BY o.id LIMIT ?`);
    this.#openOf = db.prepare<[number, number], RawRow>(`${SELECT_ROW} WHERE o.stage IS NOT NULL AND o.pairing_id = ? ORDER BY o.id LIMIT ?`);
    this.#ended = db.prepare<[], { pairing_id: number }>("SELECT DISTINCT o.pairing_id FROM outbox o JOIN pairing p ON p.id = o.pairing_id WHERE o.stage IS NOT NULL AND p.wrapped_key IS NULL");
    this.#prune = db.prepare<[number, number], { tenant_id: string; message_id: string }>("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE settled_ms < ? ORDER BY settled_ms LIMIT ?) RETURNING tenant_id, message_id");
    this.#waiting = db.prepare<[string], { waiting: number; batched: number }>("SELECT waiting, batched FROM outbox_load WHERE tenant_id = ?");
  }

  get(tenantId: string, messageId: string): OutboxRow | undefined {
    return this.#toRow(this.#get.get(tenantId, messageId));
  }

  byId(id: number): OutboxRow | undefined {
    return this.#toRow(this.#byId.get(id));
  }

  /** True while a message is kept. */
  exists(id: number): boolean {
    return this.#exists.get(id) !== undefined;
  }

  /** Where a message is; undefined when it is not accepted any more. */
  stageOf(id: number): Stage | undefined {
    return (this.#stageOf.get(id)?.stage ?? undefined) as Stage | undefined;
  }

  /** True while a message was not handed over. */
  isWaiting(id: number): boolean {
    const stage = this.stageOf(id);
    return stage !== undefined && WAITING.includes(stage);
  }

  /** How many messages of a tenant were not handed over yet: its batches' apart. */
  waiting(tenantId: string): { single: number; batched: number } {
    const row = this.#waiting.get(tenantId);
    return { single: row?.waiting ?? 0, batched: row?.batched ?? 0 };
  }

  /** True when any message of a tenant was not handed over yet. */
  anyWaiting(tenantId: string): boolean {
    const { single, batched } = this.waiting(tenantId);
    return single + batched > 0;
  }

  /** Accepts a message: it takes its place in the line of its chat. Undefined when its id is taken, and then nothing is recorded. */
  insert(message: NewMessage): OutboxRow | undefined {
    const { tenantId, messageId, sendAtMs, expiresAtMs, acceptedAtMs, request } = message;
    if (this.#idOf.get(tenantId, messageId) !== undefined) return undefined;
    const vault = this.#tenants.vault(tenantId);
    const chat = this.line.chatOf(tenantId, message.addresses, acceptedAtMs);
    const scheduled = sendAtMs !== undefined && sendAtMs > acceptedAtMs;
    const stage: Stage = message.paused === true ? "paused" : scheduled ? "scheduled" : chat !== undefined && this.line.head(chat) !== undefined ? "queued" : "ready";
    const result = this.#insert.run({
      tenantId,
      messageId,
      pairingId: message.pairingId,
      batchId: message.batchId ?? null,
      type: request.content.type,
      chat: chat ?? 0,
      rank: message.rank,
      stage,
      wakeMs: stage === "scheduled" ? Math.min(sendAtMs ?? expiresAtMs, expiresAtMs) : expiresAtMs,
      acceptedAtMs,
      sendAtMs: sendAtMs ?? null,
      expiresAtMs,
      holdUncertain: message.holdWhenUncertain ? 1 : 0,
    });
    const id = Number(result.lastInsertRowid);
    if (chat === undefined) this.line.open(tenantId, id, message.addresses, acceptedAtMs);
    const sealed = { request: sealRequest(vault, messageId, request), built: message.built === undefined ? null : sealBuilt(vault, messageId, message.built) };
    this.#insertBody.run(id, sealed.request, sealed.built);
    this.#recent.put(requestName(id), sealed.request, request);
    if (message.built !== undefined && sealed.built !== null) this.#recent.put(builtName(id), sealed.built, message.built);
    return this.byId(id);
  }

  /** Accepts several, all or none. @throws Error when an id is taken: the work it runs in is undone. */
  insertMany(messages: readonly NewMessage[]): OutboxRow[] {
    return messages.map((message) => {
      const row = this.insert(message);
      if (row === undefined) throw new Error("a message's id is taken");
      return row;
    });
  }

  /** Keeps what a message was built to. From here on nothing of it changes. */
  setBuilt(row: Pick<OutboxRow, "id" | "tenantId" | "messageId">, built: BuiltMessage): void {
    this.#setBuilt.run(sealBuilt(this.#tenants.vault(row.tenantId), row.messageId, built), row.id);
  }

  /**
   * The first ciphertext of a message was made: from here on it may have reached somebody. The next in its line is ready.
   * @param recipientCount people in a group or story.
   * @returns false when it was handed over before.
   */
  hand(id: number, recipientCount: number | undefined): boolean {
    const handed = this.#hand.get(recipientCount ?? null, id);
    if (handed === undefined) return false;
    this.line.promote(handed.chat);
    return true;
  }

  /** It is about to be handed over once more. */
  countTry(id: number): void {
    this.#again.run(id);
  }

  /** It could not be handed over. */
  countFault(id: number): void {
    this.#fault.run(id);
  }

  /** The row of an id, without opening it; undefined when there is none. */
  idOf(tenantId: string, messageId: string): number | undefined {
    return this.#idOf.get(tenantId, messageId)?.id;
  }

  /** Moves a message on. Answers the row as it then is, or undefined when that is no step forward. */
  advance(row: OutboxRow, status: MessageStatus, { nowMs, failure, whatsappError }: Circumstances): OutboxRow | undefined {
    if (!mayBecome(row.status, status)) return undefined;
    this.#advance.get(status)?.run({ id: row.id, status, nowMs, failure: failure ?? null, whatsappError: whatsappError ?? null });
    if (row.stage !== undefined) this.line.promote(row.chat);
    const time = TIME_OF[status];
    return { ...row, status, stage: undefined, hold: undefined, wakeMs: undefined, failure, whatsappError, ...(time === undefined ? {} : { [time.field]: nowMs }) };
  }

  /** Some of the messages nobody here handed over, in the order they were accepted. */
  stranded(limit: number): OutboxRow[] {
    return this.#stranded.all(limit).flatMap((raw) => this.#toRow(raw) ?? []);
  }

  /** Some of a pairing's messages that have no answer, in the order they were accepted. */
  openOf(pairingId: number, limit: number): OutboxRow[] {
    return this.#openOf.all(pairingId, limit).flatMap((raw) => this.#toRow(raw) ?? []);
  }

  /** Pairings that are gone and still have open messages: the last process ended between the two. */
  endedPairings(): number[] {
    return this.#ended.all().map((row) => row.pairing_id);
  }

  /** Deletes up to `limit` messages that were settled before a time, the longest ago first; answers which. */
  prune(beforeMs: number, limit: number): { tenantId: string; messageId: string }[] {
    return this.#prune.all(beforeMs, limit).map((row) => ({ tenantId: row.tenant_id, messageId: row.message_id }));
  }

  #toRow(raw: RawRow | undefined): OutboxRow | undefined {
    return raw === undefined ? undefined : openRow(this.#tenants.known(raw.tenant_id), raw, this.#recent);
  }
}
