/**
 * One tenant's session through its life: connecting, pairing, connected, trying again, stopped. Owns at most one
 * connection at a time and never gives up by itself unless WhatsApp said so.
 */
import { BridgeError } from "../errors.js";
import type { Session as SessionView, SessionReason, SessionState } from "../rpc/contract.gen.js";
import type { Pairing, SessionRow } from "../store/sessions.js";
import type { ConnectGate } from "./connect-gate.js";
import { Link, type LinkDeps, type LinkEvents } from "./link.js";
import { backoffMs, verdictOn, type Verdict } from "./reconnect.js";
import { SessionRecord } from "./session-record.js";

/** What a session needs of the world around it. */
export interface SessionDeps extends LinkDeps {
  gate: ConnectGate;
  /** Called with every attempt that reached WhatsApp or did not. */
  onReachability: (reachable: boolean) => void;
}

/** Without the WebSocket open after this, callers are told that WhatsApp is unreachable; the attempt goes on. */
const UNREACHABLE_AFTER_MS = 1600;

/** With the WebSocket open, but neither a QR code nor a login after this (two unanswered questions of Baileys), the attempt is given up. */
const STUCK_AFTER_MS = 75_000;

/** How long a session must stay connected before the next loss of the link counts as the first. */
const STABLE_AFTER_MS = 10_000;

/** After this long connected again, what nobody answered for while the link was down stays unanswered. */
const SETTLE_AFTER_MS = 30_000;

const QR_ROUNDS = 5;
const BAD_SESSION_TRIES = 5;
const CLOSE_GRACE_MS = 1000;
const LOGOUT_CONNECT_MS = 5000;
const LOGOUT_SEND_MS = 3000;
const STORE_RETRY_MS = 2000;

type TimerName = "retry" | "unreachable" | "stuck" | "settle";

export class Session {
  readonly tenantId: string;
  readonly #deps: SessionDeps;
  readonly #record: SessionRecord;
  readonly #timers = new Map<TimerName, NodeJS.Timeout>();
  #link: Link | undefined;
  #unreachable = false;
  #attempts = 0;
  #qrRound = 0;
  #connectedAtMs = 0;
  #closing = false;
  #leaveGate: () => void = () => undefined;

  constructor(deps: SessionDeps, row: SessionRow, pairing: Pairing | undefined) {
    this.#deps = deps;
    this.tenantId = row.tenantId;
    this.#record = new SessionRecord(deps, row, pairing);
  }

  get state(): SessionState {
    return this.#record.row.state;
  }

  get shouldRun(): boolean {
    return this.#record.row.shouldRun;
  }

  get pairing(): Pairing | undefined {
    return this.#record.pairing;
  }

  /** The connection, when messages can be sent over it. */
  get connectedLink(): Link | undefined {
    return this.state === "connected" && this.#link?.isOpen === true ? this.#link : undefined;
  }

  view(): SessionView {
    return this.#record.view();
  }

  /** Notes that something was received or sent. */
  touch(): void {
    this.#record.touch();
  }

  /**
   * Makes the session run. Changes nothing when it does, except that one waiting to try again tries now.
   * @throws BridgeError store_unavailable when it cannot be recorded that it should run.
   */
  start(): void {
    if (this.shouldRun) {
      if (this.#link === undefined) this.#connect({ queue: false });
      return;
    }
    this.#record.begin(Date.now());
    this.#attempts = 0;
    this.#qrRound = 0;
    this.#connect({ queue: false });
  }

  /** Connects a session that ran when the last process ended. Takes its turn. */
  resume(): void {
    this.#record.enter("connecting", undefined);
    this.#connect({ queue: true });
  }

  /** Tries now if the session waits for its next attempt. */
  retryNow(): void {
    if (this.#timers.has("retry")) this.#connect({ queue: true });
  }

  /**
   * Waits until there is something to say: a QR code, a connection or an end.
   * @throws BridgeError whatsapp_unreachable when the attempt did not get through; the session keeps trying.
   */
  async progress(waitMs: number, signal: AbortSignal): Promise<SessionView> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      if (this.state === "qr" || this.state === "connected" || !this.shouldRun) return this.view();
      if (waitMs > 0 && this.#unreachable) throw new BridgeError("whatsapp_unreachable");
      const left = deadline - Date.now();
      if (left <= 0 || signal.aborted) return this.view();
      await this.#record.nextChange(left, signal);
    }
  }

  /** Closes the connection and keeps it closed. @throws BridgeError store_unavailable */
  async stop(): Promise<void> {
    if (this.shouldRun) this.#record.enterSurely("disconnected", "stopped", { shouldRun: false });
    await this.#disconnect();
  }

  /** Unlinks the device when WhatsApp can be reached, forgets the pairing and stops. @throws BridgeError store_unavailable */
  async logout(): Promise<void> {
    await this.#unlink();
    this.#record.forget("logged_out_by_request");
    await this.#disconnect();
  }

  /** Closes the connection because the process ends; the next one resumes it. */
  async shutdown(): Promise<void> {
    this.#closing = true;
    this.#record.persist();
    await this.#disconnect();
  }

  /** Connects anew if it runs, by the way its settings say now. */
  reconnect(): void {
    if (!this.shouldRun) return;
    const link = this.#link;
    this.#link = undefined;
    link?.cut();
    if (this.state === "connected") this.#record.enter("reconnecting", undefined);
    this.#connect({ queue: false });
  }

  /** Ends the connection because nothing may be received now; tries again later by itself. */
  suspend(): void {
    if (this.#link !== undefined) this.#loseLink(this.#retryVerdict("store_unavailable"));
  }

  #connect(how: { queue: boolean }): void {
    this.#clearTimers();
    this.#leaveGate();
    this.#record.retryAtMs = undefined;
    this.#unreachable = false;
    if (!how.queue) this.#open();
    else {
      this.#leaveGate = this.#deps.gate.request(() => {
        this.#open();
      });
    }
  }

  #open(): void {
    // A full journal or a failing disk: messages are better off at WhatsApp.
    if (this.#deps.journal.full || !this.#deps.store.writer.probe()) {
      this.#record.enter(this.state, "store_unavailable");
      this.#retryIn(STORE_RETRY_MS);
      return;
    }
    const pairing = this.#record.pairing;
    if (pairing === undefined) return;
    this.#after("unreachable", UNREACHABLE_AFTER_MS, () => {
      this.#noteUnreachable();
      this.#record.enter(this.state, "whatsapp_unreachable");
    });
    try {
      const holder: { link?: Link } = {};
      this.#link = holder.link = new Link(this.#deps, pairing, this.#listener(holder));
    } catch (error) {
      this.#deps.log.error({ tenantId: this.tenantId, err: error }, "a session's credentials cannot be used");
      this.#loseLink({ next: "stop", state: "failed", reason: "internal_error" });
    }
  }

  /** What a link may tell: nothing any more once another took its place. */
  #listener(holder: { link?: Link }): LinkEvents {
    const ifCurrent = <A extends unknown[]>(handle: (...args: A) => void) => (...args: A): void => {
      if (holder.link !== undefined && this.#link === holder.link) handle(...args);
    };
    return {
      opened: ifCurrent(() => {
        this.#cancel("unreachable");
        this.#unreachable = false;
        this.#deps.onReachability(true);
        this.#after("stuck", STUCK_AFTER_MS, () => {
          this.#link?.cut();
        });
      }),
      qr: ifCurrent((text, expiresAtMs) => {
        this.#cancel("stuck");
        this.#leaveGate();
        this.#attempts = 0;
        this.#record.showQr({ text, expiresAtMs });
      }),
      paired: ifCurrent(() => {
        this.#record.enter("pairing", undefined);
      }),
      connected: ifCurrent(() => {
        this.#connected();
      }),
      account: ifCurrent((self) => {
        if (this.state === "connected") this.#record.noteAccount(self);
      }),
      active: () => {
        this.touch();
      },
      closed: ifCurrent(({ opened, statusCode, storeFailed }) => {
        const paired = this.#link?.isPaired === true;
        this.#loseLink(storeFailed ? this.#retryVerdict("store_unavailable") : verdictOn({ opened, paired, statusCode }));
      }),
    };
  }

  #connected(): void {
    this.#clearTimers();
    this.#leaveGate();
    this.#qrRound = 0;
    const connectedAtMs = (this.#connectedAtMs = Date.now());
    this.#record.enterConnected(this.#link?.self ?? { phone: undefined, lid: undefined, name: undefined });
    const phone = this.#record.row.phoneNumber;
    this.#deps.log.info({ tenantId: this.tenantId, ...(phone === undefined ? {} : { phone }) }, "session connected");
    this.#after("settle", SETTLE_AFTER_MS, () => {
      try {
        this.#deps.deliveries.giveUp(this.#deps.store.outbox.openOf(this.tenantId, connectedAtMs));
      } catch (error) {
        this.#deps.log.error({ tenantId: this.tenantId, err: error }, "unanswered messages could not be recorded");
      }
    });
  }

  #noteUnreachable(): void {
    this.#unreachable = true;
    this.#deps.onReachability(false);
    this.#record.changed();
  }

  #retryVerdict(reason: SessionReason): Verdict {
    return { next: "backoff", state: this.state === "connecting" ? "connecting" : "reconnecting", reason };
  }

  #loseLink(verdict: Verdict): void {
    const link = this.#link;
    this.#link = undefined;
    link?.cut();
    this.#clearTimers();
    this.#leaveGate();
    if (this.#closing || !this.shouldRun) return;
    if (this.#connectedAtMs > 0 && Date.now() - this.#connectedAtMs >= STABLE_AFTER_MS) this.#attempts = 0;
    this.#connectedAtMs = 0;
    this.#deps.log.info({ tenantId: this.tenantId, reason: verdict.reason, next: verdict.next }, "connection ended");
    this.#follow(verdict);
    if (verdict.reason === "whatsapp_unreachable") this.#noteUnreachable();
  }

  #follow(verdict: Verdict): void {
    switch (verdict.next) {
      case "now":
        // While pairing this is how WhatsApp goes on after the scan: no error to anyone.
        if (this.state !== "pairing") this.#record.enter(verdict.state, verdict.reason);
        this.#connect({ queue: false });
        return;
      case "newQr":
        this.#qrRound += 1;
        if (this.#qrRound >= QR_ROUNDS) this.#record.enter("disconnected", "qr_attempts_exhausted", { shouldRun: false });
        else this.#connect({ queue: true });
        return;
      case "stop":
        this.#record.enter(verdict.state, verdict.reason, { shouldRun: false });
        return;
      case "forget":
        this.#forget(verdict.reason);
        return;
      case "backoff":
        if (verdict.reason === "bad_session" && this.#attempts >= BAD_SESSION_TRIES) {
          this.#record.enter("failed", "bad_session", { shouldRun: false });
          return;
        }
        this.#record.enter(verdict.state, verdict.reason);
        this.#retryIn(verdict.reason === "store_unavailable" ? STORE_RETRY_MS : backoffMs(this.#attempts));
        this.#attempts += 1;
    }
  }

  #forget(reason: SessionReason): void {
    try {
      this.#record.forget(reason);
    } catch (error) {
      this.#deps.log.error({ tenantId: this.tenantId, err: error }, "a logout could not be recorded");
      // Trying again leads back here, by then perhaps with a disk that works.
      this.#retryIn(STORE_RETRY_MS);
    }
  }

  #retryIn(ms: number): void {
    this.#leaveGate();
    this.#record.retryAtMs = Date.now() + ms;
    this.#after("retry", ms, () => {
      this.#connect({ queue: true });
    });
  }

  async #disconnect(): Promise<void> {
    this.#clearTimers();
    this.#leaveGate();
    this.#record.retryAtMs = undefined;
    const link = this.#link;
    this.#link = undefined;
    this.#record.changed();
    await link?.close(CLOSE_GRACE_MS);
  }

  /** Tells WhatsApp that this device is gone, if the session has an account and WhatsApp can be reached soon. */
  async #unlink(): Promise<void> {
    if (this.pairing === undefined || this.#record.row.phoneNumber === undefined) return;
    if (this.connectedLink === undefined) {
      this.start();
      await this.progress(LOGOUT_CONNECT_MS, new AbortController().signal).catch(() => undefined);
    }
    const link = this.connectedLink;
    if (link === undefined) return;
    // From here on the end of the link is expected.
    this.#link = undefined;
    const tooLate = new Promise<void>((resolve) => setTimeout(resolve, LOGOUT_SEND_MS).unref());
    const told = link.logout().catch((error: unknown) => {
      this.#deps.log.warn({ tenantId: this.tenantId, err: error }, "WhatsApp was not told of a logout");
    });
    await Promise.race([told, tooLate]);
    await link.close(CLOSE_GRACE_MS);
  }

  #after(name: TimerName, ms: number, run: () => void): void {
    this.#cancel(name);
    this.#timers.set(name, setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, ms));
  }

  #cancel(name: TimerName): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  #clearTimers(): void {
    for (const name of [...this.#timers.keys()]) this.#cancel(name);
  }
}
