/**
 * Whose turn it is among messages that are no replies. Known chats go first, then strangers, then batches; but whoever was
 * passed over often enough gets a turn, so that nothing waits for ever behind a steady stream.
 */

export type Lane = "known" | "fresh" | "batch";
const LANES: readonly Lane[] = ["known", "fresh", "batch"];

/** Replies rank 0. Nothing ranks after this. */
export const LAST_RANK = 2 + LANES.length;

/** So many of the other lanes may leave before one of this does. */
const PATIENCE = 4;

/** So long a turn is kept for a lane that may not come: its message may be gone. Longer than the dispatcher waits idly. */
const KEPT_MS = 6000;

export class LaneTurns {
  /** Messages of the other lanes that left since one of this did. */
  readonly #passedOver: Record<Lane, number> = { known: 0, fresh: 0, batch: 0 };
  /** From when on a lane could go, as those that asked were told. */
  readonly #wanted = new Map<Lane, number>();
  #keeping = false;

  /** Where a lane stands in the order: smaller goes first. */
  rank(lane: Lane): number {
    const rank = 2 + LANES.indexOf(lane);
    const passed = this.#passedOver[lane];
    // Whoever was passed over most often goes first, so that two impatient lanes take turns.
    return passed < PATIENCE ? rank : 2 - passed / (passed + 1) + rank / 1e6;
  }

  /** A lane asked and was told to come back at a time. */
  wants(lane: Lane, atMs: number): void {
    this.#wanted.set(lane, Math.min(atMs, this.#wanted.get(lane) ?? Infinity));
  }

  /** Until when a lane that could go now lets another go first; undefined when it need not. */
  yieldUntil(lane: Lane, nowMs: number): number | undefined {
    for (const other of LANES) {
      const fromMs = this.#wanted.get(other);
      if (other === lane || fromMs === undefined || fromMs > nowMs) continue;
      if (fromMs + KEPT_MS <= nowMs) this.#wanted.delete(other);
      else if (this.#passedOver[other] >= PATIENCE && this.#passedOver[other] > this.#passedOver[lane]) {
        this.#keeping = true;
        return fromMs + KEPT_MS;
      }
    }
    return undefined;
  }

  /** One of a lane left. @returns true when others were kept waiting for it. */
  took(lane: Lane): boolean {
    for (const each of LANES) this.#passedOver[each] = each === lane ? 0 : this.#passedOver[each] + 1;
    this.#wanted.delete(lane);
    const kept = this.#keeping;
    this.#keeping = false;
    return kept;
  }
}
