/**
 * The journal of events. An event is on disk before anyone is told, stays until control acked it and for a
 * retention time after, and is never dropped because nobody listens. When control does not ack for too long the
 * journal is full, and then nothing more is taken from WhatsApp, which keeps it.
 */
import type { Event, EventAckResult, EventPullResult, JournalHealth } from "../rpc/contract.gen.js";
import { checkEventData } from "../rpc/validate.js";
import type { EventTable, NewEvent } from "../store/events.js";
import type { Writer } from "../store/writer.js";

/** Of an answer's line: the rest is the envelope's. */
const MAX_ANSWER_BYTES = 900_000;

/** What an event takes on the wire beside its data, generously. */
const ENVELOPE_BYTES = 600;

/** Rows a clean-up deletes at once, so that it never holds the event loop for long. */
const PRUNE_BATCH = 500;

export interface JournalOptions {
  /** Unacked events at which the journal counts as full. */
  maxUnacked: number;
  /** How long acked events are kept. */
  retentionMs: number;
}

export class Journal {
  readonly #events: EventTable;
  readonly #writer: Writer;
  readonly #options: JournalOptions;
  readonly #waiting = new Set<() => void>();
  #head: number;
  #acked: number;
  /** The highest position on its way to the disk. */
  #acking: number;
  #onRecorded: ((event: NewEvent) => void) | undefined;
  #onRoom: (() => void) | undefined;
  #onFull: (() => void) | undefined;
  #wasFull = false;

  constructor(events: EventTable, writer: Writer, options: JournalOptions) {
    this.#events = events;
    this.#writer = writer;
    this.#options = options;
    this.#head = events.head();
    this.#acked = events.acked();
    this.#acking = this.#acked;
    this.#wasFull = this.full;
  }

  get journalId(): string {
    return this.#events.journalId;
  }

  /** True when too many events wait for control: take nothing more from WhatsApp. */
  get full(): boolean {
    return this.#head - this.#acked >= this.#options.maxUnacked;
  }

  /** What to do when the journal becomes full, and when it has room again. */
  watch(onFull: () => void, onRoom: () => void): void {
    this.#onFull = onFull;
    this.#onRoom = onRoom;
  }

  /** Who hears of every event once it is on disk: one, or nobody. */
  tap(onRecorded: ((event: NewEvent) => void) | undefined): void {
    this.#onRecorded = onRecorded;
  }

  /**
   * Records an event inside work given to the Writer. Answers false when the same message is recorded already.
   * Whoever waits is woken once the work is on disk.
   */
  append(event: NewEvent): boolean {
    checkEventData(event.data);
    const position = this.#events.append(event);
    if (position === undefined) return false;
    this.#writer.afterCommit(() => {
      this.#head = Math.max(this.#head, position);
      this.#wake();
      this.#onRecorded?.(event);
      if (this.full && !this.#wasFull) {
        this.#wasFull = true;
        this.#onFull?.();
      }
    });
    return true;
  }

  /** Events after a position, at most `max` and as many as fit into a line. */
  read(after: number, max: number): EventPullResult {
    const nowMs = Date.now();
    const events: Event[] = [];
    let bytes = 0;
    // A page at a time: 500 events of the largest size would be read in vain when a line holds two of them.
    for (let from = after; events.length < max; ) {
      const page = this.#events.after(from, Math.min(max - events.length, 50));
      for (const { event, bytes: size } of page) {
        // Written, but perhaps not on disk yet: nobody may be told.
        if (event.position > this.#head) return { events, headPosition: this.#head };
        bytes += size + ENVELOPE_BYTES;
        if (events.length > 0 && bytes > MAX_ANSWER_BYTES) return { events, headPosition: this.#head };
        // The row may not be erased yet, for example when the disk is full.
        const data = event.data;
        const spent = data.type === "session.qr" && (event.position <= this.#acked || (data.qr?.expiresAtMs ?? 0) <= nowMs);
        events.push(spent ? { ...event, data: { type: "session.qr" } } : event);
        from = event.position;
      }
      if (page.length < 50) break;
    }
    return { events, headPosition: this.#head };
  }

  /** True when an event stands after a position. */
  hasAfter(position: number): boolean {
    return this.#head > position;
  }

  /** Calls back once, when the next event is recorded. @returns a function that stops waiting. */
  onNext(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  /**
   * Everything up to a position is stored by control. Never goes back, never beyond the last event.
   * @throws BridgeError store_unavailable
   */
  async ack(position: number): Promise<EventAckResult> {
    const acked = Math.min(position, this.#head);
    if (acked > this.#acked) {
      await this.#writer.aside(() => {
        // Several may be on their way to the disk at a time.
        this.#acking = Math.max(acked, this.#acking);
        this.#events.setAcked(this.#acking);
        this.#events.eraseSpentQr(acked, Date.now());
      });
      this.#acked = Math.max(acked, this.#acked);
      // Room only once a tenth is free, so that a full journal does not open and close every session in turns.
      if (this.#wasFull && this.#head - this.#acked <= this.#options.maxUnacked * 0.9) {
        this.#wasFull = false;
        this.#onRoom?.();
      }
    }
    return { ackedPosition: this.#acked };
  }

  /**
   * Call it after events were deleted: those nobody will ever ack must not count as unacked.
   * @throws BridgeError store_unavailable
   */
  async skipDropped(): Promise<void> {
    if (this.#head > this.#acked && this.#events.after(this.#acked, 1).length === 0) await this.ack(this.#head);
  }

  /** How full it is. */
  get depth(): { unackedEvents: number; maxUnackedEvents: number; ackedPosition: number } {
    return { unackedEvents: this.#head - this.#acked, maxUnackedEvents: this.#options.maxUnacked, ackedPosition: this.#acked };
  }

  health(): JournalHealth {
    return { headPosition: this.#head, ackedPosition: this.#acked, unackedEvents: this.#head - this.#acked };
  }

  /**
   * Deletes one batch of what was acked and is older than the retention time.
   * @returns true when more may be left.
   */
  prune(nowMs: number): boolean {
    this.eraseSpentQr();
    return this.#writer.now(() => this.#events.prune(this.#acked, nowMs - this.#options.retentionMs, PRUNE_BATCH)) === PRUNE_BATCH;
  }

  /** The text of a QR code is a key to an account: it is gone once it is of no use. */
  eraseSpentQr(): void {
    const nowMs = Date.now();
    if (this.#events.hasSpentQr(this.#acked, nowMs)) {
      this.#writer.now(() => {
        this.#events.eraseSpentQr(this.#acked, nowMs);
      });
    }
  }

  #wake(): void {
    const callbacks = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of callbacks) callback();
  }
}
