/**
 * What a session is, as it stands in the store and as callers see it. Entering a state writes it, and its event,
 * before anyone who waits is told.
 */
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { EventData, PairingCode, QrCode, Session as SessionView, SessionReason, SessionState } from "../rpc/contract.gen.js";
import type { Pairing, SessionRow } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { wellFormed } from "./content.js";
import type { Self } from "./incoming.js";
import { lidJid, phoneNumberOf } from "./jid.js";
import type { Outbound } from "./outbound.js";

export interface RecordDeps {
  store: Store;
  journal: Journal;
  log: Logger;
  outbound: Outbound;
}

/** What changes together with a state. */
export interface Circumstances {
  shouldRun?: boolean;
  /** WhatsApp's own code behind the reason; without it there is none. */
  whatsappCode?: number | undefined;
  /** Until when WhatsApp restricts the number; without it the known end stays. */
  restrictedUntilMs?: number | undefined;
}

const MAX_NAME_LENGTH = 512;

/** The name of an account before its phone told the real one. */
const NO_NAME = "~";

/** What WhatsApp answers a message with that a restricted account may not send. */
const RESTRICTION_CODE = 463;

/** A row in another state. */
function after(before: SessionRow, state: SessionState, reason: SessionReason | undefined, change: Circumstances): SessionRow {
  return {
    ...before,
    state,
    reason,
    sinceMs: before.state === state ? before.sinceMs : Date.now(),
    shouldRun: change.shouldRun ?? before.shouldRun,
    whatsappCode: change.whatsappCode,
    restrictedUntilMs: change.restrictedUntilMs ?? (before.reason === "temporarily_banned" ? undefined : before.restrictedUntilMs),
  };
}

/** True for a state in which the session may try again at a time. */
function waits(state: SessionState): boolean {
  return state === "reconnecting" || state === "connecting" || state === "restricted";
}

function isSame(a: SessionRow, b: SessionRow): boolean {
  return a.state === b.state && a.reason === b.reason && a.shouldRun === b.shouldRun && a.whatsappCode === b.whatsappCode && a.restrictedUntilMs === b.restrictedUntilMs;
}

function accountOf(self: Self, knownName: string | undefined): Pick<SessionRow, "phoneNumber" | "lid" | "name"> {
  const name = self.name === undefined || self.name === NO_NAME ? knownName : wellFormed(self.name, MAX_NAME_LENGTH);
  return { phoneNumber: phoneNumberOf(self.phone), lid: lidJid(self.lid), name };
}

export class SessionRecord {
  readonly #deps: RecordDeps;
  readonly #watchers = new Set<() => void>();
  #row: SessionRow;
  #savedState: SessionState;
  #pairing: Pairing | undefined;
  #qr: QrCode | undefined;
  #pairingCode: PairingCode | undefined;
  /** How many attempts to connect have failed in a row. */
  attempt = 0;
  /** When the next attempt to connect is due, in unix ms. */
  retryAtMs: number | undefined;

  constructor(deps: RecordDeps, row: SessionRow, pairing: Pairing | undefined) {
    this.#deps = deps;
    this.#row = row;
    this.#savedState = row.state;
    this.#pairing = pairing;
  }

  /** The state that stands in the store: another one while the disk fails. */
  get savedState(): SessionState {
    return this.#savedState;
  }

  get row(): Readonly<SessionRow> {
    return this.#row;
  }

  /** Undefined when the session has no secrets: before its first start and after a logout. */
  get pairing(): Pairing | undefined {
    return this.#pairing;
  }

  /** The session as callers see it. */
  view(): SessionView {
    const row = this.#row;
    const qr = row.state === "qr" && this.#qr !== undefined && this.#qr.expiresAtMs > Date.now() ? this.#qr : undefined;
    const code = row.state === "qr" && this.#pairingCode !== undefined && this.#pairingCode.expiresAtMs > Date.now() ? this.#pairingCode : undefined;
    return {
      tenantId: row.tenantId,
      sessionId: row.sessionId,
      state: row.state,
      sinceMs: row.sinceMs,
      ...(row.reason === undefined ? {} : { reason: row.reason }),
      ...(qr === undefined ? {} : { qr }),
      ...(code === undefined ? {} : { pairingCode: code }),
      ...(row.phoneNumber === undefined ? {} : { phoneNumber: row.phoneNumber }),
      ...(row.lid === undefined ? {} : { lid: row.lid }),
      ...(row.name === undefined ? {} : { name: row.name }),
      ...(row.lastActivityMs === undefined ? {} : { lastActivityMs: row.lastActivityMs }),
      ...(this.#deps.store.tenants.hasProxy(row.tenantId) ? { hasProxy: true } : {}),
      ...(waits(row.state) && this.retryAtMs !== undefined ? { retryAtMs: this.retryAtMs } : {}),
      ...(row.whatsappCode === undefined ? {} : { whatsappCode: row.whatsappCode }),
      ...(row.state === "restricted" && row.restrictedUntilMs !== undefined ? { restrictedUntilMs: row.restrictedUntilMs } : {}),
      ...(this.attempt === 0 ? {} : { attempt: this.attempt }),
    };
  }

  /**
   * Records that the session should run, with a new pairing when it has none.
   * @throws BridgeError store_unavailable, and then nothing changed.
   */
  begin(nowMs: number): void {
    const pairing = this.#deps.store.writer.now(() => {
      const current = this.#pairing ?? this.#deps.store.sessions.newPairing(this.#row.tenantId, nowMs);
      const fresh = current === this.#pairing ? {} : { pairingId: current.id, sessionId: current.sessionId, phoneNumber: undefined, lid: undefined, name: undefined };
      this.#write({ ...after(this.#row, "connecting", undefined, { shouldRun: true }), ...fresh, sinceMs: nowMs });
      return current;
    });
    this.#pairing = pairing;
    this.changed();
  }

  /** Enters a state. When the disk fails it holds in memory, and the log says so. */
  enter(state: SessionState, reason: SessionReason | undefined, change: Circumstances = {}): void {
    const before = this.#row;
    const row = after(before, state, reason, change);
    if (isSame(before, row)) return;
    this.#forgetCodes(state);
    this.#despite(() => {
      this.#deps.store.writer.now(() => {
        this.#write(row);
      });
    });
    this.#row = row;
    this.changed();
  }

  /** Enters a state that must be recorded. @throws BridgeError store_unavailable, and then nothing changed. */
  enterSurely(state: SessionState, reason: SessionReason | undefined, change: Circumstances): void {
    const row = after(this.#row, state, reason, change);
    if (isSame(this.#row, row)) return;
    this.#deps.store.writer.now(() => {
      this.#write(row);
    });
    this.#forgetCodes(state);
    this.changed();
  }

  /** Shows a QR code. */
  showQr(qr: QrCode): void {
    this.#despite(() => {
      this.#deps.store.writer.now(() => {
        if (this.#row.state !== "qr") this.#write(after(this.#row, "qr", undefined, {}));
        this.#event({ type: "session.qr", qr }, qr.expiresAtMs);
      });
    });
    this.#qr = qr;
    this.#row = after(this.#row, "qr", undefined, {});
    this.changed();
  }

  /** Shows a pairing code beside the QR codes. No event tells it: it is a key to an account, and its asker has it. */
  showPairingCode(code: PairingCode): void {
    this.#pairingCode = code;
    this.changed();
  }

  /** The connection the QR and pairing codes belonged to is gone, and they with it. */
  dropCodes(): void {
    this.#qr = undefined;
    this.#pairingCode = undefined;
  }

  /** Enters `connected` as an account, or `restricted` when a restriction of it has not ended yet. */
  enterConnected(self: Self): void {
    this.#row = { ...this.#row, ...accountOf(self, this.#row.name), lastActivityMs: Date.now() };
    const { restrictedUntilMs, reason } = this.#row;
    // Whoever is let in is not banned any more; a restriction to chats that exist already goes on.
    if (reason !== "temporarily_banned" && restrictedUntilMs !== undefined && restrictedUntilMs > Date.now()) this.restrict(restrictedUntilMs);
    else this.unrestrict();
  }

  /** Enters `restricted`, connected all the same. @param untilMs undefined when WhatsApp did not say. */
  restrict(untilMs: number | undefined): void {
    if (this.#row.state === "restricted" && this.#row.restrictedUntilMs === untilMs) return;
    this.#row = { ...this.#row, restrictedUntilMs: undefined };
    this.enter("restricted", "restricted_by_whatsapp", { restrictedUntilMs: untilMs, whatsappCode: RESTRICTION_CODE });
  }

  /** Keeps in mind until when the number is restricted, for when it is connected. */
  noteRestriction(untilMs: number | undefined): void {
    this.#row = { ...this.#row, restrictedUntilMs: untilMs };
  }

  /** Enters `connected` without any restriction. */
  unrestrict(): void {
    this.#row = { ...this.#row, restrictedUntilMs: undefined };
    this.enter("connected", undefined);
  }

  /** Notes what is known of the account, if that is new. */
  noteAccount(self: Self): void {
    const row = { ...this.#row, ...accountOf(self, this.#row.name) };
    if (row.phoneNumber === this.#row.phoneNumber && row.lid === this.#row.lid && row.name === this.#row.name) return;
    this.#row = row;
    this.persist();
  }

  /** Writes what changed without being a change of state. */
  persist(): void {
    this.#despite(() => {
      this.#deps.store.writer.now(() => {
        this.#deps.store.sessions.save(this.#row);
      });
      this.#savedState = this.#row.state;
    });
  }

  /** Logs out: drops the pairing's secrets for good. @throws BridgeError store_unavailable, and then nothing changed. */
  forget(reason: SessionReason, change: Circumstances = {}): void {
    const pairing = this.#pairing;
    this.#deps.store.writer.now(() => {
      this.#write({ ...after(this.#row, "logged_out", reason, { ...change, shouldRun: false }), restrictedUntilMs: undefined });
      if (pairing !== undefined) this.#deps.store.sessions.shred(pairing.id);
    });
    this.#pairing = undefined;
    this.#forgetCodes("logged_out");
    this.changed();
    if (pairing !== undefined) this.#deps.outbound.ended(pairing.id);
  }

  /** The tenant is being deleted: says so to whoever waits, and records nothing any more. */
  vanish(): void {
    this.#pairing = undefined;
    this.#forgetCodes("disconnected");
    this.#row = { ...after(this.#row, "disconnected", "deleted", { shouldRun: false }) };
    this.changed();
  }

  /** Notes that something was received or sent. Reaches the store with the next change. */
  touch(): void {
    this.#row = { ...this.#row, lastActivityMs: Date.now() };
  }

  /** Wakes whoever waits for a change. */
  changed(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher();
  }

  /** Waits for the next change, at most `ms`, or until the signal fires. */
  nextChange(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
      this.#watchers.add(done);
    });
  }

  /** Writes a row, with an event when it looks different from before, inside work given to the Writer. */
  #write(row: SessionRow): void {
    const before = this.#row;
    this.#deps.store.sessions.save(row);
    this.#deps.store.writer.afterCommit(() => {
      this.#row = row;
      this.#savedState = row.state;
    });
    const told = before.state === row.state && before.reason === row.reason && before.restrictedUntilMs === row.restrictedUntilMs;
    if (told && before.sessionId === row.sessionId) return;
    this.#event(
      {
        type: "session.status",
        state: row.state,
        sinceMs: row.sinceMs,
        ...(row.reason === undefined ? {} : { reason: row.reason }),
        ...(row.phoneNumber === undefined ? {} : { phoneNumber: row.phoneNumber }),
        ...(row.whatsappCode === undefined ? {} : { whatsappCode: row.whatsappCode }),
        ...(row.state === "restricted" && row.restrictedUntilMs !== undefined ? { restrictedUntilMs: row.restrictedUntilMs } : {}),
        ...(waits(row.state) && this.retryAtMs !== undefined ? { retryAtMs: this.retryAtMs } : {}),
        ...(this.attempt === 0 ? {} : { attempt: this.attempt }),
      },
      undefined,
      row.pairingId,
    );
  }

  #event(data: EventData, qrExpiresMs?: number, pairingId: number = this.#row.pairingId): void {
    this.#deps.journal.append({ pairingId, occurredAtMs: Date.now(), data, ...(qrExpiresMs === undefined ? {} : { qrExpiresMs }) });
  }

  #forgetCodes(state: SessionState): void {
    if (state === "qr") return;
    this.#qr = undefined;
    this.#pairingCode = undefined;
  }

  #despite(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#row.tenantId, err: error }, "a session's change could not be recorded");
    }
  }
}
