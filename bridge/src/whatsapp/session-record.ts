/**
 * What a session is, as it stands in the store and as callers see it. Entering a state writes it, and its event,
 * before anyone who waits is told.
 */
import type { Journal } from "../events/journal.js";
import type { Logger } from "../log.js";
import type { EventData, QrCode, Session as SessionView, SessionReason, SessionState } from "../rpc/contract.gen.js";
import type { Pairing, SessionRow } from "../store/sessions.js";
import type { Store } from "../store/store.js";
import { wellFormed } from "./content.js";
import type { Self } from "./incoming.js";
import { lidJid, phoneNumberOf } from "./jid.js";

export interface RecordDeps {
  store: Store;
  journal: Journal;
  log: Logger;
}

const MAX_NAME_LENGTH = 512;

/** The name of an account before its phone told the real one. */
const NO_NAME = "~";

function accountOf(self: Self, knownName: string | undefined): Pick<SessionRow, "phoneNumber" | "lid" | "name"> {
  const name = self.name === undefined || self.name === NO_NAME ? knownName : wellFormed(self.name, MAX_NAME_LENGTH);
  return { phoneNumber: phoneNumberOf(self.phone), lid: lidJid(self.lid), name };
}

export class SessionRecord {
  readonly #deps: RecordDeps;
  readonly #watchers = new Set<() => void>();
  #row: SessionRow;
  #pairing: Pairing | undefined;
  #qr: QrCode | undefined;
  /** When the next attempt to connect is due, in unix ms. */
  retryAtMs: number | undefined;

  constructor(deps: RecordDeps, row: SessionRow, pairing: Pairing | undefined) {
    this.#deps = deps;
    this.#row = row;
    this.#pairing = pairing;
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
    const waits = row.state === "reconnecting" || row.state === "connecting";
    return {
      tenantId: row.tenantId,
      sessionId: row.sessionId,
      state: row.state,
      sinceMs: row.sinceMs,
      ...(row.reason === undefined ? {} : { reason: row.reason }),
      ...(qr === undefined ? {} : { qr }),
      ...(row.phoneNumber === undefined ? {} : { phoneNumber: row.phoneNumber }),
      ...(row.lid === undefined ? {} : { lid: row.lid }),
      ...(row.name === undefined ? {} : { name: row.name }),
      ...(row.lastActivityMs === undefined ? {} : { lastActivityMs: row.lastActivityMs }),
      ...(this.#deps.store.tenants.hasProxy(row.tenantId) ? { hasProxy: true } : {}),
      ...(waits && this.retryAtMs !== undefined ? { retryAtMs: this.retryAtMs } : {}),
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
      this.#write({ ...this.#row, ...fresh, state: "connecting", reason: undefined, sinceMs: nowMs, shouldRun: true });
      return current;
    });
    this.#pairing = pairing;
    this.changed();
  }

  /** Enters a state. When the disk fails it holds in memory, and the log says so. */
  enter(state: SessionState, reason: SessionReason | undefined, change: { shouldRun?: boolean } = {}): void {
    const before = this.#row;
    const sinceMs = before.state === state ? before.sinceMs : Date.now();
    const row: SessionRow = { ...before, state, reason, sinceMs, shouldRun: change.shouldRun ?? before.shouldRun };
    if (before.state === state && before.reason === reason && before.shouldRun === row.shouldRun) return;
    if (state !== "qr") this.#qr = undefined;
    this.#despite(() => {
      this.#deps.store.writer.now(() => {
        this.#write(row);
      });
    });
    this.#row = row;
    this.changed();
  }

  /** Enters a state that must be recorded. @throws BridgeError store_unavailable, and then nothing changed. */
  enterSurely(state: SessionState, reason: SessionReason | undefined, change: { shouldRun: boolean }): void {
    const before = this.#row;
    if (before.state === state && before.reason === reason && before.shouldRun === change.shouldRun) return;
    this.#deps.store.writer.now(() => {
      this.#write({ ...before, ...change, state, reason, sinceMs: before.state === state ? before.sinceMs : Date.now() });
    });
    this.#qr = undefined;
    this.changed();
  }

  /** Shows a QR code. */
  showQr(qr: QrCode): void {
    this.#despite(() => {
      this.#deps.store.writer.now(() => {
        if (this.#row.state !== "qr") this.#write({ ...this.#row, state: "qr", reason: undefined, sinceMs: Date.now() });
        this.#event({ type: "session.qr", qr }, qr.expiresAtMs);
      });
    });
    this.#qr = qr;
    this.#row = { ...this.#row, state: "qr", reason: undefined };
    this.changed();
  }

  /** Enters `connected` as an account. */
  enterConnected(self: Self): void {
    this.#row = { ...this.#row, ...accountOf(self, this.#row.name), lastActivityMs: Date.now() };
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
    });
  }

  /** Logs out: drops the pairing's secrets for good. @throws BridgeError store_unavailable, and then nothing changed. */
  forget(reason: SessionReason): void {
    const pairing = this.#pairing;
    this.#deps.store.writer.now(() => {
      this.#write({ ...this.#row, state: "logged_out", reason, sinceMs: Date.now(), shouldRun: false });
      if (pairing !== undefined) this.#deps.store.sessions.shred(pairing.id);
    });
    this.#pairing = undefined;
    this.#qr = undefined;
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
    });
    if (before.state === row.state && before.reason === row.reason && before.sessionId === row.sessionId) return;
    this.#event(
      {
        type: "session.status",
        state: row.state,
        sinceMs: row.sinceMs,
        ...(row.reason === undefined ? {} : { reason: row.reason }),
        ...(row.phoneNumber === undefined ? {} : { phoneNumber: row.phoneNumber }),
      },
      undefined,
      row.pairingId,
    );
  }

  #event(data: EventData, qrExpiresMs?: number, pairingId: number = this.#row.pairingId): void {
    this.#deps.journal.append({ pairingId, occurredAtMs: Date.now(), data, ...(qrExpiresMs === undefined ? {} : { qrExpiresMs }) });
  }

  #despite(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#row.tenantId, err: error }, "a session's change could not be recorded");
    }
  }
}
