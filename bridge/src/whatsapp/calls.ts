/** Turns calls down for tenants that want it, and writes to the caller once if they want that too. */
import { createHash } from "node:crypto";
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { MessageSendParams } from "../rpc/contract.gen.js";
import type { Store } from "../store/store.js";
import type { Ringing } from "./call-events.js";
import type { Link } from "./link.js";

/** How long WhatsApp may take to say that the call was turned down. */
const WITHIN_MS = 10_000;

/** Calls of one tenant being turned down at a time; further ones ring on. */
const LIMIT = 20;

export interface CallsDeps {
  store: Store;
  journal: Journal;
  log: Logger;
  /** Accepts a message, as if a caller of the gateway had sent it. */
  send: (params: MessageSendParams) => Promise<unknown>;
}

export class Calls {
  readonly #deps: CallsDeps;
  readonly #underWay = new Map<string, number>();

  constructor(deps: CallsDeps) {
    this.#deps = deps;
  }

  /** Somebody calls. Never throws. */
  ring(link: Link, call: Ringing): void {
    const { tenantId } = link.pairing;
    const { rejectCalls, rejectCallsMessage } = this.#deps.store.settings.get(tenantId);
    const busy = this.#underWay.get(tenantId) ?? 0;
    if (!rejectCalls || busy >= LIMIT) return;
    this.#underWay.set(tenantId, busy + 1);
    this.#turnDown(link, call, rejectCallsMessage)
      .catch((error: unknown) => {
        this.#deps.log.warn({ tenantId, err: error }, "a call could not be turned down");
      })
      .finally(() => {
        const left = (this.#underWay.get(tenantId) ?? 1) - 1;
        if (left > 0) this.#underWay.set(tenantId, left);
        else this.#underWay.delete(tenantId);
      });
  }

  async #turnDown(link: Link, call: Ringing, message: string | undefined): Promise<void> {
    await within(WITHIN_MS, link.run((sock) => sock.rejectCall(call.id, call.from)));
    const { store, journal } = this.#deps;
    const { pairing } = link;
    const occurredAtMs = Date.now();
    await store.writer.soon(() => journal.append({
      pairingId: pairing.id,
      occurredAtMs,
      data: { ...call.event, status: "rejected", rejectedByGateway: true, occurredAtMs },
      dedup: createHash("sha256").update(JSON.stringify([pairing.tenantId, "call", call.event.callId, "rejected"])).digest(),
    }));
    if (message !== undefined && message !== "" && !call.event.isGroup) await this.#write(pairing.tenantId, call, message);
  }

  /** Once per call, whatever happens in between. */
  async #write(tenantId: string, { event, caller }: Ringing, text: string): Promise<void> {
    const to = caller.phone ?? caller.lid;
    if (to === undefined) return;
    const fingerprint = createHash("sha256").update(JSON.stringify([event.callId, to])).digest("hex");
    await this.#deps.send({ tenantId, to, content: { type: "text", text }, waitMs: 0, idempotency: { key: `call-${fingerprint.slice(0, 32)}`, fingerprint } });
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error("WhatsApp did not answer"));
    }, ms);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
