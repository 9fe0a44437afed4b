/** The messages of a lane that are held in memory, out of all that wait in the store. */
import type { HoldReason } from "../rpc/contract.gen.js";
import { chatIdOf, type OutboxRow } from "../store/outbox-row.js";

/** Messages held in memory. */
export const WINDOW = 64;

export interface Waiting {
  row: OutboxRow;
  chatId: string | undefined;
  notBeforeMs: number;
  hold: HoldReason | undefined;
  /** What the governor said of its turn, and until when that is taken for granted. */
  rank: number;
  rankedUntilMs: number;
  /** Set while it is resolved or built. */
  building: AbortController | undefined;
  /** The message it follows: made, and on its way to the disk, so that this one is not called ready yet. */
  after: number | undefined;
}

/** Why a message waits, and until when if that is known. */
export interface Hold {
  reason: HoldReason;
  untilMs: number | undefined;
}

export class Window {
  readonly #entries = new Map<number, Waiting>();

  get size(): number {
    return this.#entries.size;
  }

  has(id: number): boolean {
    return this.#entries.has(id);
  }

  get(id: number): Waiting | undefined {
    return this.#entries.get(id);
  }

  all(): Waiting[] {
    return [...this.#entries.values()];
  }

  /** @param after the message it follows, when that one is not on the disk yet. */
  add(row: OutboxRow, after?: number): void {
    this.#entries.set(row.id, { row, chatId: chatIdOf(row), notBeforeMs: 0, hold: undefined, rank: row.rank, rankedUntilMs: 0, building: undefined, after });
  }

  delete(id: number): boolean {
    return this.#entries.delete(id);
  }

  clear(): void {
    for (const entry of this.#entries.values()) entry.building?.abort();
    this.#entries.clear();
  }

  /** What holds up the first that is held up. */
  get hold(): HoldReason | undefined {
    return this.all().find(({ hold }) => hold !== undefined)?.hold;
  }

  /** When the next may leave that could not at a time; Infinity when none is known. */
  nextAfter(atMs: number): number {
    return Math.min(...this.all().map(({ notBeforeMs }) => notBeforeMs).filter((eachMs) => eachMs > atMs));
  }

  /** The one that leaves last, of those that could give up their place. */
  get last(): Waiting | undefined {
    return this.all().filter(({ building }) => building === undefined).sort((a, b) => b.row.rank - a.row.rank)[0];
  }
}
