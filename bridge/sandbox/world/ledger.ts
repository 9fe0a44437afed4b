import { decodeStanza } from "../wire/codec.js";
import { toJson, type Stanza, type StanzaJson } from "../wire/stanza.js";

/** `in` is what a client sent to the server, `out` what the server sent to a client. */
export type Direction = "in" | "out";

export interface LedgerEntry {
  /** 1, 2, 3 …; never reused within a process, also not after clearing. */
  position: number;
  /** Unix time in milliseconds. */
  time: number;
  direction: Direction;
  connection: number;
  /** Device address of the logged-in account; absent while pairing. */
  jid?: string;
  tag: string;
  attrs: Record<string, string>;
  node: StanzaJson;
}

export interface LedgerQuery {
  after?: number;
  limit?: number;
  /** Digits of the account's number. */
  number?: string;
  direction?: Direction;
  tag?: string;
  type?: string;
  id?: string;
}

interface Row {
  position: number;
  time: number;
  direction: Direction;
  connection: number;
  jid: string | undefined;
  tag: string;
  attrs: Record<string, string>;
  frame: Buffer;
}

export interface LedgerBounds {
  entries: number;
  bytes: number;
}

const MAX_PAGE = 5_000;

/**
 * Every stanza in both directions, in the order handled. Two bounds, whichever is met first: a number of entries and
 * the bytes of their frames; beyond them the oldest entries go. Stanzas are kept encoded and decoded when asked for.
 */
export class Ledger {
  private rows: Row[] = [];
  /** Index in `rows` of the oldest entry; the array is compacted when half of it is dead. */
  private first = 0;
  private next = 1;
  private bytes = 0;
  private readonly waiters = new Set<() => void>();

  constructor(private readonly bounds: LedgerBounds) {}

  record(direction: Direction, connection: number, jid: string | undefined, node: Stanza, frame: Buffer): void {
    this.rows.push({ position: this.next++, time: Date.now(), direction, connection, jid, tag: node.tag, attrs: node.attrs, frame });
    this.bytes += frame.length;
    while (this.size > this.bounds.entries || (this.bytes > this.bounds.bytes && this.size > 1)) this.dropOldest();
    if (this.waiters.size > 0) this.wake();
  }

  get size(): number {
    return this.rows.length - this.first;
  }

  /** Position of the newest entry, 0 when there never was one. */
  get last(): number {
    return this.next - 1;
  }

  clear(): void {
    this.rows = [];
    this.first = 0;
    this.bytes = 0;
  }

  /** Matching entries after a position, oldest first, and the position to continue from; one too high is the newest. */
  query(query: LedgerQuery): { entries: LedgerEntry[]; cursor: number } {
    const limit = Math.min(query.limit ?? 500, MAX_PAGE);
    const entries: LedgerEntry[] = [];
    const oldest = this.rows[this.first]?.position ?? this.next;
    let cursor = Math.min(Math.max(query.after ?? 0, oldest - 1), this.last);
    for (let i = this.first + (cursor + 1 - oldest); i < this.rows.length && entries.length < limit; i++) {
      const row = this.rows[i];
      if (!row) break;
      cursor = row.position;
      if (matches(row, query)) entries.push(present(row));
    }
    return { entries, cursor };
  }

  /** As `query`, but waits up to `waitMs` for a first match. */
  async poll(query: LedgerQuery, waitMs: number): Promise<{ entries: LedgerEntry[]; cursor: number }> {
    const deadline = Date.now() + waitMs;
    let result = this.query(query);
    while (result.entries.length === 0 && Date.now() < deadline) {
      await this.changed(deadline - Date.now());
      result = this.query({ ...query, after: result.cursor });
    }
    return result;
  }

  private changed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.waiters.add(done);
    });
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  private dropOldest(): void {
    const row = this.rows[this.first++];
    this.bytes -= row?.frame.length ?? 0;
    if (this.first > 1024 && this.first * 2 > this.rows.length) {
      this.rows = this.rows.slice(this.first);
      this.first = 0;
    }
  }
}

function matches(row: Row, query: LedgerQuery): boolean {
  if (query.direction && row.direction !== query.direction) return false;
  if (query.tag && row.tag !== query.tag) return false;
  if (query.type && row.attrs["type"] !== query.type) return false;
  if (query.id && row.attrs["id"] !== query.id) return false;
  return !query.number || row.jid?.split(/[:@]/, 1)[0] === query.number;
}

function present(row: Row): LedgerEntry {
  const { position, time, direction, connection, jid, tag, attrs } = row;
  const entry = { position, time, direction, connection, tag, attrs, node: toJson(decodeStanza(row.frame)) };
  return jid === undefined ? entry : { ...entry, jid };
}
