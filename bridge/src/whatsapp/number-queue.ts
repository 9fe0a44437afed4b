/**
 * The numbers one tenant wants to know about, gathered into questions that are spaced. Those somebody wants to write to
 * go first; the others may use what is left of the tenant's pace.
 */
import type { Link } from "./link.js";
import type { Account } from "./number-lookup.js";
import { rateLimited } from "./questions.js";

/** Numbers in one question; each may have two forms. */
const BATCH = 50;

/** Between two questions on behalf of messages. */
const URGENT_GAP_MS = 500;

/** Numbers that may wait in all. */
const WANTED_LIMIT = 5000;

/** How long a check may wait for its turn; the call it belongs to has a little more. */
const PATIENCE_MS = 25_000;

interface Wanted {
  urgent: boolean;
  link: Link;
  answer: Promise<Account | undefined>;
  resolve: (account: Account | undefined) => void;
  reject: (error: unknown) => void;
  /** Ends its patience. */
  giveUp: NodeJS.Timeout;
}

export class NumberQueue {
  readonly #perNumberMs: number;
  readonly #ask: (link: Link, numbers: readonly string[]) => Promise<Map<string, Account>>;
  readonly #patienceMs: number;
  readonly #wanted = new Map<string, Wanted>();
  /** Asked right now: whoever wants the same number shares the answer. */
  #asked = new Map<string, Wanted>();
  #urgentFromMs = 0;
  #patientFromMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(perMinute: number, ask: (link: Link, numbers: readonly string[]) => Promise<Map<string, Account>>, patienceMs = PATIENCE_MS) {
    this.#perNumberMs = 60_000 / perMinute;
    this.#ask = ask;
    this.#patienceMs = patienceMs;
  }

  get isIdle(): boolean {
    return this.#wanted.size === 0 && this.#asked.size === 0 && this.#patientFromMs <= Date.now();
  }

  /** @throws BridgeError whatsapp_rate_limited when so many more numbers would not be answered in time. */
  needRoom(count: number): void {
    if (count === 0) return;
    const lastBatch = Math.floor((this.#wanted.size + count - 1) / BATCH) * BATCH;
    const waitMs = Math.max(0, this.#patientFromMs - Date.now()) + lastBatch * this.#perNumberMs;
    if (waitMs > this.#patienceMs) throw rateLimited(waitMs - this.#patienceMs);
  }

  /** The account of a number, asked for in one of the next questions. @throws what the question throws */
  find(number: string, link: Link, urgent: boolean): Promise<Account | undefined> {
    const known = this.#asked.get(number) ?? this.#wanted.get(number);
    if (known !== undefined) {
      known.urgent ||= urgent;
      known.link = link;
      this.#schedule();
      return known.answer;
    }
    if (this.#wanted.size >= WANTED_LIMIT) return Promise.reject(rateLimited(this.#patienceMs));
    let resolve: Wanted["resolve"] = () => undefined;
    let reject: Wanted["reject"] = () => undefined;
    const answer = new Promise<Account | undefined>((resolved, rejected) => {
      resolve = resolved;
      reject = rejected;
    });
    const giveUp = setTimeout(() => {
      this.#giveUp(number);
    }, this.#patienceMs);
    this.#wanted.set(number, { urgent, link, answer, resolve, reject, giveUp });
    this.#schedule();
    return answer;
  }

  /** Those that are urgent go first and use up the pace, so one that had room when it came may not get its turn in time. */
  #giveUp(number: string): void {
    const wanted = this.#wanted.get(number);
    if (wanted === undefined || wanted.urgent) return;
    this.#wanted.delete(number);
    wanted.reject(rateLimited(Math.max(1000, this.#patientFromMs - Date.now())));
  }

  #schedule(): void {
    if (this.#asked.size > 0 || this.#wanted.size === 0) return;
    clearTimeout(this.#timer);
    const urgent = [...this.#wanted.values()].some((each) => each.urgent);
    const leftMs = (urgent ? this.#urgentFromMs : this.#patientFromMs) - Date.now();
    // Even when it may be asked now: what is wanted in the same moment goes into the same question.
    this.#timer = setTimeout(() => {
      void this.#round();
    }, Math.max(0, leftMs));
  }

  async #round(): Promise<void> {
    const batch = this.#next();
    const [first] = batch.values();
    if (first === undefined) return;
    this.#asked = batch;
    const { link } = [...batch.values()].find((each) => each.link.isOpen) ?? first;
    try {
      const accounts = await this.#ask(link, [...batch.keys()]);
      for (const [number, each] of batch) each.resolve(accounts.get(number));
    } catch (error) {
      for (const each of batch.values()) each.reject(error);
    }
    const nowMs = Date.now();
    this.#urgentFromMs = nowMs + Math.min(URGENT_GAP_MS, this.#perNumberMs);
    this.#patientFromMs = Math.max(nowMs, this.#patientFromMs) + batch.size * this.#perNumberMs;
    this.#asked = new Map();
    this.#schedule();
  }

  #next(): Map<string, Wanted> {
    const patient = this.#patientFromMs <= Date.now();
    const entries = [...this.#wanted].filter(([, each]) => each.urgent || patient);
    const batch = new Map(entries.sort(([, a], [, b]) => Number(b.urgent) - Number(a.urgent)).slice(0, BATCH));
    for (const [number, each] of batch) {
      clearTimeout(each.giveUp);
      this.#wanted.delete(number);
    }
    return batch;
  }
}
