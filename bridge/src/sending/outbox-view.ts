/** The outbox as callers look at it: what became of a message, and why one that waits waits. */
import { BridgeError } from "../errors.js";
import type { HoldReason, MessageListParams, MessageListResult, OutgoingMessage, RecipientStatus } from "../rpc/contract.gen.js";
import { toOutgoingMessage, type OutboxRow } from "../store/outbox-row.js";
import type { Store } from "../store/store.js";
import { aliasesOf } from "../whatsapp/addresses.js";
import { phoneNumberOf } from "../whatsapp/jid.js";
import { toCandidate } from "./candidates.js";
import type { Dispatcher } from "./dispatcher.js";
import type { PacingGovernor } from "./governor.js";
import type { Hold } from "./window.js";

/** Holds in which messages leave one after another. */
const IN_TURN: readonly HoldReason[] = ["paced", "new_chat_limit", "restricted"];

export class OutboxView {
  readonly #store: Store;
  readonly #dispatcher: Dispatcher;
  readonly #governor: Pick<PacingGovernor, "expectedAt">;

  constructor(store: Store, dispatcher: Dispatcher, governor: Pick<PacingGovernor, "expectedAt">) {
    this.#governor = governor;
    this.#store = store;
    this.#dispatcher = dispatcher;
  }

  /** A message with all that is known of it. @throws BridgeError message_not_found */
  get(tenantId: string, messageId: string): OutgoingMessage {
    const row = this.#find(tenantId, messageId);
    const shared = row.recipientCount !== undefined;
    return { ...this.show(row), ...this.#expected(row), ...(shared ? { recipients: this.#recipients(row) } : {}) };
  }

  /** Messages of a tenant, newest first. @throws BridgeError message_not_found when `before` is not known */
  list({ tenantId, status, before, limit }: MessageListParams): MessageListResult {
    const rows = this.#store.outboxLists.newest(tenantId, status, before, limit + 1);
    if (rows === undefined) throw new BridgeError("message_not_found");
    return { messages: rows.slice(0, limit).map((row) => this.show(row)), hasMore: rows.length > limit };
  }

  /** Takes a message back. @throws BridgeError message_not_found, message_not_cancellable, store_unavailable */
  cancel(tenantId: string, messageId: string): OutgoingMessage {
    const row = this.#find(tenantId, messageId);
    if (row.failure !== "cancelled" && !this.#dispatcher.cancel(row)) throw new BridgeError("message_not_cancellable");
    return this.show(this.#find(tenantId, messageId));
  }

  /** A message as callers see it, and why it waits if it does. When it will leave is said here only where others before it do not matter. */
  show(row: OutboxRow): OutgoingMessage {
    const hold = this.#holdOf(row);
    if (hold === undefined) return toOutgoingMessage(row);
    const untilMs = IN_TURN.includes(hold.reason) ? undefined : hold.untilMs;
    return { ...toOutgoingMessage(row), heldBy: hold.reason, ...(untilMs === undefined ? {} : { expectedAtMs: Math.trunc(untilMs) }) };
  }

  /** When a message that waits for its turn will leave, with those before it. */
  #expected(row: OutboxRow): Pick<OutgoingMessage, "expectedAtMs"> {
    const reason = this.#holdOf(row)?.reason;
    const pairing = reason !== undefined && IN_TURN.includes(reason) ? this.#store.sessions.pairing(row.pairingId) : undefined;
    if (reason === undefined || pairing === undefined) return {};
    const candidate = toCandidate(row, pairing, row.built?.chatId ?? row.request.chatId);
    const atMs = this.#governor.expectedAt(candidate, this.#store.outbox.line.ahead(row, reason), Date.now());
    return atMs === undefined ? {} : { expectedAtMs: atMs };
  }

  #holdOf(row: OutboxRow): Hold | undefined {
    switch (row.stage) {
      case undefined:
        return undefined;
      case "scheduled":
        return { reason: "scheduled", untilMs: row.sendAtMs };
      case "paused":
        return { reason: "batch_paused", untilMs: undefined };
      case "handed":
      case "stranded":
        return { reason: "unconfirmed", untilMs: undefined };
      case "queued":
        return this.#store.sessions.get(row.tenantId) === undefined ? undefined : { reason: this.#isConnected(row) ? "earlier_message" : "not_connected", untilMs: undefined };
      case "parked":
        if (!this.#isConnected(row)) return { reason: "not_connected", untilMs: undefined };
        return row.hold === undefined ? undefined : { reason: row.hold, untilMs: row.wakeMs === row.expiresAtMs ? undefined : row.wakeMs };
      case "ready":
        return this.#dispatcher.holdOf(row);
    }
  }

  #isConnected(row: OutboxRow): boolean {
    return this.#dispatcher.isConnected(row.tenantId);
  }

  #recipients(row: OutboxRow): RecipientStatus[] {
    const pairing = this.#store.sessions.pairing(row.pairingId);
    return this.#store.receipts.list(row).map((status) => {
      const known = pairing === undefined ? [status.recipient] : aliasesOf(this.#store, pairing, status.recipient);
      const phoneNumber = known.map((jid) => phoneNumberOf(jid)).find((number) => number !== undefined);
      return { ...status, ...(phoneNumber === undefined ? {} : { phoneNumber }) };
    });
  }

  #find(tenantId: string, messageId: string): OutboxRow {
    const row = this.#store.outbox.get(tenantId, messageId);
    if (row === undefined) throw new BridgeError("message_not_found");
    return row;
  }
}
