/** Regular clean-up of the store, in batches small enough that nobody notices. */
import type { Logger } from "../log.js";
import type { Store } from "../store/store.js";
import type { Journal } from "./journal.js";

const EVERY_MS = 60_000;
const BATCH = 500;

/** Silent for longer, a chat is a new one; departures are counted for a day. A little more than either. */
const CHATS_KEPT_MS = 31 * 24 * 60 * 60_000;
const PACE_KEPT_MS = 25 * 60 * 60_000;

/** Expired QR codes do not wait for the minute. */
const QR_EVERY_MS = 5000;
const FILES_EVERY_MS = 10 * 60_000;

/** Ciphertexts of a settled message: until no copy of it can be on its way any more. */
const CIPHERS_KEPT_MS = 24 * 3_600_000;

/** How long things are kept, in milliseconds. */
export interface Retention {
  eventRetentionMs: number;
  messageRetentionMs: number;
}

/** How long a file is sent again without another upload. */
const UPLOADS_KEPT_MS = 24 * 3_600_000;

/**
 * Begins the clean-up.
 * @param sweepFiles deletes files that belong to no message any more, or were kept long enough.
 * @returns a function that ends it.
 */
export function startUpkeep(store: Store, journal: Journal, { eventRetentionMs, messageRetentionMs }: Retention, sweepFiles: (nowMs: number) => Promise<void>, log: Logger): () => void {
  let stopped = false;
  let sweeping = false;

  const sweep = async (): Promise<void> => {
    if (sweeping || stopped) return;
    sweeping = true;
    try {
      await sweepFiles(Date.now());
    } catch (error) {
      log.warn({ err: error }, "clean-up of files failed");
    } finally {
      sweeping = false;
    }
  };

  const round = (): void => {
    if (stopped) return;
    const nowMs = Date.now();
    let more: boolean;
    try {
      const pruned = store.writer.now(() => {
        // One batch of chats a minute, in turn: they are many, small and in no hurry.
        store.chats.prune(nowMs - CHATS_KEPT_MS, BATCH);
        return Math.max(
          store.inbound.prune(nowMs - eventRetentionMs, BATCH),
          store.ciphers.prune(nowMs - CIPHERS_KEPT_MS, BATCH),
          pruneMessages(store, nowMs - messageRetentionMs),
          store.messages.prune(nowMs - messageRetentionMs, BATCH),
          store.uploads.prune(nowMs - UPLOADS_KEPT_MS, BATCH),
          store.media.prune(nowMs - messageRetentionMs, BATCH),
          store.pace.prune(nowMs - PACE_KEPT_MS, BATCH),
          store.directory.prune(BATCH),
        );
      });
      more = journal.prune(nowMs) || pruned === BATCH;
    } catch (error) {
      log.warn({ err: error }, "clean-up of the store failed");
      more = false;
    }
    if (more) setImmediate(round);
  };

  const timers = [setInterval(round, EVERY_MS), setInterval(() => {
    try {
      journal.eraseSpentQr();
      store.emptyLogIfDue();
    } catch (error) {
      log.warn({ err: error }, "erasing expired QR codes failed");
    }
  }, QR_EVERY_MS), setInterval(() => void sweep(), FILES_EVERY_MS)];
  void sweep();
  for (const timer of timers) timer.unref();
  return () => {
    stopped = true;
    for (const timer of timers) clearInterval(timer);
  };
}

/** Deletes one batch of old messages, frees their keys and forgets chats nobody writes to; answers how many at most. */
function pruneMessages(store: Store, beforeMs: number): number {
  const gone = store.outbox.prune(beforeMs, BATCH);
  for (const { tenantId, messageId } of gone) store.idempotency.forget(tenantId, "message", messageId);
  for (const { tenantId, batchId } of store.batches.prune(beforeMs, BATCH)) store.idempotency.forget(tenantId, "batch", batchId);
  return Math.max(gone.length, store.outbox.line.pruneAddresses(beforeMs, BATCH));
}
