/**
 * What becomes of sent messages: WhatsApp's server takes or refuses them, the recipient's devices receive and
 * read them. Every step is in the outbox before WhatsApp is told that we know, and is an event unless a caller is
 * still waiting for exactly this answer.
 */
import type { Journal } from "../events/journal.js";
import type { MessageStatus } from "../rpc/contract.gen.js";
import { toOutgoingMessage, type OutboxRow } from "../store/outbox.js";
import type { Store } from "../store/store.js";
import type { BinaryNode } from "./baileys.js";
import { isGroupJid, sameUser } from "./jid.js";
import type { Self } from "./incoming.js";

type Answer = (row: OutboxRow) => void;

/** What a receipt of this type says about our message. Types: whatsmeow `types.ReceiptType`. Others say nothing. */
const STATUS_OF_RECEIPT: ReadonlyMap<string | undefined, MessageStatus> = new Map<string | undefined, MessageStatus>([
  [undefined, "delivered"],
  ["", "delivered"],
  ["read", "read"],
  ["played", "played"],
]);

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

export class Deliveries {
  readonly #store: Store;
  readonly #journal: Journal;
  readonly #waiting = new Map<string, Set<Answer>>();

  constructor(store: Store, journal: Journal) {
    this.#store = store;
    this.#journal = journal;
  }

  /**
   * Waits for WhatsApp's server to take or refuse a message. Register before the message leaves.
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
   * @param error its code when it refused; see whatsapp-side codes such as 463, a restricted account.
   * @throws BridgeError store_unavailable
   */
  async acked(tenantId: string, messageId: string, error: number | undefined): Promise<void> {
    await this.#store.writer.soon(() => {
      this.#answer(tenantId, messageId, error === undefined ? "sent" : "failed", error);
    });
  }

  /**
   * Somebody's device says what it did with messages. On disk when this resolves.
   * @throws BridgeError store_unavailable
   */
  async receipted(tenantId: string, receipt: BinaryNode, self: Self): Promise<void> {
    const { from, participant, type } = receipt.attrs;
    const status = STATUS_OF_RECEIPT.get(type);
    const by = participant ?? from;
    // Our own other devices tell us what they read; that says nothing about the recipient.
    if (status === undefined || from === undefined || sameUser(by, self.phone) || sameUser(by, self.lid)) return;
    const known = idsOf(receipt).filter((id) => {
      const row = this.#store.outbox.get(tenantId, id);
      return row !== undefined && (isGroupJid(row.chatId) ? row.chatId === from : !isGroupJid(from));
    });
    if (known.length === 0) return;
    await this.#store.writer.soon(() => {
      for (const id of known) this.#advance(tenantId, id, status);
    });
  }

  /** Nothing was heard of these messages: say so. @throws BridgeError store_unavailable */
  giveUp(rows: readonly OutboxRow[]): void {
    if (rows.length === 0) return;
    this.#store.writer.now(() => {
      for (const row of rows) this.#advance(row.tenantId, row.messageId, "unknown");
    });
  }

  /** A message that never reached WhatsApp for a reason that will not pass. @throws BridgeError store_unavailable */
  refused(tenantId: string, messageId: string, error: number | undefined): void {
    this.#store.writer.now(() => {
      this.#answer(tenantId, messageId, "failed", error);
    });
  }

  /** WhatsApp's answer to a message: for who waits for it, else for everybody. */
  #answer(tenantId: string, messageId: string, status: MessageStatus, error: number | undefined): void {
    const answers = this.#waiting.get(`${tenantId} ${messageId}`);
    const waited = answers !== undefined && answers.size > 0;
    const moved = this.#store.outbox.advance(tenantId, messageId, status, error);
    if (moved !== undefined && !waited) this.#tell(moved);
    // A receipt may have come before; then this is no step, but it is still the answer.
    const row = moved ?? this.#store.outbox.get(tenantId, messageId);
    if (row === undefined || !waited) return;
    this.#store.writer.afterCommit(() => {
      for (const answer of [...answers]) answer(row);
    });
  }

  #advance(tenantId: string, messageId: string, status: MessageStatus): void {
    const row = this.#store.outbox.advance(tenantId, messageId, status);
    if (row !== undefined) this.#tell(row);
  }

  #tell(row: OutboxRow): void {
    const { messageId, to, chatId, status, failure } = toOutgoingMessage(row);
    this.#journal.append({
      pairingId: row.pairingId,
      occurredAtMs: Date.now(),
      data: { type: "message.status", messageId, to, ...(chatId === undefined ? {} : { chatId }), status, ...(failure === undefined ? {} : { failure }) },
    });
  }
}
