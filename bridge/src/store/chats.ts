/**
 * When somebody last wrote in a chat and when the number last wrote there: what tells an answer from a first message.
 * A chat is named by a digest under its tenant's key, so the rows say nothing about whom they are, and nothing at all
 * once the tenant is erased. A person's phone address and LID name the same chat as soon as one message carried both.
 */
import type { Database } from "./database.js";
import type { TenantTable } from "./tenants.js";

/** Unix ms, undefined for never. */
export interface ChatTimes {
  heardAtMs: number | undefined;
  wroteAtMs: number | undefined;
}

interface Row {
  same_as: Buffer | null;
  heard_ms: number | null;
  wrote_ms: number | null;
}

const NEVER: ChatTimes = { heardAtMs: undefined, wroteAtMs: undefined };

/** A running chat is not written anew for each of its messages. */
const EXACT_TO_MS = 30_000;

/** Call its writing methods inside work given to the Writer. */
export class ChatTable {
  readonly #tenants: TenantTable;
  readonly #get;
  readonly #heard;
  readonly #wrote;
  readonly #join;
  readonly #next;
  readonly #delete;
  #pruned: { tenantId: string; chat: Buffer } = { tenantId: "", chat: Buffer.alloc(0) };

  constructor(db: Database, tenants: TenantTable) {
    this.#tenants = tenants;
    this.#get = db.prepare<[string, Buffer], Row>("SELECT same_as, heard_ms, wrote_ms FROM chat WHERE tenant_id = ? AND chat = ?");
    this.#heard = db.prepare<[string, Buffer, number]>(`
      INSERT INTO chat (tenant_id, chat, heard_ms) VALUES (?, ?, ?)
      ON CONFLICT (tenant_id, chat) DO UPDATE SET heard_ms = excluded.heard_ms WHERE heard_ms IS NULL OR excluded.heard_ms > heard_ms + ${EXACT_TO_MS}`);
    this.#wrote = db.prepare<[string, Buffer, number]>(`
      INSERT INTO chat (tenant_id, chat, wrote_ms) VALUES (?, ?, ?)
      ON CONFLICT (tenant_id, chat) DO UPDATE SET wrote_ms = excluded.wrote_ms WHERE wrote_ms IS NULL OR excluded.wrote_ms > wrote_ms + ${EXACT_TO_MS}`);
    this.#join = db.prepare<[Buffer, string, Buffer]>("UPDATE chat SET same_as = ? WHERE tenant_id = ? AND chat = ?");
    this.#next = db.prepare<[string, Buffer, number], { tenant_id: string; chat: Buffer; last_ms: number }>(`
      SELECT tenant_id, chat, MAX(COALESCE(heard_ms, 0), COALESCE(wrote_ms, 0)) AS last_ms FROM chat
      WHERE (tenant_id, chat) > (?, ?) ORDER BY tenant_id, chat LIMIT ?`);
    this.#delete = db.prepare<[string, Buffer]>("DELETE FROM chat WHERE tenant_id = ? AND chat = ?");
  }

  /**
   * Somebody wrote in a chat.
   * @param account the tenant's own number: another number of the same tenant has chats of its own.
   * @param addresses every address of the chat that is known: a person's LID and phone JID, or the group's JID.
   */
  heard(tenantId: string, account: string, addresses: readonly string[], atMs: number): void {
    for (const chat of this.#namesOf(tenantId, account, addresses)) this.#heard.run(tenantId, chat, atMs);
  }

  /** The number wrote in a chat, through this gateway or on its phone. Parameters as for `heard`. */
  wrote(tenantId: string, account: string, addresses: readonly string[], atMs: number): void {
    for (const chat of this.#namesOf(tenantId, account, addresses)) this.#wrote.run(tenantId, chat, atMs);
  }

  times(tenantId: string, account: string, address: string): ChatTimes {
    const vault = this.#tenants.known(tenantId);
    if (vault === undefined) return NEVER;
    const row = this.#get.get(tenantId, vault.digest("chat", `${account}|${address}`));
    const sameAs = row?.same_as ?? undefined;
    const main = sameAs === undefined ? row : (this.#get.get(tenantId, sameAs) ?? row);
    return main === undefined ? NEVER : { heardAtMs: main.heard_ms ?? undefined, wroteAtMs: main.wrote_ms ?? undefined };
  }

  /** Deletes chats silent since before a time among the next `limit` ones; answers how many it looked at. */
  prune(beforeMs: number, limit: number): number {
    const rows = this.#next.all(this.#pruned.tenantId, this.#pruned.chat, limit);
    for (const row of rows) if (row.last_ms < beforeMs) this.#delete.run(row.tenant_id, row.chat);
    const last = rows.at(-1);
    this.#pruned = rows.length < limit || last === undefined ? { tenantId: "", chat: Buffer.alloc(0) } : { tenantId: last.tenant_id, chat: last.chat };
    return rows.length;
  }

  /** The rows a chat is known under, the one that counts first. The first address is the main one from now on. */
  #namesOf(tenantId: string, account: string, addresses: readonly string[]): Buffer[] {
    const vault = this.#tenants.vault(tenantId);
    const names = addresses.map((address) => vault.digest("chat", `${account}|${address}`));
    const [main, ...others] = names;
    if (main === undefined) return [];
    const sameAs = this.#get.get(tenantId, main)?.same_as ?? undefined;
    if (others.length === 0) return sameAs === undefined ? [main] : [sameAs, main];
    for (const other of others) this.#unite(tenantId, main, other);
    return names;
  }

  /** Makes one chat a second name of another and hands on what it knew. */
  #unite(tenantId: string, main: Buffer, other: Buffer): void {
    const row = this.#get.get(tenantId, other);
    if (row?.same_as?.equals(main) === true) return;
    if (typeof row?.heard_ms === "number") this.#heard.run(tenantId, main, row.heard_ms);
    if (typeof row?.wrote_ms === "number") this.#wrote.run(tenantId, main, row.wrote_ms);
    if (row === undefined) this.#heard.run(tenantId, other, 0);
    this.#join.run(main, tenantId, other);
  }
}
