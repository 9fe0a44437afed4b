/**
 * Hands built messages over on one connection, one at a time in a chat, and hands over again what nobody answers for: the
 * same bytes, in order, a few times at most. Messages of the connection before come first, once everything WhatsApp kept
 * for the session has come: an answer or a receipt for them may be in it.
 */
import type { Logger } from "../log.js";
import type { OutboxRow } from "../store/outbox-row.js";
import type { Store } from "../store/store.js";
import type { Channels } from "../whatsapp/channels.js";
import type { Deliveries } from "../whatsapp/deliveries.js";
import { isChannelJid } from "../whatsapp/jid.js";
import type { Link } from "../whatsapp/link.js";
import { relay, RelayRefused } from "../whatsapp/relay.js";
import { Unanswered } from "./unanswered.js";

export interface Timing {
  /** After so long without WhatsApp's answer a message is handed over once more, in milliseconds. */
  silenceMs: number;
  /** So long after everything WhatsApp kept has come, an answer to a message of before may still be on its way. */
  graceMs: number;
}

export interface HandoverDeps {
  store: Store;
  deliveries: Deliveries;
  /** Tells which posts a channel has. */
  channels: Pick<Channels, "hasPost">;
  log: Logger;
  timing: Timing;
}

/** Messages being handed over: encrypted one after the other, and then waiting for the disk together. */
const RELAYS = 8;
/** Messages handed over without an answer; nothing more leaves beyond it. */
const MAX_UNANSWERED = 256;
/** Times a message is handed over, at most. */
const MAX_TRIES = 4;
/** When WhatsApp never says that everything it kept has come. */
const CAUGHT_UP_WITHIN_MS = 30_000;

export class Handover {
  readonly #deps: HandoverDeps;
  readonly #link: Link;
  readonly #tenantId: string;
  readonly #onChange: () => void;
  readonly #onMade: (row: OutboxRow) => void;
  /** Chats in which a message is being handed over: the next waits until its stanza is made, and then follows it. */
  readonly #busyChats = new Set<number>();
  /** Chats with messages of the connection before, whose fate is not known: how many. */
  readonly #unsureChats = new Map<number, number>();
  readonly #leaving = new Map<string, { settled: boolean }>();
  readonly #unanswered: Unanswered;
  #closed = false;

  /**
   * @param onChange called when something may leave that could not before.
   * @param onMade called when the stanza of a message is made: the next of its chat may follow it.
   */
  constructor(deps: HandoverDeps, link: Link, tenantId: string, onChange: () => void, onMade: (row: OutboxRow) => void) {
    this.#deps = deps;
    this.#link = link;
    this.#tenantId = tenantId;
    this.#onChange = onChange;
    this.#onMade = onMade;
    this.#unanswered = new Unanswered(deps.timing.silenceMs, (ids) => {
      void this.#resend(ids);
    });
  }

  /** Ends: what is under way goes on as far as it can. */
  close(): void {
    this.#closed = true;
    this.#unanswered.clear();
  }

  /** False when no message can be handed over now, whatever its chat. */
  get hasRoom(): boolean {
    return this.#leaving.size < RELAYS && this.#unanswered.size + this.#leaving.size < MAX_UNANSWERED;
  }

  /** True while a chat must wait for a message before. */
  isBusy(chat: number): boolean {
    return this.#busyChats.has(chat) || this.#unsureChats.has(chat);
  }

  /** True while a message is being handed over: it cannot be taken back any more. */
  isLeaving(messageId: string): boolean {
    return this.#leaving.has(messageId);
  }

  /** Messages being handed over. */
  get leaving(): number {
    return this.#leaving.size;
  }

  /** A message is not accepted any more. */
  settled(messageId: string): void {
    this.#unanswered.delete(messageId);
    const leaving = this.#leaving.get(messageId);
    if (leaving !== undefined) leaving.settled = true;
  }

  /** It was encrypted for somebody, so it may have left: if nothing is heard it is handed over again. */
  awaitAnswer(row: OutboxRow): void {
    this.#unanswered.add(row);
  }

  /**
   * Hands a message over, the only one of its chat until its stanza is made.
   * @param after the message it follows, when that one is not on the disk yet.
   * @returns what went wrong.
   */
  async hand(row: OutboxRow, { again = false, after }: { again?: boolean; after?: number | undefined } = {}): Promise<unknown> {
    const leaving = { settled: false };
    this.#leaving.set(row.messageId, leaving);
    try {
      await this.#make(row, again, after);
      if (!again) this.#tellMade(row);
      await this.#link.written();
      if (!leaving.settled && this.#isCurrent) this.#unanswered.add(row);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.#leaving.delete(row.messageId);
    }
  }

  /** Has a message's stanza made, alone in its chat. @throws RelayRefused, and whatever else goes wrong */
  async #make({ id, chat, messageId, built }: OutboxRow, again: boolean, after: number | undefined): Promise<void> {
    const { store } = this.#deps;
    this.#busyChats.add(chat);
    try {
      if (built === undefined) throw new Error("a message is built before it is handed over");
      // What goes to a channel is not encrypted, so no ciphertext says that it left.
      if (!again && isChannelJid(built.chatId)) await store.writer.soon(() => store.outbox.hand(id, undefined));
      await relay(this.#link, { outboxId: id, messageId, built, again, after });
    } finally {
      this.#busyChats.delete(chat);
    }
  }

  /**
   * Messages of the connection before: an answer or a receipt for them may be among what WhatsApp kept. What is still
   * open then is handed over again, in order, before anything newer of the same chats.
   */
  async settleBefore(handed: readonly { id: number; chat: number }[]): Promise<void> {
    if (handed.length === 0) return;
    for (const { chat } of handed) this.#unsureChats.set(chat, (this.#unsureChats.get(chat) ?? 0) + 1);
    await this.#pause(CAUGHT_UP_WITHIN_MS, this.#link.caughtUp);
    await this.#pause(this.#deps.timing.graceMs);
    for (const { id, chat } of handed) {
      if (!this.#isCurrent) return;
      await this.#once(id);
      const left = (this.#unsureChats.get(chat) ?? 1) - 1;
      if (left > 0) this.#unsureChats.set(chat, left);
      else this.#unsureChats.delete(chat);
    }
    this.#onChange();
  }

  /** Of messages that were handed over on this connection nothing was heard. */
  async #resend(ids: readonly number[]): Promise<void> {
    for (const id of ids) if (this.#isCurrent) await this.#once(id);
    this.#onChange();
  }

  /** Hands a message over once more, the same bytes; or says that nobody knows. */
  async #once(id: number): Promise<void> {
    const { store, deliveries, log } = this.#deps;
    let row: OutboxRow | undefined;
    try {
      row = store.outbox.byId(id);
      if (row?.stage !== "handed") return;
      const over = row.holdWhenUncertain || row.tries >= MAX_TRIES || (row.expiresAtMs ?? Infinity) <= Date.now() || row.built === undefined;
      if (over) {
        deliveries.giveUp([row]);
        return;
      }
      await store.writer.soon(() => {
        store.outbox.countTry(id);
      });
      const error = await this.#handAgain(row);
      if (error === undefined || !this.#isCurrent) return;
      log.warn({ tenantId: row.tenantId, messageId: row.messageId, err: error }, "a message was not handed to WhatsApp again");
      // It may have arrived the first time, so it cannot be called failed.
      if (error instanceof RelayRefused && error.failure !== undefined) deliveries.giveUp([row]);
      else this.#unanswered.add(row);
    } catch (error) {
      log.error({ tenantId: this.#tenantId, err: error }, "a message without an answer could not be recorded");
      if (row !== undefined && this.#isCurrent) this.#unanswered.add(row);
    }
  }

  /** A post is not encrypted, so nobody refuses a second copy: the channel is asked whether it has the first. @returns what went wrong. */
  async #handAgain(row: OutboxRow): Promise<unknown> {
    const { channels, deliveries } = this.#deps;
    const { built, tenantId, messageId } = row;
    if (built === undefined || !isChannelJid(built.chatId)) return this.hand(row, { again: true });
    try {
      if (!(await channels.hasPost(this.#link, built.chatId, messageId))) return await this.hand(row, { again: true });
      await deliveries.acked(tenantId, messageId, undefined);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Whatever the next one of the chat meets is not this one's fault. */
  #tellMade(row: OutboxRow): void {
    try {
      this.#onMade(row);
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#tenantId, err: error }, "what follows a message could not be read");
    }
  }

  get #isCurrent(): boolean {
    return !this.#closed && this.#link.isOpen;
  }

  /** Waits for a time, or until something happens or the connection ends. */
  async #pause(ms: number, until?: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const time = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([time, this.#link.ended, ...(until === undefined ? [] : [until])]);
    clearTimeout(timer);
  }
}
