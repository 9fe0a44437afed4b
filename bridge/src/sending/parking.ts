/**
 * Where messages wait that may not leave for a while: in the store, out of a lane's window. Of a great many that are held
 * back until about the same time only some are woken by it; the others follow as those leave, so that a limit which lets
 * one pass does not wake a hundred thousand.
 */
import type { Logger } from "../log.js";
import type { HoldReason } from "../rpc/contract.gen.js";
import type { OutboxRow } from "../store/outbox-row.js";
import type { Store } from "../store/store.js";

export interface ParkingDeps {
  store: Store;
  log: Logger;
  /** A message was given a time. */
  note: (wakeMs: number | undefined) => void;
}

/** Parked messages with a time of their own. */
const TIMED = 64;

export class Parking {
  readonly #deps: ParkingDeps;
  readonly #pairingId: number;
  readonly #onReady: () => void;
  readonly #timed = new Set<number>();
  #hasOthers = false;
  #fetching = false;

  /** @param onReady called when parked messages may be asked for again. */
  constructor(deps: ParkingDeps, pairingId: number, onReady: () => void) {
    this.#deps = deps;
    this.#pairingId = pairingId;
    this.#onReady = onReady;
  }

  /**
   * Lets a message wait until a time, or until something is known anew.
   * @param isFault it could not be handed over.
   */
  park(row: OutboxRow, hold: HoldReason | undefined, untilMs: number | undefined, isFault = false): void {
    const { store, log, note } = this.#deps;
    const timed = untilMs !== undefined && (isFault || this.#timed.size < TIMED);
    if (timed && !isFault) this.#timed.add(row.id);
    if (!timed && untilMs !== undefined) this.#hasOthers = true;
    store.writer.soon(() => {
      if (isFault) store.outbox.countFault(row.id);
      store.outbox.line.park(row.id, hold, timed ? untilMs : undefined);
    }).then(() => {
      if (timed) note(untilMs);
      this.#onReady();
    }).catch((error: unknown) => {
      log.warn({ tenantId: row.tenantId, err: error }, "a message that waits could not be recorded");
    });
  }

  /** It is not parked any more. */
  left(id: number): void {
    this.#timed.delete(id);
  }

  /** Gives others a try when most of those with a time have left. Call it when nothing else is ready. */
  refill(): void {
    if (!this.#hasOthers || this.#fetching || this.#timed.size > TIMED / 2) return;
    const { store } = this.#deps;
    this.#fetching = true;
    store.writer.soon(() => store.outbox.line.unparkUntimed(this.#pairingId, TIMED)).then((count) => {
      this.#fetching = false;
      if (count === 0) this.#hasOthers = false;
      else this.#onReady();
    }).catch(() => {
      // The disk fails: what comes next finds it working or not.
      this.#fetching = false;
    });
  }
}
