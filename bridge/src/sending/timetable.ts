/**
 * What happens to waiting messages by time: they are due, may be asked for again, or expire. One timer for all of them,
 * set by what stands in the store, so that a restart forgets nothing.
 */
import type { Logger } from "../log.js";
import type { Waking } from "../store/outbox-line.js";
import type { Store } from "../store/store.js";
import type { Deliveries } from "../whatsapp/deliveries.js";
import { Timers } from "../whatsapp/timers.js";

export interface TimetableDeps {
  store: Store;
  deliveries: Deliveries;
  log: Logger;
  /** True when a message is just being handed over: it is left alone. */
  isLeaving: (tenantId: string, messageId: string) => boolean;
  /** True while the tenant's messages have a connection, on which whoever handed one over sees to its answer. */
  isConnected: (tenantId: string) => boolean;
  /** Something of this tenant may leave now. */
  wake: (tenantId: string) => void;
}

/** Messages handled in one piece of work, so that nobody waits long. */
const BATCH = 200;

/** After a failure of the store, and for a message that is just being handed over. */
const AGAIN_MS = 1000;

/** For a message that expired while its answer is waited for on a connection, and after so long it is waited for no more. */
const ANSWER_MS = 60_000;
const LAST_ANSWER_MS = 30 * 60_000;

export class Timetable {
  readonly #deps: TimetableDeps;
  readonly #timers = new Timers<"wake">();
  #nextMs = Infinity;
  #stopped = false;

  constructor(deps: TimetableDeps) {
    this.#deps = deps;
  }

  /** Begins with what stands in the store. */
  start(): void {
    const { store, log } = this.#deps;
    try {
      store.writer.now(() => {
        store.outbox.line.recallAll();
      });
    } catch (error) {
      log.warn({ err: error }, "messages handed over by a version of before have no time");
    }
    this.#plan();
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.clear();
  }

  /** A message was given a time, in unix ms. Costs nothing when another comes before it. */
  note(wakeMs: number | undefined): void {
    if (wakeMs !== undefined && wakeMs < this.#nextMs) this.#setTo(wakeMs);
  }

  #plan(): void {
    const nextMs = this.#deps.store.outbox.line.nextWakeMs();
    this.#nextMs = Infinity;
    if (nextMs !== undefined) this.#setTo(nextMs);
  }

  #setTo(atMs: number): void {
    if (this.#stopped) return;
    this.#nextMs = atMs;
    this.#timers.set("wake", Math.max(0, atMs - Date.now()), () => {
      this.#run();
    });
  }

  #run(): void {
    const { store, log, wake } = this.#deps;
    try {
      const all = store.outbox.line.waking(Date.now(), BATCH);
      const rows = all.filter((row) => !this.#deps.isLeaving(row.tenantId, row.messageId));
      if (rows.length > 0) {
        store.writer.now(() => {
          for (const row of rows) this.#handle(row);
        });
      }
      for (const tenantId of new Set(rows.map((row) => row.tenantId))) wake(tenantId);
      if (rows.length < all.length) this.#setTo(Date.now() + AGAIN_MS);
      else if (all.length === BATCH) this.#setTo(Date.now());
      else this.#plan();
    } catch (error) {
      log.warn({ err: error }, "what was due could not be recorded");
      this.#setTo(Date.now() + AGAIN_MS);
    }
  }

  #handle(row: Waking): void {
    const { line } = this.#deps.store.outbox;
    if (row.stage === "handed") this.#handleHanded(row);
    else if (row.expired) this.#deps.deliveries.failed(row.tenantId, row.messageId, "expired");
    else if (row.stage === "scheduled") line.enter(row.id);
    else if (row.stage === "parked") line.wake(row.id);
  }

  /** It may have arrived, so it did not fail; but of a session that stays away nobody will ever hear. */
  #handleHanded(row: Waking): void {
    const { store, deliveries, isConnected } = this.#deps;
    const lateMs = Date.now() - (row.expiresAtMs ?? 0);
    if (isConnected(row.tenantId) && lateMs < LAST_ANSWER_MS) store.outbox.line.recall(row.id, Date.now() + ANSWER_MS);
    else deliveries.giveUp([row]);
  }
}
