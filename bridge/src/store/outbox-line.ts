/**
 * The lines messages wait in: one for each chat, in the order of acceptance. Only the first of a line may leave, so what
 * is held up holds up its chat and no other. What is scheduled or paused stands in no line until its time has come.
 *
 * Everything is asked of indexes: a hundred thousand waiting messages cost as much as ten.
 */
import type { HoldReason } from "../rpc/contract.gen.js";
import type { Database } from "./database.js";
import type { OutboxRow, Stage } from "./outbox-row.js";
import type { TenantTable } from "./tenants.js";

/** Of a message that handles itself by time. */
export interface Waking {
  id: number;
  tenantId: string;
  messageId: string;
  stage: Stage;
  expired: boolean;
  expiresAtMs: number | undefined;
}

/** An address in use is marked as used at most so often. */
const USED_EVERY_MS = 24 * 3_600_000;

interface RawWaking {
  id: number;
  tenant_id: string;
  message_id: string;
  stage: string;
  expires_ms: number | null;
}

/** Call its writing methods inside work given to the Writer. */
export class OutboxLine {
  readonly #tenants: TenantTable;
  readonly #head;
  readonly #following;
  readonly #setStage;
  readonly #demote;
  readonly #ready;
  readonly #handed;
  readonly #park;
  readonly #unpark;
  readonly #unparkUntimed;
  readonly #recall;
  readonly #recallAll;
  readonly #waking;
  readonly #nextWake;
  readonly #due;
  readonly #schedule;
  readonly #chatOf;
  readonly #address;
  readonly #join;
  readonly #joinAddresses;
  readonly #setChat;
  readonly #rerank;
  readonly #unparkChat;
  readonly #parkedOf;
  readonly #ahead;
  readonly #pruneAddresses;

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#head = db.prepare<[number], { id: number; stage: string }>("SELECT id, stage FROM outbox WHERE chat = ? AND stage IS NOT NULL AND stage IN ('queued', 'ready', 'parked') ORDER BY id LIMIT 1");
    this.#following = db.prepare<[number, number], { id: number; stage: string }>("SELECT id, stage FROM outbox WHERE chat = ? AND id > ? AND stage IS NOT NULL AND stage IN ('queued', 'ready', 'parked') ORDER BY id LIMIT 1");
    this.#setStage = db.prepare("UPDATE outbox SET stage = ?, hold = NULL, wake_ms = expires_ms WHERE id = ?");
    this.#demote = db.prepare("UPDATE outbox SET stage = 'queued', hold = NULL, wake_ms = expires_ms WHERE chat = ? AND stage IS NOT NULL AND stage IN ('ready', 'parked') AND id > ?");
    this.#ready = db.prepare<[number, number], { id: number }>("SELECT id FROM outbox WHERE stage = 'ready' AND pairing_id = ? ORDER BY rank, id LIMIT ?");
    this.#handed = db.prepare<[number], { id: number; chat: number }>("SELECT id, chat FROM outbox WHERE stage = 'handed' AND pairing_id = ? ORDER BY id");
    this.#park = db.prepare("UPDATE outbox SET stage = 'parked', hold = ?, wake_ms = min(coalesce(expires_ms, 9e15), coalesce(?, 9e15)) WHERE id = ? AND stage = 'ready'");
    this.#unpark = db.prepare<[number, number, number], { id: number }>("UPDATE outbox SET stage = 'ready', hold = NULL, wake_ms = expires_ms WHERE id IN (SELECT id FROM outbox WHERE stage = 'parked' AND pairing_id = ? AND id > ? ORDER BY id LIMIT ?) RETURNING id");
    this.#unparkUntimed = db.prepare<[number, number]>("UPDATE outbox SET stage = 'ready', hold = NULL, wake_ms = expires_ms WHERE id IN (SELECT id FROM outbox WHERE stage = 'parked' AND pairing_id = ? AND wake_ms IS expires_ms ORDER BY id LIMIT ?)");
    this.#recall = db.prepare("UPDATE outbox SET wake_ms = ? WHERE id = ? AND stage = 'handed'");
    this.#recallAll = db.prepare("UPDATE outbox SET wake_ms = expires_ms WHERE stage = 'handed' AND wake_ms IS NULL");
    this.#waking = db.prepare<[number, number], RawWaking>("SELECT id, tenant_id, message_id, stage, expires_ms FROM outbox WHERE wake_ms <= ? ORDER BY wake_ms, id LIMIT ?");
    this.#nextWake = db.prepare<[], { wake_ms: number }>("SELECT wake_ms FROM outbox WHERE wake_ms IS NOT NULL ORDER BY wake_ms LIMIT 1");
    this.#due = db.prepare<[number], { chat: number }>("UPDATE outbox SET stage = 'queued', wake_ms = expires_ms WHERE id = ? AND stage IN ('scheduled', 'paused') RETURNING chat");
    this.#schedule = db.prepare("UPDATE outbox SET stage = 'scheduled', wake_ms = min(send_at_ms, coalesce(expires_ms, send_at_ms)) WHERE id = ? AND stage = 'paused'");
    this.#chatOf = db.prepare<[string, Buffer], { chat: number; used_ms: number }>("SELECT chat, used_ms FROM outbox_address WHERE tenant_id = ? AND mark = ?");
    this.#address = db.prepare("INSERT INTO outbox_address (tenant_id, mark, chat, used_ms) VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, mark) DO UPDATE SET chat = excluded.chat, used_ms = excluded.used_ms");
    this.#join = db.prepare("UPDATE outbox SET chat = ? WHERE chat = ? AND stage IS NOT NULL AND tenant_id = ?");
    this.#joinAddresses = db.prepare("UPDATE outbox_address SET chat = ? WHERE chat = ?");
    this.#setChat = db.prepare("UPDATE outbox SET chat = ? WHERE id = ?");
    this.#rerank = db.prepare("UPDATE outbox SET rank = ? WHERE chat = ? AND stage IS NOT NULL AND stage IN ('queued', 'ready', 'parked') AND batch_id IS NULL");
    this.#ahead = db.prepare<[number, string, number, number], { messages: number }>(
      "SELECT COUNT(*) AS messages FROM outbox WHERE pairing_id = ? AND stage IS NOT NULL AND stage IN ('ready', 'parked') AND coalesce(hold, 'paced') = ? AND (rank, id) < (?, ?)",
    );
    this.#parkedOf = db.prepare<[number], { newChats: number; nextMs: number | null }>(`
      SELECT COUNT(*) FILTER (WHERE hold IN ('restricted', 'new_chat_limit')) AS newChats, MIN(wake_ms) FILTER (WHERE hold IN ('paced', 'new_chat_limit')) AS nextMs
      FROM outbox WHERE stage = 'parked' AND pairing_id = ?`);
    this.#unparkChat = db.prepare("UPDATE outbox SET stage = 'ready', hold = NULL, wake_ms = expires_ms WHERE chat = ? AND stage IS NOT NULL AND stage = 'parked'");
    this.#pruneAddresses = db.prepare<[number, number]>(`
      DELETE FROM outbox_address WHERE (tenant_id, mark) IN (
        SELECT tenant_id, mark FROM outbox_address a WHERE a.used_ms < ? AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.chat = a.chat AND o.stage IS NOT NULL) LIMIT ?)`);
  }

  /** The first of a chat's line. */
  head(chat: number): { id: number; stage: Stage } | undefined {
    return this.#head.get(chat) as { id: number; stage: Stage } | undefined;
  }

  /** The message right behind another in a chat's line; undefined when there is none. */
  following(chat: number, id: number): number | undefined {
    return this.#following.get(chat, id)?.id;
  }

  /** Makes the first of a chat's line ready, if it is not. */
  promote(chat: number): void {
    const head = this.#head.get(chat);
    if (head?.stage === "queued") this.#setStage.run("ready", head.id);
  }

  /** Messages that may be asked for, the first `limit` by rank and acceptance. */
  readyIds(pairingId: number, limit: number): number[] {
    return this.#ready.all(pairingId, limit).map(({ id }) => id);
  }

  /** Messages that were handed over and have no answer, in the order of acceptance. */
  handed(pairingId: number): { id: number; chat: number }[] {
    return this.#handed.all(pairingId);
  }

  /** How many heads of chats that wait for the same reason leave before a message. */
  ahead({ id, pairingId, rank }: Pick<OutboxRow, "id" | "pairingId" | "rank">, hold: HoldReason): number {
    return this.#ahead.get(pairingId, hold, rank, id)?.messages ?? 0;
  }

  /** Of a pairing's parked messages: how many wait for new chats to be possible, and when the first is due. */
  parkedOf(pairingId: number): { newChats: number; nextMs: number | undefined } {
    const row = this.#parkedOf.get(pairingId);
    return { newChats: row?.newChats ?? 0, nextMs: row?.nextMs ?? undefined };
  }

  /** A message that is ready may not leave before a time, or until it is unparked. */
  park(id: number, hold: HoldReason | undefined, untilMs: number | undefined): void {
    this.#park.run(hold ?? null, untilMs ?? null, id);
  }

  /**
   * Lets up to `limit` parked messages after one be asked for again.
   * @returns the last of them; undefined when there was none.
   */
  unpark(pairingId: number, afterId: number, limit: number): number | undefined {
    const ids = this.#unpark.all(pairingId, afterId, limit).map(({ id }) => id);
    return ids.length === 0 ? undefined : Math.max(...ids);
  }

  /** Lets up to `limit` parked messages that have no time of their own be asked for again; answers how many. */
  unparkUntimed(pairingId: number, limit: number): number {
    return this.#unparkUntimed.run(pairingId, limit).changes;
  }

  /** When the next message is due, may be asked for again or expires, in unix ms. */
  nextWakeMs(): number | undefined {
    return this.#nextWake.get()?.wake_ms;
  }

  /** Messages to which something happens now. */
  waking(nowMs: number, limit: number): Waking[] {
    return this.#waking.all(nowMs, limit).map((raw) => ({
      id: raw.id,
      tenantId: raw.tenant_id,
      messageId: raw.message_id,
      stage: raw.stage as Stage,
      expired: raw.expires_ms !== null && raw.expires_ms <= nowMs,
      expiresAtMs: raw.expires_ms ?? undefined,
    }));
  }

  /** A message that was scheduled or paused takes its place in its line, before what was accepted after it. */
  enter(id: number): void {
    const due = this.#due.get(id);
    if (due === undefined) return;
    const head = this.#head.get(due.chat);
    if (head?.id === id) this.#demote.run(due.chat, id);
    this.promote(due.chat);
  }

  /** A message that was paused waits for its time again. */
  schedule(id: number): void {
    this.#schedule.run(id);
  }

  /** One that was handed over is looked at again at a time. */
  recall(id: number, atMs: number): void {
    this.#recall.run(atMs, id);
  }

  /** Those a version of before handed over are looked at when they expire. */
  recallAll(): void {
    this.#recallAll.run();
  }

  /** A parked message may be asked for again. */
  wake(id: number): void {
    this.#setStage.run("ready", id);
  }

  /** The chat some addresses stand for; undefined when none of them was written to before. Different chats become one. */
  chatOf(tenantId: string, addresses: readonly string[], nowMs: number): number | undefined {
    const known = this.#marks(tenantId, addresses).map((mark) => ({ mark, row: this.#chatOf.get(tenantId, mark) }));
    const chats = [...new Set(known.flatMap(({ row }) => (row === undefined ? [] : [row.chat])))].sort((a, b) => a - b);
    const [chat, ...others] = chats;
    if (chat === undefined) return undefined;
    for (const other of others) this.#merge(tenantId, chat, other);
    for (const { mark, row } of known) {
      if (row?.chat !== chat || nowMs - row.used_ms > USED_EVERY_MS) this.#address.run(tenantId, mark, chat, nowMs);
    }
    return chat;
  }

  /** Begins a line for a chat nobody wrote to before, named by its first message. */
  open(tenantId: string, id: number, addresses: readonly string[], nowMs: number): void {
    this.#setChat.run(id, id);
    for (const mark of this.#marks(tenantId, addresses)) this.#address.run(tenantId, mark, id, nowMs);
  }

  /** Somebody wrote in a chat: what waits there is an answer now. It is asked for again, and before others unless it is of a batch. */
  answers(tenantId: string, addresses: readonly string[], rank: number): void {
    const vault = this.#tenants.vault(tenantId);
    const chats = new Set(addresses.flatMap((address) => this.#chatOf.get(tenantId, vault.digest("chat", address))?.chat ?? []));
    for (const chat of chats) {
      this.#unparkChat.run(chat);
      this.#rerank.run(rank, chat);
    }
  }

  /** Forgets up to `limit` addresses nobody wrote to since a time; answers how many. */
  pruneAddresses(beforeMs: number, limit: number): number {
    return this.#pruneAddresses.run(beforeMs, limit).changes;
  }

  #marks(tenantId: string, addresses: readonly string[]): Buffer[] {
    const vault = this.#tenants.vault(tenantId);
    return [...new Set(addresses)].map((address) => vault.digest("chat", address));
  }

  /** Two chats turn out to be one. */
  #merge(tenantId: string, chat: number, other: number): void {
    this.#joinAddresses.run(chat, other);
    this.#join.run(chat, other, tenantId);
    const head = this.#head.get(chat);
    if (head === undefined) return;
    this.#demote.run(chat, head.id);
    this.promote(chat);
  }
}
