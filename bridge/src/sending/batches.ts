/**
 * Batches: one message for many. All of its messages are accepted in one commit, or none; from then on each is a message of
 * the outbox like any other and leaves when the governor lets it, after everything else.
 */
import { BridgeError } from "../errors.js";
import { ulid } from "../ids.js";
import type { Logger } from "../log.js";
import type { Batch, BatchListParams, BatchListResult, BatchMessagesParams, BatchState, MessageListResult } from "../rpc/contract.gen.js";
import type { BatchOrder, BatchRow } from "../store/batches.js";
import type { OutboxRow } from "../store/outbox-row.js";
import type { Store } from "../store/store.js";
import { toCandidate } from "./candidates.js";
import type { Dispatcher } from "./dispatcher.js";
import type { PacingGovernor } from "./governor.js";
import type { OutboxView } from "./outbox-view.js";

export interface BatchesDeps {
  store: Store;
  dispatcher: Dispatcher;
  governor: PacingGovernor;
  view: OutboxView;
  log: Logger;
}

/** Messages looked at to say when a batch will be through. */
const SAMPLE = 50;

export class Batches {
  readonly #deps: BatchesDeps;

  constructor(deps: BatchesDeps) {
    this.#deps = deps;
  }

  static newId(): string {
    return `bat_${ulid()}`;
  }

  /** A batch and how far it is. @throws BridgeError batch_not_found */
  get(tenantId: string, batchId: string): Batch {
    const batch = this.#find(tenantId, batchId);
    const view = this.#show(batch);
    const endMs = view.state === "running" ? this.#expectedEnd(batch, view.counts.accepted) : undefined;
    return { ...view, ...(endMs === undefined ? {} : { expectedEndAtMs: endMs }) };
  }

  /** Batches of a tenant, newest first. @throws BridgeError batch_not_found when `before` is not known */
  list({ tenantId, before, limit }: BatchListParams): BatchListResult {
    const beforeId = before === undefined ? Number.MAX_SAFE_INTEGER : this.#find(tenantId, before).id;
    const rows = this.#deps.store.batches.page(tenantId, beforeId, limit + 1);
    return { batches: rows.slice(0, limit).map((row) => this.#show(row)), hasMore: rows.length > limit };
  }

  /** Its messages in the order of their recipients. @throws BridgeError batch_not_found, message_not_found */
  messages({ tenantId, batchId, after, limit }: BatchMessagesParams): MessageListResult {
    const { store, view } = this.#deps;
    this.#find(tenantId, batchId);
    const rows = store.outboxLists.ofBatch(tenantId, batchId, { after, limit: limit + 1 });
    if (rows === undefined) throw new BridgeError("message_not_found");
    return { messages: rows.slice(0, limit).map((row) => view.show(row)), hasMore: rows.length > limit };
  }

  /** No more of its messages leave until it is resumed. @throws BridgeError batch_not_found, batch_finished, store_unavailable */
  pause(tenantId: string, batchId: string): Batch {
    const { store, dispatcher } = this.#deps;
    const batch = this.#open(tenantId, batchId);
    if (batch.order !== "paused") {
      store.writer.now(() => {
        store.batches.order(batch.id, "paused", false);
        dispatcher.pauseBatch(tenantId, batchId);
      });
    }
    return this.get(tenantId, batchId);
  }

  /** Its messages leave again. @throws BridgeError batch_not_found, batch_finished, store_unavailable */
  async resume(tenantId: string, batchId: string): Promise<Batch> {
    const batch = this.#open(tenantId, batchId);
    if (batch.order === "paused") await this.#follow(batch, "running");
    return this.get(tenantId, batchId);
  }

  /** What was not handed over is not sent. A batch that was cancelled stays so. @throws BridgeError batch_not_found, batch_finished, store_unavailable */
  async cancel(tenantId: string, batchId: string): Promise<Batch> {
    const batch = this.#find(tenantId, batchId);
    if (batch.order !== "cancelled") await this.#follow(this.#open(tenantId, batchId), "cancelled");
    return this.get(tenantId, batchId);
  }

  /** Goes on with what was asked for before the last process ended. Call it once when starting. */
  async recover(): Promise<void> {
    const { store, log } = this.#deps;
    for (const batch of store.batches.unsettled()) {
      await this.#settle(batch, batch.order).catch((error: unknown) => {
        log.warn({ tenantId: batch.tenantId, err: error }, "a batch could not be brought in line; the next start tries again");
      });
    }
  }

  /** Gives an order and lets the messages follow, part by part: it holds from its commit on, whatever happens then. */
  async #follow(batch: BatchRow, order: BatchOrder): Promise<void> {
    const { store } = this.#deps;
    store.writer.now(() => {
      store.batches.order(batch.id, order, true);
    });
    await this.#settle(batch, order);
  }

  async #settle({ id, tenantId, batchId }: BatchRow, order: BatchOrder): Promise<void> {
    const { store, dispatcher } = this.#deps;
    if (order === "cancelled") await dispatcher.cancelBatch(tenantId, batchId);
    else if (order === "running") await dispatcher.resumeBatch(tenantId, batchId);
    // Another order may have come while this one was followed: a pause takes hold of all that is in its lines by then.
    if (order === "running" && store.batches.get(tenantId, batchId)?.order === "paused") dispatcher.pauseBatch(tenantId, batchId);
    store.writer.now(() => {
      store.batches.settled(id, order);
    });
  }

  /** A batch as callers see it. */
  #show({ tenantId, batchId, order, createdAtMs, sendAtMs, expiresAtMs, total, duplicates }: BatchRow): Batch {
    const counts = this.#deps.store.batches.counts(tenantId, batchId);
    const state: BatchState = order !== "cancelled" && counts.accepted === 0 ? "finished" : order;
    return {
      batchId,
      state,
      createdAtMs,
      ...(sendAtMs === undefined ? {} : { sendAtMs }),
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
      total,
      duplicates,
      counts,
    };
  }

  /** When the last message will have left, judged by some of those that wait; undefined when nobody can tell. */
  #expectedEnd(batch: BatchRow, waiting: number): number | undefined {
    const { store, governor, dispatcher } = this.#deps;
    const { tenantId, batchId } = batch;
    if (waiting === 0 || !dispatcher.isConnected(tenantId)) return undefined;
    const sample = store.outboxLists.ofBatch(tenantId, batchId, { status: "accepted", limit: SAMPLE }) ?? [];
    const candidates = sample.flatMap((row) => this.#candidateOf(row) ?? []);
    const endMs = governor.throughAt(tenantId, candidates, waiting, Math.max(Date.now(), batch.sendAtMs ?? 0));
    return endMs === undefined ? undefined : Math.min(endMs, batch.expiresAtMs ?? Infinity);
  }

  #candidateOf(row: OutboxRow): ReturnType<typeof toCandidate> | undefined {
    const pairing = this.#deps.store.sessions.pairing(row.pairingId);
    return pairing === undefined ? undefined : toCandidate(row, pairing, row.request.chatId);
  }

  #open(tenantId: string, batchId: string): BatchRow {
    const batch = this.#find(tenantId, batchId);
    if (batch.order === "cancelled" || this.#deps.store.batches.counts(tenantId, batchId).accepted === 0) throw new BridgeError("batch_finished");
    return batch;
  }

  #find(tenantId: string, batchId: string): BatchRow {
    const batch = this.#deps.store.batches.get(tenantId, batchId);
    if (batch === undefined) throw new BridgeError("batch_not_found");
    return batch;
  }
}
