/**
 * What WhatsApp says about an account's right to write to strangers: whether it may at all (the reach-out timelock) and
 * how many new chats it has left (message capping). WhatsApp tells changes by itself; it is asked after a login and
 * whenever a message was refused.
 */
import type { Logger } from "../log.js";
import type { Pairing } from "../store/sessions.js";
import type { ConnectionState, WASocket } from "./baileys.js";
import { phoneNumberOf } from "./jid.js";
import { Timers } from "./timers.js";

/** WhatsApp's quota of new chats. */
export interface Capping {
  /** 0 when there is none. */
  quota: number;
  used: number;
  /** WhatsApp's own word: NONE, FIRST_WARNING, SECOND_WARNING or CAPPED. */
  status: string;
  /** When the count begins anew; undefined when WhatsApp did not say. */
  cycleEndsAtMs: number | undefined;
}

/** What happens to an account, told by its connection. Implemented in sending/. */
export interface AccountSignals {
  /** A phone has linked this session to a number. */
  linked(pairing: Pairing, account: string, nowMs: number): void;
  /** The tenant was erased. */
  erased(tenantId: string): void;
  /** A message came in: somebody may wait for an answer now. */
  heard(tenantId: string): void;
  /** WhatsApp said whether the account may begin chats. `untilMs` is undefined when it named no end. */
  timelock(pairing: Pairing, active: boolean, untilMs: number | undefined, nowMs: number): void;
  /** WhatsApp said how many chats the account may begin. */
  capping(pairing: Pairing, capping: Capping, nowMs: number): void;
}

type ReachoutTimelockState = NonNullable<ConnectionState["reachoutTimeLock"]>;

/** In doubt WhatsApp is asked at most so often. */
const ASK_EVERY_MS = 60_000;

/** A timelock without an end is asked about again after this. */
const ASK_AGAIN_MS = 15 * 60_000;

/** The longest cycle and restriction that is believed. */
const LONGEST_MS = 366 * 24 * 60 * 60_000;
const MAX_COUNT = 1_000_000_000;
const MAX_STATUS_LENGTH = 64;

/** What an AccountStanding needs of its connection. */
export interface StandingDeps {
  pairing: Pairing;
  signals: AccountSignals;
  log: Logger;
  /** Runs work in the name of the connection, which Baileys' stray promises are then known to belong to. */
  within: <T>(work: () => T) => T;
  /** The account's phone JID. */
  phone: () => string | undefined;
}

export class AccountStanding {
  readonly #deps: StandingDeps;
  readonly #timers = new Timers<"ask">();
  #sock: WASocket | undefined;
  #doubtedMs = 0;
  #closed = false;

  constructor(deps: StandingDeps) {
    this.#deps = deps;
  }

  /** Follows what a connection says. */
  listen(sock: WASocket): void {
    this.#sock = sock;
    sock.ev.on("message-capping.update", (info) => {
      this.#capping(info);
    });
    sock.ev.on("connection.update", ({ isNewLogin, connection, reachoutTimeLock: lock }) => {
      if (isNewLogin === true) this.#linked();
      if (connection === "open") this.#ask();
      if (lock !== undefined) this.#timelock(lock.isActive === true, endOf(lock));
    });
  }

  /** It is unclear how the account stands: a message was refused because of it, which Baileys rc14 means to ask about and never does. */
  doubt(): void {
    if (this.#timers.has("ask")) return;
    const waitMs = Math.max(0, this.#doubtedMs + ASK_EVERY_MS - Date.now());
    this.#doubtedMs = Date.now() + waitMs;
    if (waitMs === 0) this.#ask();
    else this.#askIn(waitMs);
  }

  close(): void {
    this.#closed = true;
    this.#timers.clear();
  }

  #ask(): void {
    const sock = this.#sock;
    if (this.#closed || sock === undefined) return;
    const { log, pairing, within } = this.#deps;
    const failed = (error: unknown): void => {
      if (this.#live) log.warn({ tenantId: pairing.tenantId, err: error }, "WhatsApp did not say how the account is restricted");
    };
    // Baileys bounds each question in time.
    within(() => sock.fetchNewChatMessageCap()).then((info) => {
      this.#capping(info);
    }, failed);
    // Baileys tells what was answered as a connection update too.
    within(() => sock.fetchAccountReachoutTimelock()).then((lock) => {
      if (lock.isActive === true && endOf(lock) === undefined && this.#live) this.#askIn(ASK_AGAIN_MS);
    }, failed);
  }

  #askIn(ms: number): void {
    this.#timers.set("ask", ms, () => {
      this.#ask();
    });
  }

  get #live(): boolean {
    return !this.#closed;
  }

  #linked(): void {
    const account = phoneNumberOf(this.#deps.phone());
    if (account === undefined) return;
    this.#tell(() => {
      this.#deps.signals.linked(this.#deps.pairing, account, Date.now());
    });
  }

  #timelock(active: boolean, untilMs: number | undefined): void {
    const nowMs = Date.now();
    this.#tell(() => {
      this.#deps.signals.timelock(this.#deps.pairing, active, untilMs === undefined ? undefined : Math.min(untilMs, nowMs + LONGEST_MS), nowMs);
    });
  }

  #capping(info: unknown): void {
    const capping = readCapping(info, Date.now());
    if (capping === undefined) return;
    this.#tell(() => {
      this.#deps.signals.capping(this.#deps.pairing, capping, Date.now());
    });
  }

  /** When the disk fails now, the next answer tells it again. */
  #tell(tell: () => void): void {
    if (this.#closed) return;
    try {
      tell();
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#deps.pairing.tenantId, err: error }, "what WhatsApp said about the account could not be recorded");
    }
  }
}

/** When a timelock ends, in unix ms; undefined when WhatsApp named no end, or nonsense. */
export function endOf({ timeEnforcementEnds }: ReachoutTimelockState): number | undefined {
  const time = timeEnforcementEnds?.getTime();
  return time !== undefined && Number.isSafeInteger(time) ? time : undefined;
}

function count(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) ? Math.min(MAX_COUNT, Math.max(0, Math.floor(number))) : 0;
}

/** Fields as Baileys rc14 names them (Types/State.d.ts); times are seconds in a string, "0" for none. */
export function readCapping(info: unknown, nowMs: number): Capping | undefined {
  if (typeof info !== "object" || info === null) return undefined;
  const { total_quota: quota, used_quota: used, capping_status: status, cycle_end_timestamp: end } = info as Record<string, unknown>;
  const endMs = Number(end) * 1000;
  return {
    quota: count(quota),
    used: count(used),
    status: typeof status === "string" && /^[A-Z_]+$/.test(status) ? status.slice(0, MAX_STATUS_LENGTH) : "NONE",
    cycleEndsAtMs: Number.isSafeInteger(endMs) && endMs > 0 ? Math.min(endMs, nowMs + LONGEST_MS) : undefined,
  };
}
