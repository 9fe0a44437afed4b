/**
 * Gets a session connected and keeps it so: one connection at a time, the next only when the last has ended, in the
 * gate's turn, and after the end of each what the table says (reconnect.ts). Runs while the record says the session
 * should; session.ts is what tells it to.
 */
import type { Traffic } from "../figures/traffic.js";
import type { SessionReason, SessionState } from "../rpc/contract.gen.js";
import type { Pairing } from "../store/sessions.js";
import { Attempts } from "./attempts.js";
import { onNobodysBehalf } from "./behalf.js";
import type { ConnectGate } from "./connect-gate.js";
import { DeviceTaken } from "./devices.js";
import type { LinkEvents } from "./link-events.js";
import type { Link, LinkDeps } from "./link.js";
import type { Outbound } from "./outbound.js";
import { verdictOn, type Verdict } from "./reconnect.js";
import type { SessionRecord } from "./session-record.js";
import { Timers } from "./timers.js";

/** What connecting needs of the world around it. */
export interface ConnectorDeps extends Omit<LinkDeps, "qrTimeoutMs"> {
  gate: ConnectGate;
  /** Who sends over the connection. */
  outbound: Outbound;
  /** Opens a connection. @throws SealBroken, DeviceTaken */
  openLink: (pairing: Pairing, events: LinkEvents) => Link;
  /** Series of QR codes shown before an unscanned session is closed. */
  maxQrRounds: number;
  /** Counts connections that came and went. */
  traffic: Pick<Traffic, "opened" | "ended">;
  /** Called with every attempt that reached WhatsApp or did not. */
  onReachability: (reachable: boolean) => void;
}

/** Without the WebSocket open after this, callers are told that WhatsApp is unreachable; the attempt goes on. */
const UNREACHABLE_AFTER_MS = 1600;

/**
 * With the WebSocket open, but neither a QR code nor a login after this (two unanswered questions of Baileys), the
 * attempt is given up.
 */
const STUCK_AFTER_MS = 75_000;

const CLOSE_GRACE_MS = 1000;
const STORE_RETRY_MS = 2000;

const UNREACHABLE: readonly (SessionReason | undefined)[] = ["whatsapp_unreachable", "dns_failure", "proxy_unreachable"];

type TimerName = "retry" | "unreachable" | "stuck" | "restriction";

export class Connector {
  readonly #deps: ConnectorDeps;
  readonly #record: SessionRecord;
  readonly #timers = new Timers<TimerName>();
  readonly #attempts = new Attempts();
  #link: Link | undefined;
  /** Resolves when the last connection has ended. */
  #gone: Promise<void> = Promise.resolve();
  /** Changes with every connect and disconnect, so that what waited for an older one does nothing. */
  #epoch = 0;
  #online = false;
  #unreachable = false;
  #qrRound = 0;
  #closing = false;
  #leaveGate: () => void = () => undefined;

  constructor(deps: ConnectorDeps, record: SessionRecord) {
    this.#deps = deps;
    this.#record = record;
  }

  /** The connection there is, open or not. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** True from a login until the connection ends. */
  get isOnline(): boolean {
    return this.#online;
  }

  /** True when the last attempt has not reached WhatsApp. */
  get isUnreachable(): boolean {
    return this.#unreachable;
  }

  /** True when the next attempt has its time. */
  get isWaiting(): boolean {
    return this.#timers.has("retry");
  }

  /** Begins to count attempts and QR codes anew, because somebody asked for the session. */
  beginAnew(): void {
    this.#attempts.reset();
    this.#noteAttempt();
    this.#qrRound = 0;
  }

  /** Connects no more: what ends now stays ended. */
  retire(): void {
    this.#closing = true;
  }

  /** Ends the connection because nothing may be received now; tries again later by itself. */
  suspend(): void {
    if (this.#link === undefined) return;
    this.#loseLink({ next: "backoff", state: this.#state === "connecting" ? "connecting" : "reconnecting", reason: "store_unavailable" });
  }

  get #state(): SessionState {
    return this.#record.row.state;
  }

  get #tenantId(): string {
    return this.#record.row.tenantId;
  }

  get #shouldRun(): boolean {
    return this.#record.row.shouldRun;
  }

  /** Opens a connection as soon as the last one has ended and the gate has room. */
  connect(how: { urgent: boolean } = { urgent: false }): void {
    this.#timers.clear();
    this.#leaveGate();
    this.#record.retryAtMs = undefined;
    this.#unreachable = false;
    const epoch = (this.#epoch += 1);
    void this.#gone.then(() => {
      if (epoch !== this.#epoch) return;
      // It is often another connection's end that lets this one in.
      const enter = (): void => {
        onNobodysBehalf(() => {
          this.#open();
        });
      };
      const leave = this.#deps.gate.request(enter, how.urgent);
      this.#leaveGate = leave;
      // It may have failed at once, and then nobody else gives the place back.
      if (this.#timers.has("retry") || !this.#shouldRun) leave();
    });
  }

  #open(): void {
    // A full journal or a failing disk: messages are better off at WhatsApp.
    if (this.#deps.journal.full || !this.#deps.store.writer.probe()) {
      this.#record.retryAtMs = Date.now() + STORE_RETRY_MS;
      this.#record.enter(this.#state === "qr" ? "connecting" : this.#state, "store_unavailable");
      this.retryIn(STORE_RETRY_MS);
      return;
    }
    const pairing = this.#record.pairing;
    if (pairing === undefined) return;
    this.#timers.set("unreachable", UNREACHABLE_AFTER_MS, () => {
      // Waiting for an answer costs nothing, so others may try meanwhile.
      this.#leaveGate();
      this.#noteUnreachable("whatsapp_unreachable");
      this.#record.enter(this.#state, "whatsapp_unreachable");
    });
    try {
      const holder: { link?: Link } = {};
      this.#link = holder.link = this.#deps.openLink(pairing, this.#listener(holder));
    } catch (error) {
      const taken = error instanceof DeviceTaken;
      this.#deps.log.error({ tenantId: this.#tenantId, err: error }, "a session's credentials cannot be used");
      this.#loseLink({ next: "stop", state: "failed", reason: taken ? "owned_elsewhere" : "internal_error" });
    }
  }

  /** What a link may tell: nothing any more once another took its place. */
  #listener(holder: { link?: Link }): LinkEvents {
    const ifCurrent = <A extends unknown[]>(handle: (...args: A) => void) => (...args: A): void => {
      if (holder.link !== undefined && this.#link === holder.link) handle(...args);
    };
    return {
      opened: ifCurrent(() => {
        this.#timers.cancel("unreachable");
        this.#unreachable = false;
        this.#deps.onReachability(true);
        this.#timers.set("stuck", STUCK_AFTER_MS, () => {
          this.#link?.cut();
        });
      }),
      qr: ifCurrent((text, expiresAtMs) => {
        this.#timers.cancel("stuck");
        this.#leaveGate();
        this.#record.showQr({ text, expiresAtMs });
      }),
      paired: ifCurrent(() => {
        this.#record.enter("pairing", undefined);
      }),
      connected: ifCurrent(() => {
        this.#connected();
      }),
      restricted: ifCurrent(({ active, untilMs }) => {
        const restricts = active && (untilMs === undefined || untilMs > Date.now());
        if (!this.#online) this.#record.noteRestriction(restricts ? untilMs : undefined);
        else if (restricts) this.#record.restrict(untilMs);
        else this.#record.unrestrict();
        this.#awaitEndOfRestriction();
      }),
      account: ifCurrent((self) => {
        if (this.#online) this.#record.noteAccount(self);
      }),
      active: () => {
        this.#record.touch();
      },
      closed: ifCurrent((ending) => {
        this.#loseLink(verdictOn(ending));
      }),
    };
  }

  #connected(): void {
    this.#timers.clear();
    this.#leaveGate();
    this.#qrRound = 0;
    this.#online = true;
    this.#attempts.connected(Date.now());
    this.#deps.traffic.opened();
    this.#record.attempt = 0;
    this.#record.enterConnected(this.#link?.self ?? { phone: undefined, lid: undefined, name: undefined });
    this.#awaitEndOfRestriction();
    const phone = this.#record.row.phoneNumber;
    this.#deps.log.info({ tenantId: this.#tenantId, ...(phone === undefined ? {} : { phone }) }, "session connected");
    const { pairing } = this.#record;
    if (this.#link !== undefined && pairing !== undefined) this.#deps.outbound.online(this.#link, pairing);
  }

  /** A restriction ends when WhatsApp says so, and at the latest when it said it would. */
  #awaitEndOfRestriction(): void {
    const { state, restrictedUntilMs } = this.#record.row;
    if (state !== "restricted" || restrictedUntilMs === undefined) this.#timers.cancel("restriction");
    else {
      this.#timers.set("restriction", Math.max(0, restrictedUntilMs - Date.now()), () => {
        if (this.#online) this.#record.unrestrict();
      });
    }
  }

  #noteUnreachable(reason: SessionReason): void {
    this.#unreachable = true;
    // A tenant's own proxy says nothing about the others' way.
    if (reason !== "proxy_unreachable") this.#deps.onReachability(false);
    this.#record.changed();
  }

  #loseLink(verdict: Verdict): void {
    this.drop()?.cut();
    if (this.#closing || !this.#shouldRun) return;
    this.#attempts.ended();
    this.#deps.traffic.ended(verdict.reason);
    this.#deps.log.info({ tenantId: this.#tenantId, reason: verdict.reason, next: verdict.next }, "connection ended");
    this.#follow(verdict);
    if (UNREACHABLE.includes(verdict.reason)) this.#noteUnreachable(verdict.reason);
  }

  #follow(verdict: Verdict): void {
    const { state, reason, whatsappCode } = verdict;
    switch (verdict.next) {
      case "newQr":
        this.#qrRound += 1;
        if (this.#qrRound >= this.#deps.maxQrRounds) this.#rest("disconnected", "qr_attempts_exhausted");
        else this.connect();
        return;
      case "stop":
        this.#rest(state, reason, whatsappCode);
        return;
      case "wait":
        this.#record.retryAtMs = Math.max(Date.now(), verdict.untilMs ?? 0);
        this.#record.enter(state, reason, { whatsappCode, restrictedUntilMs: verdict.untilMs });
        this.retryIn(Math.max(0, (verdict.untilMs ?? 0) - Date.now()));
        return;
      case "forget":
        this.#forget(reason, whatsappCode);
        return;
      case "now":
      case "backoff": {
        const waitMs = this.#attempts.next(verdict);
        this.#noteAttempt();
        if (waitMs === undefined) {
          this.#rest("failed", reason, whatsappCode);
          return;
        }
        // The event of the state says when.
        this.#record.retryAtMs = waitMs === 0 ? undefined : Date.now() + waitMs;
        // While pairing a restart is how WhatsApp goes on after the scan: no error to anyone.
        if (verdict.next !== "now" || this.#state !== "pairing") this.#record.enter(state, reason, { whatsappCode });
        if (waitMs === 0) this.connect({ urgent: true });
        else this.retryIn(waitMs);
      }
    }
  }

  /** Does not run any more until somebody starts it. */
  #rest(state: SessionState, reason: SessionReason, whatsappCode?: number): void {
    this.#deps.devices.release(this.#tenantId);
    this.#record.enter(state, reason, { shouldRun: false, whatsappCode });
  }

  #forget(reason: SessionReason, whatsappCode: number | undefined): void {
    try {
      this.#record.forget(reason, { whatsappCode });
      this.#deps.devices.release(this.#tenantId);
    } catch (error) {
      this.#deps.log.error({ tenantId: this.#tenantId, err: error }, "a logout could not be recorded");
      // Trying again leads back here, by then perhaps with a disk that works.
      this.retryIn(STORE_RETRY_MS);
    }
  }

  #noteAttempt(): void {
    this.#record.attempt = this.#attempts.failed;
  }

  /** Tries again after a time of any length. */
  retryIn(ms: number): void {
    this.#leaveGate();
    this.#record.retryAtMs = Date.now() + ms;
    this.#timers.set("retry", ms, () => {
      this.connect();
    });
  }

  /** Lets go of the connection, which the caller ends. */
  drop(): Link | undefined {
    const link = this.#link;
    this.#link = undefined;
    if (this.#online) this.#deps.outbound.offline(this.#tenantId);
    this.#online = false;
    this.#record.dropCodes();
    if (link !== undefined) this.#gone = link.ended;
    this.#epoch += 1;
    this.#timers.clear();
    this.#leaveGate();
    return link;
  }

  /** Closes the connection and everything that would open another. */
  async disconnect(): Promise<void> {
    const link = this.drop();
    this.#record.retryAtMs = undefined;
    this.#record.changed();
    await link?.close(CLOSE_GRACE_MS);
    await this.#gone;
    if (!this.#shouldRun || this.#closing) this.#deps.devices.release(this.#tenantId);
  }
}
