/** Takes batches in: every recipient's message and the batch itself in one commit, or nothing of it. */
import { BridgeError } from "../errors.js";
import type { Traffic } from "../figures/traffic.js";
import { newMessageId } from "../ids.js";
import type { Batch, BatchCreateParams, BatchResult } from "../rpc/contract.gen.js";
import type { NewMessage } from "../store/outbox-row.js";
import type { Pairing } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { addressesOf } from "../whatsapp/addresses.js";
import { recipientNumber } from "../whatsapp/jid.js";
import type { Sessions } from "../whatsapp/sessions.js";
import { Batches } from "./batches.js";
import { likelyChat } from "./candidates.js";
import type { PacingGovernor } from "./governor.js";
import type { BuildRequest, ContentBuilder } from "./ports.js";
import { render } from "./template.js";

export interface BatchIntakeDeps {
  store: Store;
  sessions: Sessions;
  builder: ContentBuilder;
  governor: PacingGovernor;
  batches: Batches;
  traffic: Pick<Traffic, "accepted">;
  /** How long a batch may take when its sender does not say, in milliseconds. */
  expiryMs: number;
}

/** One recipient who is not named by another entry before. */
interface Addressee {
  to: string;
  addresses: readonly string[];
  request: BuildRequest;
}

/** What all messages of a batch have in common. */
interface Common {
  tenantId: string;
  pairing: Pairing;
  batchId: string;
  nowMs: number;
  sendAtMs: number | undefined;
  expiresAtMs: number;
}

/** Messages checked at a time: each opens its file, and what all record is one commit. */
const CHECKED_TOGETHER = 50;

/** Recipients prepared or written before others have their turn. */
const PART = 25;

export class BatchIntake {
  readonly #deps: BatchIntakeDeps;
  /** Requests with a key that have no answer yet, by tenant and key: their fingerprints. */
  readonly #inFlight = new Map<string, string>();

  constructor(deps: BatchIntakeDeps) {
    this.#deps = deps;
  }

  /**
   * Accepts a batch.
   * @throws BridgeError session_not_found, session_not_connected, idempotency_mismatch, idempotency_in_flight, queue_full,
   *   content_not_possible, store_unavailable, and what the content refuses with
   */
  async create(params: BatchCreateParams): Promise<BatchResult> {
    const { tenantId, idempotency } = params;
    this.#deps.sessions.get(tenantId);
    if (idempotency === undefined) return { batch: await this.#accept(params), replayed: false };
    const known = this.#answerOf(tenantId, idempotency);
    if (known !== undefined) return { batch: known, replayed: true };
    const name = `${tenantId} ${idempotency.key}`;
    this.#inFlight.set(name, idempotency.fingerprint);
    try {
      return { batch: await this.#accept(params), replayed: false };
    } finally {
      this.#inFlight.delete(name);
    }
  }

  #answerOf(tenantId: string, { key, fingerprint }: NonNullable<BatchCreateParams["idempotency"]>): Batch | undefined {
    const underWay = this.#inFlight.get(`${tenantId} ${key}`);
    const known = this.#deps.store.idempotency.find(tenantId, key);
    const used = underWay ?? known?.fingerprint;
    if (used === undefined) return undefined;
    if (used !== fingerprint) throw new BridgeError("idempotency_mismatch");
    if (underWay !== undefined) throw new BridgeError("idempotency_in_flight");
    if (known?.kind !== "batch") throw new BridgeError("idempotency_mismatch");
    return known.answer as Batch;
  }

  async #accept(params: BatchCreateParams): Promise<Batch> {
    const { sessions, builder, batches, governor } = this.#deps;
    const { pairing } = sessions.get(params.tenantId);
    // Without a pairing there is no number to send from.
    if (pairing === undefined) throw new BridgeError("session_not_connected");
    const addressees = await this.#addressees(params, pairing);
    governor.admitBatch(params.tenantId, addressees.length, Date.now());
    const checked: BuildRequest[] = [];
    let accepted: Batch | undefined;
    try {
      // The first alone: what is the same for all, such as the digest of a file, is known then.
      for (let at = 0; at < addressees.length; at += at === 0 ? 1 : CHECKED_TOGETHER) {
        const requests = addressees.slice(at, at === 0 ? 1 : at + CHECKED_TOGETHER).map((addressee) => addressee.request);
        checked.push(...requests);
        await Promise.all(requests.map((request) => builder.check(request)));
      }
      accepted = await this.#record(params, pairing, addressees);
    } finally {
      if (accepted === undefined) for (const request of checked) builder.release(request);
    }
    this.#deps.traffic.accepted(addressees.length);
    batches.begin(params.tenantId, accepted.batchId);
    return accepted;
  }

  /** Renders the content for everybody, and leaves out who is named again. */
  async #addressees({ tenantId, content, context, recipients }: BatchCreateParams, pairing: Pairing): Promise<Addressee[]> {
    const { store } = this.#deps;
    const taken = new Set<string>();
    const addressees: Addressee[] = [];
    for (const [index, { to, variables }] of recipients.entries()) {
      if (index % PART === PART - 1) await new Promise((resolve) => setImmediate(resolve));
      const rendered = render(content, variables, `recipients[${index}]`);
      const chatId = recipientNumber(to) === undefined ? to : undefined;
      const addresses = addressesOf(store, pairing, to, chatId);
      if (addresses.some((address) => taken.has(address))) continue;
      for (const address of addresses) taken.add(address);
      addressees.push({ to, addresses, request: { tenantId, pairing, messageId: newMessageId(), to, chatId, content: rendered, context, audience: undefined } });
    }
    return addressees;
  }

  /**
   * Writes the messages part by part, so that nobody waits for them, and takes the batch in with the last commit: until
   * then none of it counts, and a crash leaves nothing of it.
   * @throws BridgeError session_not_found, idempotency_in_flight, store_unavailable
   */
  async #record(params: BatchCreateParams, pairing: Pairing, addressees: readonly Addressee[]): Promise<Batch> {
    const { store, batches, expiryMs } = this.#deps;
    const { tenantId, sendAtMs, recipients } = params;
    const batchId = Batches.newId();
    const nowMs = Date.now();
    const expiresAtMs = params.expiresAtMs ?? Math.max(nowMs, sendAtMs ?? 0) + expiryMs;
    const total = addressees.length;
    const id = await store.writer.soon(() => store.batches.prepare({ tenantId, batchId, createdAtMs: nowMs, sendAtMs, expiresAtMs, total, duplicates: recipients.length - total }));
    try {
      for (let at = 0; at < total; at += PART) {
        const messages = addressees.slice(at, at + PART).map((addressee) => this.#toNewMessage(addressee, { tenantId, pairing, batchId, nowMs, sendAtMs, expiresAtMs }));
        await store.writer.soon(() => {
          // Of a tenant that was deleted meanwhile nothing may be written any more.
          if (store.sessions.get(tenantId) === undefined) throw new BridgeError("session_not_found");
          store.outbox.insertMany(messages);
        });
      }
      return await store.writer.soon(() => this.#takeIn(params, id, batchId));
    } catch (error) {
      await batches.discard({ id, tenantId, batchId });
      throw error;
    }
  }

  /** The commit that counts: the batch is seen from here on, under its key. */
  #takeIn({ tenantId, idempotency }: BatchCreateParams, id: number, batchId: string): Batch {
    const { store, batches } = this.#deps;
    if (store.sessions.get(tenantId) === undefined) throw new BridgeError("session_not_found");
    store.batches.order(id, "running", true);
    const batch = batches.look(tenantId, batchId);
    if (idempotency === undefined) return batch;
    const claim = { fingerprint: idempotency.fingerprint, kind: "batch" as const, subject: batchId, answer: batch };
    if (!store.idempotency.claim(tenantId, idempotency.key, claim)) throw new BridgeError("idempotency_in_flight");
    return batch;
  }

  #toNewMessage({ to, addresses, request }: Addressee, { tenantId, pairing, batchId, nowMs, sendAtMs, expiresAtMs }: Common): NewMessage {
    const { content, context, messageId, chatId } = request;
    const candidate = { tenantId, pairing, chatId: chatId ?? likelyChat(to), type: content.type, batchId, acceptedAtMs: nowMs };
    return {
      tenantId,
      messageId,
      pairingId: pairing.id,
      batchId,
      request: { recipient: to, chatId, content, context },
      addresses,
      rank: Math.trunc(this.#deps.governor.priority(candidate, nowMs)),
      acceptedAtMs: nowMs,
      sendAtMs,
      expiresAtMs,
      holdWhenUncertain: false,
      paused: true,
    };
  }
}
