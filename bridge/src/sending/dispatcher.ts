/**
 * Everything that leaves: a lane for each connected session, the timetable for what waits for its time, and the ways to
 * take messages back. Whoever records messages tells it of them after the commit; all else it finds in the store.
 */
import type { Traffic } from "../figures/traffic.js";
import type { Logger } from "../log.js";
import { WAITING, type OutboxRow } from "../store/outbox-row.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import type { Channels } from "../whatsapp/channels.js";
import type { Deliveries } from "../whatsapp/deliveries.js";
import type { Link } from "../whatsapp/link.js";
import type { Numbers } from "../whatsapp/numbers.js";
import type { Outbound } from "../whatsapp/outbound.js";
import { toBuildRequest, toCandidate } from "./candidates.js";
import type { Timing } from "./handover.js";
import { Lane } from "./lane.js";
import type { ContentBuilder, Governor } from "./ports.js";
import { Timetable } from "./timetable.js";
import type { Hold } from "./window.js";

export interface DispatcherDeps {
  store: Store;
  deliveries: Deliveries;
  channels: Pick<Channels, "hasPost">;
  numbers: Numbers;
  builder: ContentBuilder;
  governor: Governor;
  log: Logger;
  traffic: Pick<Traffic, "accepted">;
  timing: Timing;
}

/** Rows changed in one piece of work. */
const BATCH = 50;

/** WhatsApp's code for a message it refused without saying why. */
const NO_CODE = 0;

export class Dispatcher implements Outbound {
  readonly #deps: DispatcherDeps;
  readonly #lanes = new Map<string, Lane>();
  readonly #timetable: Timetable;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#timetable = new Timetable({
      ...deps,
      isLeaving: (tenantId, messageId) => this.#lanes.get(tenantId)?.isLeaving(messageId) === true,
      isConnected: (tenantId) => this.#lanes.has(tenantId),
      wake: (tenantId) => this.#lanes.get(tenantId)?.wake(),
    });
    deps.deliveries.watch((row) => {
      this.#settled(row);
    });
  }

  /** Begins to keep the times of what waits. */
  start(): void {
    this.#timetable.start();
  }

  stop(): void {
    this.#timetable.stop();
    for (const lane of this.#lanes.values()) lane.close();
    this.#lanes.clear();
  }

  online(link: Link, pairing: Pairing): void {
    this.offline(pairing.tenantId);
    const note = (wakeMs: number | undefined): void => {
      this.#timetable.note(wakeMs);
    };
    this.#lanes.set(pairing.tenantId, new Lane({ ...this.#deps, note }, link, pairing));
  }

  offline(tenantId: string): void {
    this.#lanes.get(tenantId)?.close();
    this.#lanes.delete(tenantId);
  }

  ended(pairingId: number): void {
    this.#deps.deliveries.sessionEnded(pairingId).catch((error: unknown) => {
      this.#deps.log.error({ err: error }, "messages of a session that ended could not be recorded as such");
    });
  }

  /** Messages were accepted and are on disk. */
  accepted(rows: readonly OutboxRow[]): void {
    this.#deps.traffic.accepted(rows.length);
    for (const row of rows) this.#timetable.note(row.wakeMs);
    for (const tenantId of new Set(rows.map((row) => row.tenantId))) {
      this.#lanes.get(tenantId)?.offer(rows.filter((row) => row.tenantId === tenantId && row.stage === "ready"));
    }
  }

  /** What was held back for this tenant may be allowed now: its limits changed, a restriction ended. */
  wake(tenantId: string): void {
    this.#lanes.get(tenantId)?.reconsider();
  }

  isConnected(tenantId: string): boolean {
    return this.#lanes.has(tenantId);
  }

  /** Something of this tenant is ready that was not. */
  nudge(tenantId: string): void {
    this.#lanes.get(tenantId)?.wake();
  }

  /** Why an accepted message that is first in its chat does not leave. */
  holdOf(row: OutboxRow): Hold | undefined {
    const lane = this.#lanes.get(row.tenantId);
    return lane === undefined ? { reason: "not_connected", untilMs: undefined } : lane.holdOf(row);
  }

  /**
   * Takes a message back that was not handed over.
   * @returns false when it was, or is just being.
   * @throws BridgeError store_unavailable
   */
  cancel(row: OutboxRow): boolean {
    const { store, deliveries } = this.#deps;
    if (this.#lanes.get(row.tenantId)?.isLeaving(row.messageId) === true) return false;
    const stage = store.outbox.stageOf(row.id);
    if (stage === undefined || !WAITING.includes(stage)) return false;
    deliveries.failed(row.tenantId, row.messageId, "cancelled");
    return true;
  }

  /** Takes back everything of a batch that was not handed over; answers how many. @throws BridgeError store_unavailable */
  async cancelBatch(tenantId: string, batchId: string): Promise<number> {
    const { store, deliveries } = this.#deps;
    const lane = this.#lanes.get(tenantId);
    let cancelled = 0;
    for (;;) {
      const ids = store.outboxLists.waitingOfBatch(tenantId, batchId, BATCH).filter((messageId) => lane?.isLeaving(messageId) !== true);
      if (ids.length === 0) return cancelled;
      store.writer.now(() => {
        for (const messageId of ids) deliveries.failed(tenantId, messageId, "cancelled");
      });
      cancelled += ids.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Takes a batch out of all lines, so that it holds up no other message of its chats. @throws BridgeError store_unavailable */
  pauseBatch(tenantId: string, batchId: string): void {
    const { store } = this.#deps;
    store.writer.now(() => {
      for (const chat of store.outboxLists.pauseBatch(tenantId, batchId)) store.outbox.line.promote(chat);
    });
    this.#lanes.get(tenantId)?.wake();
  }

  /** Puts a paused batch back into its lines. @throws BridgeError store_unavailable */
  async resumeBatch(tenantId: string, batchId: string): Promise<void> {
    const { store } = this.#deps;
    for (;;) {
      const rows = store.outboxLists.pausedOfBatch(tenantId, batchId, BATCH);
      if (rows.length === 0) break;
      const nowMs = Date.now();
      store.writer.now(() => {
        for (const { id, sendAtMs } of rows) {
          if (sendAtMs !== undefined && sendAtMs > nowMs) store.outbox.line.schedule(id);
          else store.outbox.line.enter(id);
        }
      });
      for (const { sendAtMs } of rows) this.#timetable.note(sendAtMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#lanes.get(tenantId)?.wake();
  }

  #settled(row: OutboxRow): void {
    const { store, builder, governor } = this.#deps;
    const pairing = row.status === "failed" ? store.sessions.pairing(row.pairingId) : undefined;
    if (pairing !== undefined) {
      if (row.failure === "rejected" || row.failure === "restricted") governor.refused(toCandidate(row, pairing, row.built?.chatId), row.whatsappError ?? NO_CODE, Date.now());
      builder.release(toBuildRequest(row, pairing));
    }
    this.#lanes.get(row.tenantId)?.settled(row);
  }
}
