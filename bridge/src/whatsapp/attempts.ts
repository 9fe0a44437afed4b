/**
 * How often a session has failed in a row, and how long it waits before it tries again. Only a connection that
 * stayed starts the count anew: a session that connects and drops at once, again and again, waits longer and longer
 * like one that does not connect at all.
 */
import type { Verdict } from "./reconnect.js";

/** How long a connection must last to count as one. */
export const STABLE_AFTER_MS = 60_000;

const BASE_MS = 1000;

/** The network may come back any moment, and trying costs WhatsApp nothing. */
const UNREACHABLE_CAP_MS = 60_000;

/** WhatsApp itself turned the session away: coming back every minute for days would only annoy it. */
const REFUSED_CAP_MS = 5 * 60_000;

/** The disk is our own: a full one that has room again is noticed soon. */
const STORE_RETRY_MS = 2000;

/** Broken encryption of a session mends itself now and then, but not after the fifth time. */
const BAD_SESSION_TRIES = 5;

/** Restarts WhatsApp may ask for one after the other before they are failures like any other. */
const FREE_RESTARTS = 2;

const NEVER_REACHED = new Set(["whatsapp_unreachable", "dns_failure", "proxy_unreachable"]);

/**
 * How long to wait before the nth attempt in a row (from 0), in milliseconds: between half and the whole of a time
 * that doubles up to a cap, so that hundreds of sessions that lost the network together do not come back together.
 */
export function backoffMs(attempt: number, capMs: number = UNREACHABLE_CAP_MS, random: () => number = Math.random): number {
  const whole = Math.min(capMs, BASE_MS * 2 ** Math.min(attempt, 16));
  return Math.round(whole / 2 + (random() * whole) / 2);
}

export class Attempts {
  readonly #random: () => number;
  #failed = 0;
  #badSessions = 0;
  #restarts = 0;
  #connectedAtMs: number | undefined;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Attempts that failed in a row. */
  get failed(): number {
    return this.#failed;
  }

  /** Somebody asked to try: the count begins anew. */
  reset(): void {
    this.#failed = 0;
    this.#badSessions = 0;
    this.#restarts = 0;
  }

  connected(nowMs: number = Date.now()): void {
    this.#connectedAtMs = nowMs;
  }

  /** The connection ended, or none came about. Call it before `next`. */
  ended(nowMs: number = Date.now()): void {
    if (this.#connectedAtMs !== undefined && nowMs - this.#connectedAtMs >= STABLE_AFTER_MS) this.reset();
    this.#connectedAtMs = undefined;
  }

  /** How long to wait before trying again; undefined when it is not worth it any more. */
  next(verdict: Pick<Verdict, "next" | "reason">): number | undefined {
    if (verdict.reason === "store_unavailable") return STORE_RETRY_MS;
    if (verdict.next === "now" && this.#restarts < FREE_RESTARTS) {
      this.#restarts += 1;
      return 0;
    }
    if (verdict.reason === "bad_session") {
      this.#badSessions += 1;
      if (this.#badSessions > BAD_SESSION_TRIES) return undefined;
    }
    const cap = NEVER_REACHED.has(verdict.reason) ? UNREACHABLE_CAP_MS : REFUSED_CAP_MS;
    const waitMs = backoffMs(this.#failed, cap, this.#random);
    this.#failed += 1;
    return waitMs;
  }
}
