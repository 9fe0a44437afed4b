import { parseJid } from "../wire/jid.js";
import type { Forgery } from "../wire/certificate.js";
import type { LinkPolicy } from "../wire/connection.js";

/** Faults that end or disturb a link at a moment. */
export const LINK_FAULTS = [
  "drop", "drop-mid-frame", "close", "restart", "logged-out", "forbidden", "replaced", "unavailable", "bad-session",
  "multi-device", "undecodable", "temp-ban", "outdated", "banned", "experimental", "timelock-notice", "capping-notice",
] as const;
/**
 * Faults that change how the server behaves while they last. `timelock`: the account may not begin new chats, as the
 * server says when asked. `passkey`: instead of linking a client the server asks it for a passkey, as it does since
 * mid-2026 (github.com/tulir/whatsmeow, issue 1185 and pull request 1186). `refuse-code`: no pairing code is given.
 * `capping`: how many new chats the account may begin, as the server says when asked.
 */
export const RULE_FAULTS = [
  "stall", "delay", "duplicate", "error-ack", "swallow-ack", "refuse", "withhold-offline", "forged-certificate", "forged-account", "ref-ttl",
  "timelock", "passkey", "refuse-code", "capping", "delay-ack", "cut-at-message", "refuse-request", "delay-request",
  "swallow-request", "refuse-upload", "delay-upload", "swallow-upload", "refuse-download", "delay-download",
] as const;
export type LinkFault = (typeof LINK_FAULTS)[number];
export type RuleFault = (typeof RULE_FAULTS)[number];
export type FaultKind = LinkFault | RuleFault;
/** When a link fault strikes: at once, at the next login, or when the client's next message has been relayed. */
export type FaultMoment = "now" | "login" | "message";

/** Baileys Types/State.d.ts, NewChatMessageCappingStatusType. */
export const CAPPING_STATUSES = ["NONE", "FIRST_WARNING", "SECOND_WARNING", "CAPPED"] as const;
export type CappingStatus = (typeof CAPPING_STATUSES)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** Digits; absent means every number. */
  number?: string | undefined;
  /** Ends after so many uses. */
  count?: number | undefined;
  /** Ends after so many milliseconds. */
  forMs?: number | undefined;
  on?: FaultMoment | undefined;
  /** Lets the first so many pass before it strikes. */
  skip?: number | undefined;
  /** error-ack, refuse-request: the error code. refuse, refuse-upload, refuse-download: the HTTP status. */
  code?: number | undefined;
  /**
   * delay and the like: milliseconds. ref-ttl: milliseconds a QR ref lives. temp-ban, timelock, timelock-notice: milliseconds until
   * it ends, in whole seconds on the wire; a timelock-notice of 0 says that it has ended. capping: milliseconds until
   * the quota is new.
   */
  ms?: number | undefined;
  /** delay: only stanzas with this tag. Faults of requests: only those whose first child has it. */
  tag?: string | undefined;
  /** Faults of requests: only those in this namespace, e.g. `usync`. */
  xmlns?: string | undefined;
  /** Faults of messages: only those to this number (digits), address or group. */
  to?: string | undefined;
  /** Faults of messages: only those to somebody with whom nothing was exchanged yet. */
  newChats?: boolean | undefined;
  /** cut-at-message: whether the message still reaches its recipients; it does unless this is false. */
  deliver?: boolean | undefined;
  /** capping and its notice: new chats allowed and begun, and how near the end is. */
  quota?: number | undefined;
  spent?: number | undefined;
  status?: CappingStatus | undefined;
  forgery?: Forgery | undefined;
  frame?: "node" | "cipher" | undefined;
}

export interface Fault extends FaultRequest {
  id: number;
  /** How often it struck. */
  used: number;
  /** Unix time in milliseconds at which it came into force; what is promised for `ms` later counts from here. */
  since: number;
  /** Unix time in milliseconds at which it ends by itself. */
  until?: number;
}

/** Active faults at a time; beyond it a new one is refused. */
const MAX_FAULTS = 1_000;

/** The faults in force. Asking for one that is limited by count uses it up. */
export class Faults implements LinkPolicy {
  private readonly active = new Map<number, Fault>();
  private nextId = 1;

  /** Throws when too many faults are active. */
  add(request: FaultRequest): Fault {
    this.expire();
    if (this.active.size >= MAX_FAULTS) throw new Error(`more than ${MAX_FAULTS} faults are active`);
    const fault: Fault = { ...request, id: this.nextId++, used: 0, since: Date.now() };
    if (request.forMs !== undefined) fault.until = Date.now() + request.forMs;
    this.active.set(fault.id, fault);
    return fault;
  }

  list(): Fault[] {
    this.expire();
    return [...this.active.values()];
  }

  remove(id: number): boolean {
    return this.active.delete(id);
  }

  clear(): void {
    this.active.clear();
  }

  /** The first fault of this kind in force for the number; it counts as used. */
  take(kind: FaultKind, number: string | undefined, fits: (fault: Fault) => boolean = () => true): Fault | undefined {
    const fault = this.find(kind, number, fits);
    if (!fault) return undefined;
    if (fault.skip !== undefined && fault.skip > 0) {
      fault.skip -= 1;
      return undefined;
    }
    fault.used += 1;
    if (fault.count !== undefined && fault.used >= fault.count) this.active.delete(fault.id);
    return fault;
  }

  /** The first fault of this kind in force for the number, without using it. */
  find(kind: FaultKind, number: string | undefined, fits: (fault: Fault) => boolean = () => true): Fault | undefined {
    if (this.active.size === 0) return undefined;
    const now = Date.now();
    for (const fault of this.active.values()) {
      if (fault.until !== undefined && fault.until <= now) this.active.delete(fault.id);
      else if (fault.kind === kind && (!fault.number || fault.number === number) && fits(fault)) return fault;
    }
    return undefined;
  }

  stalled(jid: string | undefined): boolean {
    return this.active.size > 0 && this.find("stall", parseJid(jid)?.user) !== undefined;
  }

  delay(jid: string | undefined, tag: string): { ms: number; ordered: boolean } {
    if (this.active.size === 0) return { ms: 0, ordered: true };
    const fault = this.take("delay", parseJid(jid)?.user, (each) => !each.tag || each.tag === tag);
    return { ms: fault?.ms ?? 0, ordered: !fault?.tag };
  }

  private expire(): void {
    const now = Date.now();
    for (const fault of this.active.values()) {
      if (fault.until !== undefined && fault.until <= now) this.active.delete(fault.id);
    }
  }
}
