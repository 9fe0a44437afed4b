/**
 * Sending: a message is in the outbox, under an id that never changes, before Baileys gets it, and is called sent
 * only when WhatsApp's server took it. The same id again sends nothing.
 */
import { BridgeError } from "../errors.js";
import { newMessageId } from "../ids.js";
import type { Logger } from "../log.js";
import type { MessageSendParams, OutgoingMessage } from "../rpc/contract.gen.js";
import { toOutgoingMessage, type OutboxRow } from "../store/outbox.js";
import type { Store } from "../store/store.js";
import { BuildRefused, type BuildRequest, type Built, type ContentBuilder } from "../sending/ports.js";
import { proto, type BinaryNode } from "./baileys.js";
import type { Deliveries } from "./deliveries.js";
import type { Link } from "./link.js";
import type { Numbers } from "./numbers.js";
import type { Session } from "./session.js";

export class Outgoing {
  readonly #store: Store;
  readonly #deliveries: Deliveries;
  readonly #log: Logger;
  readonly #numbers: Numbers;
  readonly #builder: ContentBuilder;

  constructor(store: Store, deliveries: Deliveries, numbers: Numbers, builder: ContentBuilder, log: Logger) {
    this.#builder = builder;
    this.#store = store;
    this.#numbers = numbers;
    this.#deliveries = deliveries;
    this.#log = log;
  }

  /**
   * Sends a message and waits up to waitMs for WhatsApp's server to take it.
   * @throws BridgeError session_not_connected, recipient_not_on_whatsapp, send_rejected, message_conflict, store_unavailable
   */
  async send(session: Session, params: MessageSendParams, signal: AbortSignal): Promise<OutgoingMessage> {
    const content = JSON.stringify(params.content);
    const known = params.messageId === undefined ? undefined : this.#store.outbox.get(session.tenantId, params.messageId);
    if (known !== undefined) return this.#answerKnown(known, params, content, signal);
    const { pairing } = session;
    const link = session.connectedLink;
    if (link === undefined || pairing === undefined) throw new BridgeError("session_not_connected");
    const chatId = await this.#numbers.chatOf(session.tenantId, link, params.to);
    if (!link.isOpen) throw new BridgeError("session_not_connected");
    const messageId = params.messageId ?? newMessageId();
    const request: BuildRequest = { tenantId: session.tenantId, pairing, messageId, to: params.to, chatId, content: params.content, context: params.context, audience: params.audience };
    await this.#builder.check(request);
    const built = await this.#build(link, request, signal);
    const row = {
      tenantId: session.tenantId,
      messageId,
      pairingId: pairing.id,
      recipient: params.to,
      chatId,
      content,
      encoded: built.encoded,
      acceptedAtMs: Date.now(),
    };
    const recorded = await this.#store.writer.soon(() => this.#store.outbox.insert(row));
    if (!recorded) {
      // Somebody was faster with the same id.
      const other = this.#store.outbox.get(session.tenantId, row.messageId);
      if (other === undefined) throw new BridgeError("bridge_error");
      return this.#answerKnown(other, params, content, signal);
    }
    this.#builder.release(request);
    session.touch();
    const expected = this.#deliveries.expect(row.tenantId, row.messageId);
    this.#relay(link, row, built);
    return this.#await(expected, row.tenantId, row.messageId, params.waitMs, signal);
  }

  async #build(link: Link, request: BuildRequest, signal: AbortSignal): Promise<Built> {
    try {
      return await this.#builder.build(link, request, signal);
    } catch (error) {
      this.#builder.release(request);
      if (!(error instanceof BuildRefused)) throw error;
      if (error.code === "media_unusable") throw new BridgeError("media_missing", {}, { cause: error });
      if (error.code === "content_not_possible" || error.code === "referenced_message_not_found") throw new BridgeError(error.code, {}, { cause: error });
      throw new BridgeError("send_rejected", {}, { cause: error });
    }
  }

  /** What became of a message whose id was used before. */
  #answerKnown(row: OutboxRow, params: MessageSendParams, content: string, signal: AbortSignal): Promise<OutgoingMessage> {
    const same = row.content === content && (row.recipient === params.to || row.chatId === params.to);
    if (!same) throw new BridgeError("message_conflict");
    if (row.status !== "accepted" || params.waitMs === 0) return Promise.resolve(toOutgoingMessage(row));
    return this.#await(this.#deliveries.expect(row.tenantId, row.messageId), row.tenantId, row.messageId, params.waitMs, signal);
  }

  async #await(expected: ReturnType<Deliveries["expect"]>, tenantId: string, messageId: string, waitMs: number, signal: AbortSignal): Promise<OutgoingMessage> {
    const timer = setTimeout(expected.stop, waitMs);
    signal.addEventListener("abort", expected.stop, { once: true });
    if (signal.aborted) expected.stop();
    try {
      const row = (await expected.answer) ?? this.#store.outbox.get(tenantId, messageId);
      if (row === undefined) throw new BridgeError("bridge_error");
      if (row.status === "failed") throw new BridgeError("send_rejected", row.whatsappError === undefined ? {} : { whatsappError: row.whatsappError });
      return toOutgoingMessage(row);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", expected.stop);
    }
  }

  /** Hands a recorded message to Baileys. What comes of it reaches Deliveries. */
  #relay(link: Link, row: { tenantId: string; messageId: string; chatId: string; encoded: Uint8Array }, built: Built): void {
    // Baileys bounds each of its questions to WhatsApp; the caller's own wait is bounded apart from this.
    link.sock.relayMessage(row.chatId, proto.Message.decode(row.encoded), { messageId: row.messageId, ...relayOptions(built) }).catch((error: unknown) => {
      this.#log.warn({ tenantId: row.tenantId, messageId: row.messageId, err: error }, "a message was not handed to WhatsApp");
      const refusal = refusalOf(error);
      // On a link that broke nobody knows how far it came: an answer or a receipt may still tell.
      if (refusal === undefined || !link.isOpen) return;
      try {
        this.#deliveries.refused(row.tenantId, row.messageId, refusal.code);
      } catch (failure) {
        this.#log.error({ tenantId: row.tenantId, err: failure }, "a refused message could not be recorded");
      }
    });
  }
}

/** What the stanza of a message has beside the message. */
function relayOptions({ attributes, nodes, statusJids }: Built): { additionalAttributes?: Record<string, string>; additionalNodes?: BinaryNode[]; statusJidList?: string[] } {
  return {
    ...(attributes === undefined ? {} : { additionalAttributes: attributes }),
    ...(nodes === undefined ? {} : { additionalNodes: [...nodes] }),
    ...(statusJids === undefined ? {} : { statusJidList: statusJids }),
  };
}

/**
 * A failure that came before the message left: WhatsApp refused a question Baileys asks first (Boom with WhatsApp's
 * code as its data), or there was no device to encrypt for. Anything else may have come after.
 */
function refusalOf(error: unknown): { code: number | undefined } | undefined {
  if (!(error instanceof Error)) return undefined;
  const data = (error as { data?: unknown }).data;
  if (typeof data === "number" && Number.isSafeInteger(data)) return { code: data };
  return error.message === "All encryptions failed" ? { code: undefined } : undefined;
}
