/**
 * Questions to WhatsApp on behalf of a tenant: one after another for each kind, with a time by which they are answered
 * or given up, and silence after WhatsApp said that it was asked too much. Its own clients ask about groups one at a
 * time; a number that asks 34 things at once is refused 24 of them, and one that goes on asking is banned.
 */
import { BridgeError, type ErrorDetails } from "../errors.js";
import type { ErrorName } from "../rpc/contract.gen.js";

/** What a question is about. Kinds wait for themselves only, and are silent for themselves only. */
export type QuestionKind = "numbers" | "contacts" | "groups" | "channels" | "labels";

/** What carries a question. */
export interface Carrier {
  /** False once no answer can come over it any more. */
  readonly isOpen: boolean;
}

/** Which errors of the contract WhatsApp's own codes stand for. */
export type Refusals = Readonly<Partial<Record<number, ErrorName>>>;

/** How long WhatsApp may take for an answer. Less than Baileys waits, which then answers with nothing instead of an error. */
export const ANSWER_WITHIN_MS = 10_000;

/** How long a question may wait for those before it. */
const TURN_WITHIN_MS = 8000;

/** Questions of one kind that may wait at a time. */
const WAITING_LIMIT = 50;

/** WhatsApp's code for too many questions: `<error code="429" text="rate-overlimit"/>`. */
const TOO_MANY = 429;

/** The first silence after that, by kind; each next one is twice as long, up to the longest. Checking many numbers gets numbers banned. */
const FIRST_SILENCE_MS: Readonly<Record<QuestionKind, number>> = { numbers: 60_000, contacts: 15_000, groups: 15_000, channels: 15_000, labels: 15_000 };
const LONGEST_SILENCE_MS = 10 * 60_000;

/** Tenants whose lanes are remembered without anything in them. */
const IDLE_LANES_LIMIT = 2000;

class Lane {
  waiting = 0;
  silentUntilMs = 0;
  #silenceMs = 0;
  #tail: Promise<void> = Promise.resolve();

  /** Waits for its turn. @returns what ends the turn; call it whatever happens. */
  async turn(): Promise<() => void> {
    const before = this.#tail;
    let end: () => void = () => undefined;
    const mine = new Promise<void>((resolve) => (end = resolve));
    this.#tail = before.then(() => mine);
    if (await isLate(before, TURN_WITHIN_MS)) {
      end();
      throw rateLimited(TURN_WITHIN_MS);
    }
    return end;
  }

  get isIdle(): boolean {
    return this.waiting === 0 && this.silentUntilMs <= Date.now();
  }

  /** @throws BridgeError whatsapp_rate_limited while nothing may be asked */
  needSpeech(): void {
    const leftMs = this.silentUntilMs - Date.now();
    if (leftMs > 0) throw rateLimited(leftMs);
  }

  /** WhatsApp was asked too much. @returns for how long nothing is asked. */
  silence(firstMs: number): number {
    this.#silenceMs = Math.min(this.#silenceMs === 0 ? firstMs : 2 * this.#silenceMs, LONGEST_SILENCE_MS);
    this.silentUntilMs = Date.now() + this.#silenceMs;
    return this.#silenceMs;
  }

  answered(): void {
    this.#silenceMs = 0;
  }
}

export class Questions {
  readonly #lanes = new Map<string, Lane>();
  readonly #answerWithinMs: number;

  /** @param answerWithinMs for tests */
  constructor(answerWithinMs = ANSWER_WITHIN_MS) {
    this.#answerWithinMs = answerWithinMs;
  }

  /**
   * Asks when its turn has come and waits for the answer.
   * @param refusals what WhatsApp's codes mean for this question; others are `whatsapp_refused`.
   * @throws BridgeError whatsapp_timeout, whatsapp_rate_limited, whatsapp_refused, session_not_connected, and those of `refusals`
   */
  async ask<T>(tenantId: string, kind: QuestionKind, carrier: Carrier, question: () => Promise<T>, refusals: Refusals = {}): Promise<T> {
    const lane = this.#lane(tenantId, kind);
    lane.needSpeech();
    if (lane.waiting >= WAITING_LIMIT) throw rateLimited(TURN_WITHIN_MS);
    lane.waiting += 1;
    try {
      const end = await lane.turn();
      try {
        lane.needSpeech();
        if (!carrier.isOpen) throw new BridgeError("session_not_connected");
        const answer = await within(question(), this.#answerWithinMs);
        lane.answered();
        return answer;
      } catch (error) {
        throw translated(error, carrier, refusals, () => lane.silence(FIRST_SILENCE_MS[kind]));
      } finally {
        end();
      }
    } finally {
      lane.waiting -= 1;
    }
  }

  #lane(tenantId: string, kind: QuestionKind): Lane {
    const key = `${kind} ${tenantId}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    if (this.#lanes.size >= IDLE_LANES_LIMIT) {
      for (const [name, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(name);
    }
    const lane = new Lane();
    this.#lanes.set(key, lane);
    return lane;
  }
}

/** The error that says when to ask again. */
export function rateLimited(retryAfterMs: number): BridgeError {
  return new BridgeError("whatsapp_rate_limited", { retryAfterMs: Math.ceil(retryAfterMs) });
}

/** WhatsApp's own code in an error of Baileys: of a refused IQ, of a GraphQL answer, or of an error node it kept. */
export function whatsappCode(error: unknown): number | undefined {
  const data = (error as { data?: unknown } | null)?.data;
  const inner = data as { extensions?: { error_code?: unknown }; attrs?: { code?: unknown } } | null | undefined;
  const code = typeof data === "number" ? data : Number(inner?.extensions?.error_code ?? inner?.attrs?.code);
  return Number.isSafeInteger(code) ? code : undefined;
}

function translated(error: unknown, carrier: Carrier, refusals: Refusals, silence: () => number): unknown {
  if (error instanceof BridgeError) return error;
  const code = whatsappCode(error);
  if (code === undefined) return carrier.isOpen ? error : new BridgeError("session_not_connected");
  if (code === TOO_MANY) return rateLimited(silence());
  const details: ErrorDetails = { whatsappError: code };
  return new BridgeError(refusals[code] ?? "whatsapp_refused", details);
}

async function isLate(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => {
      resolve(true);
    }, ms);
  });
  const done = await Promise.race([work.then(() => false), late]);
  clearTimeout(timer);
  return done;
}

async function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BridgeError("whatsapp_timeout"));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
