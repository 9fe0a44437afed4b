/**
 * What WhatsApp itself said about an account's right to begin chats. While it forbids that, first messages wait and
 * everything else goes on.
 */
import type { Restriction } from "../rpc/contract.gen.js";
import type { Capping } from "../whatsapp/account-standing.js";

/** As it is stored. */
interface Memory {
  /** WhatsApp's own timelock; `untilMs` is left out when it named no end. */
  timelock?: { untilMs?: number };
  /** First messages refused (463) one after another, until when none is tried, and when the last was refused. */
  refusals?: { count: number; untilMs: number; lastMs: number };
  capping?: { quota: number; used: number; status: string; cycleEndsAtMs?: number; saidAtMs: number };
}

/** WhatsApp Web waits so long when a restriction comes without an end (Baileys rc14, messages-recv.js). */
const UNNAMED_END_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** Refusals further apart than this have nothing to do with each other. */
const FORGET_REFUSALS_MS = 6 * 60 * 60_000;

/** A quota that is used up without a known end of its cycle is asked for again, and at the latest tried again, after a day. */
const UNNAMED_CYCLE_MS = 24 * 60 * 60_000;

const CAPPED = "CAPPED";

export class Standing {
  #memory: Memory;

  /** @param stored what `toStored` gave; anything else counts as nothing known. */
  constructor(stored?: string) {
    this.#memory = read(stored);
  }

  toStored(): string {
    return JSON.stringify(this.#memory);
  }

  /** WhatsApp said whether the account may begin chats. */
  timelock(active: boolean, untilMs: number | undefined, nowMs: number): void {
    const { refusals, ...rest } = this.#memory;
    const holds = active && (untilMs === undefined || untilMs > nowMs);
    // One refusal is settled by the answer. After several WhatsApp's word that nothing is wrong is not taken for it.
    const doubted = refusals !== undefined && refusals.count > 1 ? { refusals } : refusals === undefined ? {} : { refusals: { ...refusals, untilMs: nowMs } };
    delete rest.timelock;
    this.#memory = { ...rest, ...doubted, ...(holds ? { timelock: untilMs === undefined ? {} : { untilMs } } : {}) };
  }

  capping({ quota, used, status, cycleEndsAtMs }: Capping, nowMs: number): void {
    this.#memory = { ...this.#memory, capping: { quota, used, status, ...(cycleEndsAtMs === undefined ? {} : { cycleEndsAtMs }), saidAtMs: nowMs } };
  }

  /** A first message was refused with 463. */
  refused(nowMs: number): void {
    const before = this.#memory.refusals;
    const count = before !== undefined && nowMs - before.lastMs < FORGET_REFUSALS_MS ? before.count + 1 : 1;
    const pauseMs = Math.min(UNNAMED_END_MS * 2 ** Math.min(count - 1, 10), LONGEST_PAUSE_MS);
    this.#memory = { ...this.#memory, refusals: { count, untilMs: nowMs + pauseMs, lastMs: nowMs } };
  }

  /** A first message left: WhatsApp counts it, and says so only later. @returns true when that used the quota up. */
  began(): boolean {
    const { capping } = this.#memory;
    if (capping === undefined || capping.quota === 0) return false;
    capping.used += 1;
    return capping.used >= capping.quota;
  }

  /** Why no chat may be begun now, and until when; undefined when it may. `untilMs` is undefined when only WhatsApp can tell. */
  forbids(nowMs: number): { untilMs: number | undefined } | undefined {
    const ends = [this.#timelockEnd(nowMs), this.#refusalsEnd(nowMs), this.#cappingEnd(nowMs)].filter((end) => end !== undefined);
    if (ends.length === 0) return undefined;
    const untilMs = Math.max(...ends);
    return { untilMs: untilMs === Infinity ? undefined : untilMs };
  }

  /** As the contract says it. */
  view(nowMs: number): Restriction[] {
    const timelockEnd = Math.max(this.#timelockEnd(nowMs) ?? 0, this.#refusalsEnd(nowMs) ?? 0);
    const timelock: Restriction[] = timelockEnd === 0 ? [] : [{ kind: "reachout_timelock", ...(timelockEnd === Infinity ? {} : { untilMs: timelockEnd }) }];
    const { capping } = this.#memory;
    const end = this.#cappingEnd(nowMs);
    const over = capping === undefined || (capping.cycleEndsAtMs !== undefined && capping.cycleEndsAtMs <= nowMs);
    if (over || (end === undefined && capping.status === "NONE")) return timelock;
    const untilMs = end ?? capping.cycleEndsAtMs;
    return [...timelock, { kind: "message_capping", quota: capping.quota, used: capping.used, status: capping.status, ...(untilMs === undefined ? {} : { untilMs }) }];
  }

  #timelockEnd(nowMs: number): number | undefined {
    const { timelock } = this.#memory;
    if (timelock === undefined) return undefined;
    const { untilMs = Infinity } = timelock;
    return untilMs > nowMs ? untilMs : undefined;
  }

  #refusalsEnd(nowMs: number): number | undefined {
    const untilMs = this.#memory.refusals?.untilMs ?? 0;
    return untilMs > nowMs ? untilMs : undefined;
  }

  #cappingEnd(nowMs: number): number | undefined {
    const { capping } = this.#memory;
    if (capping === undefined) return undefined;
    const spent = capping.status === CAPPED || (capping.quota > 0 && capping.used >= capping.quota);
    const untilMs = capping.cycleEndsAtMs ?? capping.saidAtMs + UNNAMED_CYCLE_MS;
    return spent && untilMs > nowMs ? untilMs : undefined;
  }
}

function read(stored: string | undefined): Memory {
  try {
    return stored === undefined ? {} : (JSON.parse(stored) as Memory);
  } catch {
    return {};
  }
}
