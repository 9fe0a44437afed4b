/**
 * What becomes of sent messages: WhatsApp's server takes or refuses them, the recipients' devices receive and read them.
 * Every step is in the outbox before WhatsApp is told that we know, and is an event unless a caller is still waiting for
 * exactly this answer.
 */
import type { Journal } from "../events/journal.js";
import type { Traffic } from "../figures/traffic.js";
import type { MessageStatus, RecipientStatus } from "../rpc/contract.gen.js";
import type { Circumstances } from "../store/outbox.js";
import { chatIdOf, failureOf, mayBecome, type FailureCode, type OutboxRow } from "../store/outbox-row.js";
import type { Step } from "../store/receipts.js";
import type { Store } from "../store/store.js";
import type { BinaryNode } from "./baileys.js";
import { bareJid, isGroupJid, isStatusJid, phoneNumberOf, sameUser } from "./jid.js";
import type { Self } from "./incoming.js";
import { deviceOf } from "./relaying.js";

type Answer = (row: OutboxRow) => void;

/** Hears of every message that is not accepted any more, once that is on disk. */
export type SettledListener = (row: OutboxRow) => void;

/** What a receipt of this type says about our message. Types: whatsmeow `types.ReceiptType`. Others say nothing. */
const STEP_OF_RECEIPT: ReadonlyMap<string | undefined, Step> = new Map<string | undefined, Step>([
  [undefined, "delivered"],
  ["", "delivered"],
  ["read", "read"],
  ["played", "played"],
]);

/** The receipt of our own other devices: they have a message we sent. */
const OWN_COPY = "sender";

/** What WhatsApp answers a message with that a restricted account may not send. */
const RESTRICTED = 463;

/** Rows changed in one piece of work, so that nobody waits long. */
const BATCH = 200;

/** The message ids a receipt is about: its own and those of its list. */
function idsOf(receipt: BinaryNode): string[] {
  const ids = [receipt.attrs["id"]];
  if (Array.isArray(receipt.content)) {
    for (const list of receipt.content) {
      if (list.tag === "list" && Array.isArray(list.content)) ids.push(...list.content.map((item) => item.attrs["id"]));
    }
  }
  return ids.filter((id) => id !== undefined);
}

/** True for a chat with more than one recipient. */
function isShared(chatId: string | undefined): boolean {
  return isGroupJid(chatId) || isStatusJid(chatId);
}

export class Deliveries {
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #waiting = new Map<string, Set<Answer>>();
  readonly #traffic: Pick<Traffic, "moved">;
  #onSettled: SettledListener = () => undefined;

  /** @param traffic counts every new status. */
  constructor(store: Store, journal: Journal, traffic: Pick<Traffic, "moved">) {
    this.#store = store;
    this.#journal = journal;
    this.#traffic = traffic;
  }

  /** Who hears of settled messages: one. */
  watch(onSettled: SettledListener): void {
    this.#onSettled = onSettled;
  }

  /**
   * Waits for a message to be settled: WhatsApp's server takes or refuses it, or it fails before. Register before it leaves.
   * @returns the promise, undefined once `stop` was called, and `stop`.
   */
  expect(tenantId: string, messageId: string): { answer: Promise<OutboxRow | undefined>; stop: () => void } {
    const key = `${tenantId} ${messageId}`;
    const answers = this.#waiting.get(key) ?? new Set<Answer>();
    this.#waiting.set(key, answers);
    let settle: (row: OutboxRow | undefined) => void = () => undefined;
    const answer = new Promise<OutboxRow | undefined>((resolve) => {
      settle = (row) => {
        answers.delete(settle);
        if (answers.size === 0 && this.#waiting.get(key) === answers) this.#waiting.delete(key);
        resolve(row);
      };
    });
    answers.add(settle);
    return {
      answer,
      stop: () => {
        settle(undefined);
      },
    };
  }

  /**
   * WhatsApp's server answered a message.
   * @param error its code when it refused.
   * @throws BridgeError store_unavailable
   */
  async acked(tenantId: string, messageId: string, error: number | undefined): Promise<void> {
    await this.#store.writer.soon(() => {
      if (error === undefined) this.#answer(tenantId, messageId, "sent", { nowMs: Date.now() });
      else this.#answer(tenantId, messageId, "failed", { nowMs: Date.now(), failure: error === RESTRICTED ? "restricted" : "rejected", whatsappError: error });
    });
  }

  /**
   * Somebody's device says what it did with messages. On disk when this resolves.
   * @throws BridgeError store_unavailable
   */
  async receipted(tenantId: string, receipt: BinaryNode, self: Self): Promise<void> {
    const { from, participant, type } = receipt.attrs;
    const by = participant ?? from;
    if (from === undefined || by === undefined) return;
    const own = sameUser(by, self.phone) || sameUser(by, self.lid);
    const step = STEP_OF_RECEIPT.get(type);
    // Our own other devices also tell us what they read; that says nothing about the recipient.
    if (own ? type !== OWN_COPY : step === undefined) return;
    const known = idsOf(receipt).flatMap((id) => this.#store.outbox.idOf(tenantId, id) ?? []);
    if (known.length === 0) return;
    await this.#store.writer.aside(() => {
      for (const id of known) {
        if (own) {
          if (this.#store.outbox.exists(id)) this.#store.receipts.noteOwn({ id, tenantId }, bareJid(by) ?? by, deviceOf(by), Date.now());
          continue;
        }
        const row = this.#store.outbox.byId(id);
        const chatId = row === undefined ? undefined : chatIdOf(row);
        if (row !== undefined && step !== undefined && (isShared(chatId) ? chatId === from : !isShared(from))) this.#step(row, by, step);
      }
    });
  }

  /** Nothing will be heard of these messages: say so. @throws BridgeError store_unavailable */
  giveUp(rows: readonly Pick<OutboxRow, "tenantId" | "messageId">[]): void {
    if (rows.length === 0) return;
    this.#store.writer.now(() => {
      for (const row of rows) this.#answer(row.tenantId, row.messageId, "unknown", { nowMs: Date.now() });
    });
  }

  /** A message will not be sent, for a reason that will not pass. @throws BridgeError store_unavailable */
  failed(tenantId: string, messageId: string, failure: FailureCode, whatsappError?: number): void {
    this.#store.writer.now(() => {
      this.#answer(tenantId, messageId, "failed", { nowMs: Date.now(), failure, whatsappError });
    });
  }

  /**
   * The pairing of these messages is gone: what was not handed over fails, of the rest nothing will be heard any more.
   * @throws BridgeError store_unavailable; the next start goes on with what is left.
   */
  async sessionEnded(pairingId: number): Promise<void> {
    for (;;) {
      const rows = this.#store.outbox.openOf(pairingId, BATCH);
      if (rows.length === 0) return;
      this.giveUp(rows.filter((row) => row.stage === "handed" || row.stage === "stranded"));
      this.#store.writer.now(() => {
        for (const row of rows) this.#answer(row.tenantId, row.messageId, "failed", { nowMs: Date.now(), failure: "session_ended" });
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Says unknown for what somebody else may have sent: a bridge of before, or the original of a copy. @throws BridgeError store_unavailable */
  async tellStranded(): Promise<void> {
    for (let rows = this.#store.outbox.stranded(BATCH); rows.length > 0; rows = this.#store.outbox.stranded(BATCH)) {
      this.giveUp(rows);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The fate of a message: for who waits for it, else for everybody. Runs inside work given to the Writer. */
  #answer(tenantId: string, messageId: string, status: MessageStatus, circumstances: Circumstances): void {
    const answers = this.#waiting.get(`${tenantId} ${messageId}`);
    const waited = answers !== undefined && answers.size > 0;
    const before = this.#store.outbox.get(tenantId, messageId);
    if (before === undefined) return;
    const moved = this.#store.outbox.advance(before, status, circumstances);
    if (moved !== undefined) {
      this.#mistrustGroupKey(moved);
      if (!waited) this.#tell(moved);
    }
    // A receipt may have come before; then this is no step.
    const row = moved ?? before;
    this.#store.writer.afterCommit(() => {
      if (moved !== undefined) this.#traffic.moved(moved, before.status, circumstances.nowMs);
      for (const answer of [...(answers ?? [])]) answer(row);
      this.#onSettled(row);
    });
  }

  /** A message of a group that may not have arrived may have carried our key to somebody: the next one carries it to all. */
  #mistrustGroupKey(row: OutboxRow): void {
    const chatId = chatIdOf(row);
    if (row.tries > 0 && isGroupJid(chatId) && (row.status === "failed" || row.status === "unknown")) {
      this.#store.secrets.deleteKey({ id: row.pairingId }, "sender-key-memory", chatId ?? "");
    }
  }

  /** A recipient's device did something with a message. In a group the message as a whole is where the last of them is. */
  #step(row: OutboxRow, by: string, step: Step): void {
    const person = bareJid(by) ?? by;
    const nowMs = Date.now();
    // Somebody has it, so WhatsApp's server took it, whether its answer comes or not: no step is left out.
    const overtaken = mayBecome(row.status, "sent");
    if (overtaken) this.#answer(row.tenantId, row.messageId, "sent", { nowMs });
    const taken = (overtaken ? this.#store.outbox.byId(row.id) : undefined) ?? row;
    const { moved, count } = this.#store.receipts.record(taken, person, deviceOf(by), step, nowMs);
    const { recipientCount } = taken;
    const shared = isShared(chatIdOf(taken));
    const reached = (["played", "read", "delivered"] as const).find((each) => (shared ? recipientCount !== undefined && recipientCount > 0 && count[each] >= recipientCount : each === step));
    const whole = reached === undefined ? undefined : this.#store.outbox.advance(taken, reached, { nowMs });
    if (whole !== undefined) {
      this.#store.writer.afterCommit(() => {
        this.#traffic.moved(whole, taken.status, nowMs);
      });
    }
    if (shared ? !moved : whole === undefined) return;
    const phoneNumber = phoneNumberOf(person);
    this.#tell(whole ?? taken, shared ? { recipient: person, ...(phoneNumber === undefined ? {} : { phoneNumber }), status: step, atMs: nowMs } : undefined);
  }

  #tell(row: OutboxRow, recipient?: RecipientStatus): void {
    const chatId = chatIdOf(row);
    const failure = failureOf(row);
    this.#journal.append({
      pairingId: row.pairingId,
      occurredAtMs: Date.now(),
      data: {
        type: "message.status",
        messageId: row.messageId,
        to: row.request.recipient,
        ...(chatId === undefined ? {} : { chatId }),
        status: row.status,
        ...(failure === undefined ? {} : { failure }),
        ...(recipient === undefined ? {} : { recipient }),
        ...(row.batchId === undefined ? {} : { batchId: row.batchId }),
      },
    });
  }
}
