/** The client: every operation of the API, and what most applications do with it in a line. */
import { Operations } from "./operations.gen.js";
import { Transport, type CallOptions, type ClientOptions } from "./transport.js";
import type { EventPage, SendRequest, SentMessage, SessionStatus } from "./types.gen.js";

export interface SendOptions extends CallOptions {
  /** Seconds to wait for WhatsApp's server: 0 to 30, 5 by default. */
  wait?: number;
  /** A text of your own for this message. Without one the client makes one, so that its own repetitions send once. */
  idempotencyKey?: string;
}

/** The longest a send waits for WhatsApp's server when nothing is said. */
const SEND_WAIT_SECONDS = 5;
const SLACK_MS = 30_000;
const POLL_SECONDS = 25;

/**
 * `new WhatsAppClient({ baseUrl, apiKey })` or `new WhatsAppClient(baseUrl, apiKey)`.
 *
 * Every method throws a GatewayError for a refusal. What may be said twice is said again by itself when there was no answer
 * or the gateway asks to come back shortly; a message is sent once all the same.
 */
export class WhatsAppClient extends Operations {
  protected readonly transport: Transport;

  constructor(options: ClientOptions);
  constructor(baseUrl: string, apiKey: string, options?: Omit<ClientOptions, "baseUrl" | "apiKey">);
  constructor(first: ClientOptions | string, apiKey = "", options: Omit<ClientOptions, "baseUrl" | "apiKey"> = {}) {
    super();
    this.transport = new Transport(typeof first === "string" ? { ...options, baseUrl: first, apiKey } : first);
  }

  /** Sends a text: `sendMessage(tenantId, "+5511987654321", "Hello!")`. */
  override sendMessage(tenantId: string, to: string, message: string, options?: SendOptions): Promise<SentMessage>;
  /** Sends a message of any kind: `sendMessage(tenantId, { to, type: "image", mediaUrl, caption })`, or a form with a file. */
  override sendMessage(tenantId: string, body: SendRequest | FormData, options?: SendOptions): Promise<SentMessage>;
  override sendMessage(tenantId: string, first: string | SendRequest | FormData, second?: string | SendOptions, third?: SendOptions): Promise<SentMessage> {
    const text = typeof first === "string";
    const body: SendRequest | FormData = text ? { to: first, message: typeof second === "string" ? second : "", type: "text" } : first;
    const options = { ...(text ? third : (second as SendOptions | undefined)) };
    options.idempotencyKey ??= crypto.randomUUID();
    options.timeoutMs ??= (options.wait ?? SEND_WAIT_SECONDS) * 1000 + SLACK_MS;
    return super.sendMessage(tenantId, body, options);
  }

  /**
   * Waits until the tenant's number is connected, or will not be without somebody doing something, and answers its state.
   * @param within seconds, 120 by default; after them the state as it is.
   */
  async waitUntilConnected(tenantId: string, within = 120, options: CallOptions = {}): Promise<SessionStatus> {
    const ends = Date.now() + within * 1000;
    for (;;) {
      const status = await this.getSessionStatus(tenantId, options);
      if (status.connected || ["logged_out", "failed", "disconnected"].includes(status.status) || Date.now() >= ends) return status;
      await new Promise((resolve) => setTimeout(resolve, Math.min(1000, Math.max(0, ends - Date.now()))));
      options.signal?.throwIfAborted();
    }
  }

  /**
   * What happens, in order and without a webhook, page by page, waiting for each: `for await (const page of client.eventPages(id, { after }))`.
   * Store a page's `cursor` once its events are done, and begin `after` it after a restart. Without `after` it begins with
   * the oldest event there is.
   */
  async *eventPages(tenantId: string, options: CallOptions & { after?: string } = {}): AsyncGenerator<EventPage, void, undefined> {
    for (let after = options.after; ; ) {
      const page: EventPage = await this.listEvents(tenantId, { ...options, ...(after === undefined ? {} : { after }), wait: POLL_SECONDS });
      after = page.cursor;
      if (page.events.length > 0) yield page;
    }
  }
}
