/**
 * Takes messages in: whoever is told "accepted" finds the message in the store, under an id that never changes, whatever
 * happens next. The same key or the same id again sends nothing.
 */
import { isDeepStrictEqual } from "node:util";
import { BridgeError, type ErrorDetails } from "../errors.js";
import { newMessageId } from "../ids.js";
import type { ContentType, ErrorName, MessageSendParams, OutgoingMessage, ReplayResult, SendResult } from "../rpc/contract.gen.js";
import type { IdempotencyRow } from "../store/idempotency.js";
import { chatIdOf, toOutgoingMessage, type BuiltMessage, type FailureCode, type NewMessage, type OutboxRow } from "../store/outbox-row.js";
import type { Store } from "../store/store.js";
import { addressesOf } from "../whatsapp/addresses.js";
import type { Deliveries } from "../whatsapp/deliveries.js";
import { recipientNumber } from "../whatsapp/jid.js";
import type { Link } from "../whatsapp/link.js";
import type { Numbers } from "../whatsapp/numbers.js";
import type { Session } from "../whatsapp/session.js";
import type { Sessions } from "../whatsapp/sessions.js";
import { likelyChat } from "./candidates.js";
import type { Dispatcher } from "./dispatcher.js";
import type { BuildRequest, ContentBuilder, Governor } from "./ports.js";

export interface IntakeDeps {
  store: Store;
  sessions: Sessions;
  deliveries: Deliveries;
  numbers: Numbers;
  builder: ContentBuilder;
  governor: Governor;
  dispatcher: Dispatcher;
  /** How long a message may wait when its sender does not say, in milliseconds. */
  expiryMs: number;
}

/** How long a caller waits at most to hear that a number is not on WhatsApp; later it is told as the message's failure. */
const LOOKUP_WITHIN_MS = 3000;

/** Contents that are built without a file on its way up: done on the spot, they are in the row's first commit. */
const LIGHT: readonly ContentType[] = ["text", "location", "contacts", "reaction"];

/** Holds that last: nobody is kept waiting for what is behind one of them. */
const LASTING = new Set(["paced", "new_chat_limit", "restricted", "batch_paused", "not_connected"]);

/** What a caller that still waits is told of a failure. */
const ERROR_OF: Partial<Record<FailureCode, ErrorName>> = {
  recipient_not_on_whatsapp: "recipient_not_on_whatsapp",
  rejected: "send_rejected",
  restricted: "send_rejected",
  media_unusable: "media_missing",
  referenced_message_not_found: "referenced_message_not_found",
  content_not_possible: "content_not_possible",
};

/** The key was taken by another request in the moment between looking and writing. */
class KeyTaken extends Error {}

export class Intake {
  readonly #deps: IntakeDeps;
  /** Requests with a key that have no answer yet, by tenant and key: their fingerprints. */
  readonly #inFlight = new Map<string, string>();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /**
   * Accepts a message and waits up to waitMs for WhatsApp's server to take it.
   * @throws BridgeError session_not_found, session_not_connected, recipient_not_on_whatsapp, send_rejected, message_conflict,
   *   idempotency_mismatch, idempotency_in_flight, queue_full, store_unavailable, and what the content refuses with
   */
  async send(params: MessageSendParams, signal: AbortSignal): Promise<SendResult> {
    const session = this.#deps.sessions.get(params.tenantId);
    const { idempotency } = params;
    if (idempotency === undefined) return { message: await this.#accept(session, params, signal), replayed: false };
    const name = `${params.tenantId} ${idempotency.key}`;
    const known = this.#findAnswer(params.tenantId, idempotency);
    if (known !== undefined) return { message: this.#messageOf(params.tenantId, known), replayed: true };
    this.#inFlight.set(name, idempotency.fingerprint);
    try {
      return { message: await this.#accept(session, params, signal), replayed: false };
    } finally {
      this.#inFlight.delete(name);
    }
  }

  /**
   * What an earlier request with a key made; empty when the key is free.
   * @throws BridgeError idempotency_mismatch, idempotency_in_flight
   */
  replay(tenantId: string, idempotency: NonNullable<MessageSendParams["idempotency"]>): ReplayResult {
    const known = this.#findAnswer(tenantId, idempotency);
    if (known === undefined) return {};
    return known.kind === "message" ? { message: this.#messageOf(tenantId, known) } : { batch: known.answer as NonNullable<ReplayResult["batch"]> };
  }

  /** What stands under a key. @throws BridgeError idempotency_mismatch, idempotency_in_flight */
  #findAnswer(tenantId: string, { key, fingerprint }: NonNullable<MessageSendParams["idempotency"]>): IdempotencyRow | undefined {
    const underWay = this.#inFlight.get(`${tenantId} ${key}`);
    const known = this.#deps.store.idempotency.find(tenantId, key);
    const used = underWay ?? known?.fingerprint;
    if (used === undefined) return undefined;
    if (used !== fingerprint) throw new BridgeError("idempotency_mismatch");
    if (underWay !== undefined) throw new BridgeError("idempotency_in_flight");
    return known;
  }

  #messageOf(tenantId: string, known: IdempotencyRow): OutgoingMessage {
    if (known.kind !== "message") throw new BridgeError("idempotency_mismatch");
    if (known.answer !== undefined) return known.answer as OutgoingMessage;
    const row = this.#deps.store.outbox.get(tenantId, known.subject);
    if (row === undefined) throw new BridgeError("bridge_error");
    return toOutgoingMessage(row);
  }

  async #accept(session: Session, params: MessageSendParams, signal: AbortSignal): Promise<OutgoingMessage> {
    const { store, governor, builder } = this.#deps;
    const { tenantId, messageId, queue = true } = params;
    const known = messageId === undefined ? undefined : store.outbox.get(tenantId, messageId);
    if (known !== undefined) return this.#answerKnown(known, params, signal);
    const { pairing } = session;
    const link = session.connectedLink;
    // Without a pairing there is no number to send from.
    if (pairing === undefined || (!queue && link === undefined)) throw new BridgeError("session_not_connected");
    const nowMs = Date.now();
    governor.admit(tenantId, 1, store.outbox.waiting(tenantId).single, nowMs);
    const chatId = await this.#chatOf(params, link);
    if (!queue && link?.isOpen !== true) throw new BridgeError("session_not_connected");
    const { content, context, audience } = params;
    const request: BuildRequest = { tenantId, pairing, messageId: messageId ?? newMessageId(), to: params.to, chatId, content, context, audience };
    await builder.check(request);
    let row: OutboxRow | undefined;
    try {
      row = await this.#record(params, request, await this.#buildNow(request, link));
    } finally {
      if (row === undefined) builder.release(request);
    }
    if (row === undefined) {
      // Somebody was faster with the same id.
      const other = store.outbox.get(tenantId, request.messageId);
      if (other === undefined) throw new BridgeError("bridge_error");
      return this.#answerKnown(other, params, signal);
    }
    session.touch();
    return this.#answer(row, params, link !== undefined, signal);
  }

  /**
   * The chat a recipient stands for, when that is known or quickly found out.
   * @throws BridgeError recipient_not_on_whatsapp when the caller waits to hear it
   */
  async #chatOf({ tenantId, to, waitMs }: MessageSendParams, link: Link | undefined): Promise<string | undefined> {
    if (recipientNumber(to) === undefined) return to;
    if (link === undefined) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        resolve(undefined);
      }, Math.min(waitMs, LOOKUP_WITHIN_MS));
    });
    const question = this.#deps.numbers.chatOf(tenantId, link, to).catch((error: unknown) => {
      if (waitMs > 0 && error instanceof BridgeError && error.errorName === "recipient_not_on_whatsapp") throw error;
      return undefined;
    });
    // When the time is up first, a refusal has nobody to go to.
    question.catch(() => undefined);
    try {
      return await Promise.race([question, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Builds what needs no upload; the dispatcher builds the rest, and what does not work now. */
  async #buildNow(request: BuildRequest, link: Link | undefined): Promise<BuiltMessage | undefined> {
    const { chatId, content } = request;
    if (link === undefined || chatId === undefined || !LIGHT.includes(content.type)) return undefined;
    try {
      return { chatId, ...(await this.#deps.builder.build(link, request, AbortSignal.timeout(LOOKUP_WITHIN_MS))) };
    } catch {
      return undefined;
    }
  }

  /** Writes the message and its key. Undefined when the id is taken. @throws BridgeError store_unavailable, idempotency_… */
  async #record(params: MessageSendParams, request: BuildRequest, built: BuiltMessage | undefined): Promise<OutboxRow | undefined> {
    const { store } = this.#deps;
    const { tenantId, idempotency } = params;
    const message = this.#toNewMessage(params, request, built);
    try {
      return await store.writer.soon(() => {
        const row = store.outbox.insert(message);
        if (row === undefined || idempotency === undefined) return row;
        const claim = { fingerprint: idempotency.fingerprint, kind: "message" as const, subject: row.messageId, answer: toOutgoingMessage(row) };
        if (!store.idempotency.claim(tenantId, idempotency.key, claim)) throw new KeyTaken();
        return row;
      });
    } catch (error) {
      if (error instanceof KeyTaken) throw new BridgeError("idempotency_in_flight");
      throw error;
    }
  }

  #toNewMessage(params: MessageSendParams, request: BuildRequest, built: BuiltMessage | undefined): NewMessage {
    const { store, governor, expiryMs } = this.#deps;
    const { tenantId, pairing, messageId, to, chatId, content, context, audience } = request;
    const nowMs = Date.now();
    const candidate = { tenantId, pairing, chatId: chatId ?? likelyChat(to), type: content.type, batchId: undefined, acceptedAtMs: nowMs };
    return {
      tenantId,
      messageId,
      pairingId: pairing.id,
      request: { recipient: to, chatId, content, context, audience },
      built,
      addresses: addressesOf(store, pairing, to, chatId),
      rank: Math.ceil(governor.priority(candidate, nowMs)),
      acceptedAtMs: nowMs,
      sendAtMs: params.sendAtMs,
      expiresAtMs: params.expiresAtMs ?? Math.max(nowMs, params.sendAtMs ?? 0) + expiryMs,
      holdWhenUncertain: params.whenUncertain === "hold",
    };
  }

  /** Lets a recorded message go, and waits for what the caller waits for. */
  async #answer(row: OutboxRow, params: MessageSendParams, isConnected: boolean, signal: AbortSignal): Promise<OutgoingMessage> {
    const { deliveries, dispatcher } = this.#deps;
    const waits = isConnected && row.stage !== "scheduled" && params.waitMs > 0;
    if (!waits) {
      dispatcher.accepted([row]);
      return toOutgoingMessage(row);
    }
    const untilMs = Date.now() + params.waitMs;
    // Registered before it leaves, or an answer might come before anybody listens.
    const expected = deliveries.expect(row.tenantId, row.messageId);
    dispatcher.accepted([row]);
    const hold = row.stage === "ready" ? dispatcher.holdOf(row) : undefined;
    if (hold !== undefined && LASTING.has(hold.reason) && (hold.untilMs ?? Infinity) > untilMs) expected.stop();
    const settled = await this.#await(expected, row, params.waitMs, signal);
    const message = toOutgoingMessage(settled);
    this.#keepAnswer(params, message);
    throwIfFailed(settled);
    return message;
  }

  /** The first answer is what the same request is answered for as long as the message is kept. */
  #keepAnswer({ tenantId, idempotency }: MessageSendParams, answer: OutgoingMessage): void {
    if (idempotency === undefined || answer.status === "accepted") return;
    const { store } = this.#deps;
    // Not waited for: until it is on disk the answer that stands there says "accepted", which was true as well.
    store.writer.soon(() => {
      store.idempotency.setAnswer(tenantId, idempotency.key, { fingerprint: idempotency.fingerprint, kind: "message", subject: answer.messageId, answer });
    }).catch(() => undefined);
  }

  /** What became of a message whose id was used before. */
  async #answerKnown(row: OutboxRow, params: MessageSendParams, signal: AbortSignal): Promise<OutgoingMessage> {
    const { request } = row;
    const same = isDeepStrictEqual(request.content, params.content) && isDeepStrictEqual(request.context, params.context);
    if (!same || (request.recipient !== params.to && chatIdOf(row) !== params.to)) throw new BridgeError("message_conflict");
    if (row.status !== "accepted" || params.waitMs === 0 || row.stage === "scheduled") {
      // What was read may not be on disk yet, and "accepted" says that it is.
      await this.#deps.store.writer.soon(() => undefined);
      return toOutgoingMessage(row);
    }
    const settled = await this.#await(this.#deps.deliveries.expect(row.tenantId, row.messageId), row, params.waitMs, signal);
    throwIfFailed(settled);
    return toOutgoingMessage(settled);
  }

  async #await(expected: ReturnType<Deliveries["expect"]>, row: OutboxRow, waitMs: number, signal: AbortSignal): Promise<OutboxRow> {
    const timer = setTimeout(expected.stop, waitMs);
    signal.addEventListener("abort", expected.stop, { once: true });
    if (signal.aborted) expected.stop();
    try {
      const current = (await expected.answer) ?? this.#deps.store.outbox.byId(row.id);
      if (current === undefined) throw new BridgeError("bridge_error");
      return current;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", expected.stop);
    }
  }
}

/** A caller that waited is told of a failure as an error. Others see it in the message. */
function throwIfFailed(row: OutboxRow): void {
  const name = row.failure === undefined ? undefined : ERROR_OF[row.failure];
  if (name === undefined) return;
  const details: ErrorDetails = row.whatsappError === undefined ? {} : { whatsappError: row.whatsappError };
  throw new BridgeError(name, details);
}

