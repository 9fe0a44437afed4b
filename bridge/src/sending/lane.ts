/**
 * Sends a session's messages over one connection, for as long as it lasts. Picks the first of each chat that may leave,
 * has it built, hands it over, and hands it over once more when nothing is heard of it. What it holds in memory is a
 * window on the store; all it knows it can lose.
 */
import { BridgeError } from "../errors.js";
import type { HoldReason } from "../rpc/contract.gen.js";
import type { OutboxRow } from "../store/outbox-row.js";
import type { Pairing } from "../store/sessions.js";
import { addressesOf } from "../whatsapp/addresses.js";
import { backoffMs } from "../whatsapp/attempts.js";
import type { Link } from "../whatsapp/link.js";
import type { Numbers } from "../whatsapp/numbers.js";
import { RelayRefused } from "../whatsapp/relay.js";
import { Timers } from "../whatsapp/timers.js";
import { toBuildRequest, toCandidate } from "./candidates.js";
import { Handover, type HandoverDeps } from "./handover.js";
import { Parking } from "./parking.js";
import { Sweep } from "./sweep.js";
import { BuildRefused, type ContentBuilder, type Governor } from "./ports.js";
import { Window, WINDOW, type Hold, type Waiting } from "./window.js";

/** What a lane needs of the world around it. */
export interface LaneDeps extends HandoverDeps {
  numbers: Numbers;
  builder: ContentBuilder;
  governor: Governor;
  /** A message was given a time. */
  note: (wakeMs: number | undefined) => void;
}

/** Messages being built: media on its way up. */
const BUILDS = 4;
/** How long the governor's word on a message's turn is taken for granted. */
const RANK_LASTS_MS = 1000;
/** After a look at the store that found hardly any that may leave: in so many times what it took. */
const REST_TIMES = 15;
/** Whoever may not leave for longer than this waits in the store. */
const PARK_FROM_MS = 5000;

export class Lane {
  readonly #deps: LaneDeps;
  readonly #link: Link;
  readonly #pairing: Pairing;
  readonly #window = new Window();
  readonly #handover: Handover;
  readonly #timers = new Timers<"pump">();
  /** What is parked is asked for again from the beginning, as a restart or a lost connection may have changed everything. */
  readonly #sweep: Sweep;
  readonly #parking: Parking;
  #more = true;
  #builds = 0;
  /** Messages parked since the last look at the store, and until when it is left alone: looking for one that may leave takes a share of the time at most. */
  #parked = 0;
  #restUntilMs = 0;
  #pumping = false;
  #planned = false;
  #closed = false;

  constructor(deps: LaneDeps, link: Link, pairing: Pairing) {
    this.#deps = deps;
    this.#link = link;
    this.#pairing = pairing;
    const onChange = (): void => {
      this.#more = true;
      this.#pumpSoon();
    };
    this.#sweep = new Sweep(deps.store, pairing.id, onChange);
    this.#parking = new Parking(deps, pairing.id, onChange);
    this.#handover = new Handover(deps, link, pairing.tenantId, onChange, (row) => {
      this.#follow(row);
    });
    void this.#handover.settleBefore(deps.store.outbox.line.handed(pairing.id));
    this.#pump();
  }

  get link(): Link {
    return this.#link;
  }

  /** Ends: what is under way goes on as far as it can, and the next lane finds it in the store. */
  close(): void {
    this.#closed = true;
    this.#timers.clear();
    this.#handover.close();
    this.#sweep.stop();
    this.#window.clear();
  }

  /** Messages were accepted that may leave. */
  offer(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      // It is first in its chat, so it overtakes nobody. Beyond the window the store is asked, in its order.
      if (row.stage === "ready" && this.#makeRoom(row)) this.#admit(row);
      else this.#more = true;
    }
    this.#pump();
  }

  /** Something that waits in the store may leave now. */
  wake(): void {
    for (const entry of this.#window.all()) {
      entry.notBeforeMs = 0;
      entry.rankedUntilMs = 0;
    }
    this.#more = true;
    this.#pump();
  }

  /** What was held back may be allowed now. */
  reconsider(): void {
    this.#sweep.begin();
    this.wake();
  }

  /** True while a message is being handed over: it cannot be taken back any more. */
  isLeaving(messageId: string): boolean {
    return this.#handover.isLeaving(messageId);
  }

  /** A message is not accepted any more. */
  settled(row: OutboxRow): void {
    this.#handover.settled(row.messageId);
    this.#parking.left(row.id);
    const entry = this.#window.get(row.id);
    if (entry !== undefined) {
      entry.building?.abort();
      this.#window.delete(row.id);
    }
    // One that never left made room for the next of its chat.
    if (row.tries === 0) this.#more = true;
    this.#pumpSoon();
  }

  /** Why a message that is ready does not leave. */
  holdOf(row: OutboxRow): Hold | undefined {
    const entry = this.#window.get(row.id);
    if (entry?.building !== undefined && entry.chatId !== undefined) return { reason: "uploading", untilMs: undefined };
    if (this.#handover.isBusy(row.chat)) return { reason: "earlier_message", untilMs: undefined };
    if (entry?.hold !== undefined) return { reason: entry.hold, untilMs: entry.notBeforeMs };
    if (entry !== undefined || this.#handover.isLeaving(row.messageId)) return undefined;
    // Behind the window: what holds up those before it holds it up as well.
    const reason = this.#window.hold;
    return reason === undefined ? undefined : { reason, untilMs: undefined };
  }

  /** True when there is room in the window, if need be in the place of one that leaves later. */
  #makeRoom(row: OutboxRow): boolean {
    if (this.#window.size < WINDOW) return true;
    const { last } = this.#window;
    if (last === undefined || last.row.rank <= row.rank) return false;
    this.#more = true;
    return this.#window.delete(last.row.id);
  }

  #admit(row: OutboxRow, after?: number): void {
    this.#parking.left(row.id);
    this.#window.add(row, after);
  }

  /** The next of a chat need not wait for the disk: its frame leaves after the one before, or not at all. */
  #follow({ id, chat }: OutboxRow): void {
    if (!this.#isCurrent) return;
    const next = this.#deps.store.outbox.line.following(chat, id);
    if (next === undefined || this.#window.has(next)) return;
    const row = this.#deps.store.outbox.byId(next);
    if (row?.stage !== "queued" || row.built === undefined || this.#handover.isLeaving(row.messageId)) return;
    this.#admit(row, id);
    this.#pump();
  }

  /** May it leave as far as the line of its chat goes? One that is just leaving is called ready until that is on disk. */
  #isFirst(entry: Waiting): boolean {
    const { outbox } = this.#deps.store;
    const { row, after } = entry;
    if (this.#handover.isLeaving(row.messageId)) return false;
    const stage = outbox.stageOf(row.id);
    if (stage === "ready") entry.after = undefined;
    return stage === "ready" || (stage === "queued" && after !== undefined && outbox.line.following(row.chat, after) === row.id);
  }

  #refill(): void {
    if (!this.#more || this.#window.size > WINDOW / 2 || this.#restUntilMs > Date.now()) return;
    this.#parked = 0;
    const { outbox } = this.#deps.store;
    const ids = outbox.line.readyIds(this.#pairing.id, WINDOW + this.#handover.leaving);
    for (const id of ids) {
      if (this.#window.size >= WINDOW) return;
      if (this.#window.has(id)) continue;
      const row = outbox.byId(id);
      if (row !== undefined && row.stage === "ready" && !this.#handover.isLeaving(row.messageId)) this.#admit(row);
    }
    this.#more = ids.length >= WINDOW;
    if (this.#more) return;
    this.#sweep.next();
    this.#parking.refill();
  }

  /** Once for everything that changes in this turn of the event loop. */
  #pumpSoon(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => {
      this.#planned = false;
      this.#pump();
    });
  }

  /** Lets leave what may. */
  #pump(): void {
    if (this.#closed || !this.#link.isOpen) return;
    if (this.#pumping) {
      this.#pumpSoon();
      return;
    }
    this.#pumping = true;
    const beganMs = performance.now();
    try {
      this.#refill();
      const nowMs = Date.now();
      for (const entry of this.#inOrder(nowMs)) if (!this.#consider(entry, nowMs)) break;
      if (this.#parked > WINDOW / 4) this.#restUntilMs = nowMs + (performance.now() - beganMs) * REST_TIMES;
      this.#planNext(nowMs);
    } catch (error) {
      // The store does not answer; it is tried again with the next thing that happens.
      this.#deps.log.error({ tenantId: this.#pairing.tenantId, err: error }, "the outbox could not be read");
      this.#timers.set("pump", PARK_FROM_MS, () => {
        this.#pump();
      });
    } finally {
      this.#pumping = false;
    }
  }

  #inOrder(nowMs: number): Waiting[] {
    const entries = this.#window.all().filter((entry) => this.#isFree(entry, nowMs));
    if (entries.length < 2) return entries;
    for (const entry of entries) {
      if (entry.rankedUntilMs > nowMs) continue;
      entry.rank = this.#deps.governor.priority(toCandidate(entry.row, this.#pairing, entry.chatId), nowMs);
      entry.rankedUntilMs = nowMs + RANK_LASTS_MS;
    }
    return entries.sort((a, b) => a.rank - b.rank || a.row.id - b.row.id);
  }

  #isFree({ row, building, notBeforeMs }: Waiting, nowMs: number): boolean {
    return building === undefined && notBeforeMs <= nowMs && !this.#handover.isBusy(row.chat);
  }

  /** @returns false when no other can leave either. */
  #consider(entry: Waiting, nowMs: number): boolean {
    const { row, chatId } = entry;
    if (!this.#handover.hasRoom) return false;
    // A merge of two chats may have made one the second, and it may have been taken back.
    if (!this.#isFree(entry, nowMs)) return true;
    if (!this.#isFirst(entry)) {
      this.#window.delete(row.id);
      return true;
    }
    if (chatId === undefined) {
      this.#prepare(entry, (signal) => this.#resolve(entry, signal));
      return true;
    }
    const decision = this.#deps.governor.decide(toCandidate(row, this.#pairing, chatId), nowMs);
    // What may not follow at once is found again when it is ready.
    if (!decision.go && entry.after !== undefined) this.#window.delete(row.id);
    else if (!decision.go) this.#holdBack(entry, decision, nowMs);
    else if (row.built === undefined) this.#prepare(entry, (signal) => this.#build(entry, chatId, signal));
    else this.#leave(entry, chatId, nowMs);
    return true;
  }

  #holdBack(entry: Waiting, { reason, untilMs }: Hold, nowMs: number): void {
    entry.hold = reason;
    entry.notBeforeMs = untilMs ?? Infinity;
    if (entry.notBeforeMs - nowMs < PARK_FROM_MS) return;
    this.#park(entry, reason, untilMs);
  }

  /** Lets a message wait in the store, so that others take its place in the window. */
  #park({ row }: Waiting, hold: HoldReason | undefined, untilMs: number | undefined, isFault = false): void {
    this.#window.delete(row.id);
    this.#more = true;
    this.#parked += 1;
    this.#parking.park(row, hold, untilMs, isFault);
  }

  /** It could not be prepared or handed over: later again, and its chat waits. */
  #later(entry: Waiting, hold: HoldReason | undefined): void {
    this.#park(entry, hold, Date.now() + backoffMs(entry.row.faults), true);
  }

  /** @param doneMs what was due until then was looked at; what has become due since is looked at next. */
  #planNext(doneMs: number): void {
    const restMs = this.#more && this.#restUntilMs > doneMs ? this.#restUntilMs : Infinity;
    const nextMs = Math.min(this.#window.nextAfter(doneMs), restMs);
    if (!Number.isFinite(nextMs)) this.#timers.cancel("pump");
    else {
      this.#timers.set("pump", Math.max(0, nextMs - Date.now()), () => {
        this.#pump();
      });
    }
  }

  /** Finds out what is missing of a message before it can leave, beside others. */
  #prepare(entry: Waiting, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#builds >= BUILDS) return;
    this.#builds += 1;
    const building = (entry.building = new AbortController());
    work(building.signal).catch((error: unknown) => {
      if (building.signal.aborted || !this.#isCurrent) return;
      this.#notPrepared(entry, error);
    }).finally(() => {
      this.#builds -= 1;
      entry.building = undefined;
      this.#pump();
    });
  }

  #notPrepared(entry: Waiting, error: unknown): void {
    const { row } = entry;
    const permanent = error instanceof BuildRefused ? error.code : error instanceof BridgeError && error.errorName === "recipient_not_on_whatsapp" ? "recipient_not_on_whatsapp" : undefined;
    if (permanent === undefined) {
      this.#deps.log.warn({ tenantId: row.tenantId, messageId: row.messageId, err: error }, "a message could not be prepared and is tried again");
      this.#later(entry, entry.chatId === undefined ? undefined : "uploading");
      return;
    }
    this.#deps.deliveries.failed(row.tenantId, row.messageId, permanent);
  }

  /** Asks which account a number stands for. It may turn out to be a chat in which another waits already. */
  async #resolve(entry: Waiting, signal: AbortSignal): Promise<void> {
    const { store, numbers } = this.#deps;
    const { row } = entry;
    const chatId = await numbers.chatOf(row.tenantId, this.#link, row.request.recipient);
    if (signal.aborted) return;
    const addresses = addressesOf(store, this.#pairing, row.request.recipient, chatId);
    await store.writer.soon(() => store.outbox.line.chatOf(row.tenantId, addresses, Date.now()));
    const fresh = store.outbox.byId(row.id);
    if (fresh !== undefined && this.#window.has(row.id)) entry.row = fresh;
    entry.chatId = chatId;
  }

  async #build(entry: Waiting, chatId: string, signal: AbortSignal): Promise<void> {
    const { store, builder } = this.#deps;
    const request = toBuildRequest(entry.row, this.#pairing, chatId);
    const built = { chatId, ...(await builder.build(this.#link, request, signal)) };
    if (signal.aborted) return;
    await store.writer.soon(() => {
      store.outbox.setBuilt(entry.row, built);
    });
    builder.release(request);
    entry.row = { ...entry.row, built };
  }

  #leave(entry: Waiting, chatId: string, nowMs: number): void {
    const { row } = entry;
    this.#window.delete(row.id);
    this.#count(row, chatId, nowMs);
    void this.#handover.hand(row, { after: entry.after }).then((error) => {
      if (!this.#isCurrent) return;
      if (error !== undefined) this.#notHanded(entry, error);
      // The first ciphertext made the next one of this chat ready.
      this.#more ||= this.#deps.store.outbox.line.head(row.chat) !== undefined;
      this.#pump();
    });
  }

  /** Counts a message that leaves: what the next may depends on it. What it writes is on the disk with the first ciphertext. */
  #count(row: OutboxRow, chatId: string, nowMs: number): void {
    try {
      this.#deps.governor.left(toCandidate(row, this.#pairing, chatId), nowMs);
    } catch (error) {
      this.#deps.log.warn({ tenantId: row.tenantId, err: error }, "a message that left could not be counted");
    }
  }

  /** A first try failed on a connection that still stands. */
  #notHanded(entry: Waiting, error: unknown): void {
    const { row } = entry;
    const { deliveries, store, log } = this.#deps;
    log.warn({ tenantId: row.tenantId, messageId: row.messageId, err: error }, "a message was not handed to WhatsApp");
    try {
      // Its first ciphertext may wait to be written.
      store.writer.flush();
      const left = store.outbox.stageOf(row.id) === "handed";
      if (error instanceof RelayRefused && error.failure !== undefined && !left) deliveries.failed(row.tenantId, row.messageId, error.failure, error.whatsappError);
      else if (left) this.#handover.awaitAnswer(row);
      else this.#later(entry, undefined);
    } catch (failure) {
      log.error({ tenantId: row.tenantId, err: failure }, "a refused message could not be recorded");
    }
  }

  get #isCurrent(): boolean {
    return !this.#closed && this.#link.isOpen;
  }
}
