/**
 * One tenant's session through its life: connecting, pairing, connected, trying again, stopped. Owns at most one
 * connection at a time, waits for the end of one before it opens the next, and never gives up by itself unless
 * WhatsApp said so.
 */
import { BridgeError } from "../errors.js";
import type { PairingCode, Session as SessionView, SessionReason, SessionState } from "../rpc/contract.gen.js";
import type { Pairing, SessionRow } from "../store/sessions.js";
import { Connector, type ConnectorDeps } from "./connector.js";
import { unlinkDevice } from "./farewell.js";
import type { LinkEvents } from "./link-events.js";
import type { Link } from "./link.js";
import type { Pulse } from "./pulse.js";
import { SessionRecord } from "./session-record.js";
import { Turns } from "./turns.js";

/** A pairing code with less time left is not given out again. */
const CODE_WORTH_MS = 60_000;

export class Session {
  readonly tenantId: string;
  readonly #deps: ConnectorDeps;
  readonly #record: SessionRecord;
  readonly #connector: Connector;
  readonly #turns = new Turns();
  #codeFor: { phoneNumber: string; code: PairingCode; link: Link } | undefined;
  #vanishing = false;

  constructor(deps: ConnectorDeps, row: SessionRow, pairing: Pairing | undefined) {
    this.#deps = deps;
    this.tenantId = row.tenantId;
    this.#record = new SessionRecord(deps, row, pairing);
    this.#connector = new Connector(deps, this.#record);
  }

  get state(): SessionState {
    return this.#record.row.state;
  }

  /** The state that stands in the store: another one while the disk fails. */
  get savedState(): SessionState {
    return this.#record.savedState;
  }

  get shouldRun(): boolean {
    return this.#record.row.shouldRun;
  }

  /** False before the first start of a tenant stands in the store. */
  get isRecorded(): boolean {
    return this.#record.row.pairingId !== 0;
  }

  get pairing(): Pairing | undefined {
    return this.#record.pairing;
  }

  /** True while it is being connected or linked: most of the memory it will take is still to come. */
  get isUnsettled(): boolean {
    return this.shouldRun && (this.state === "connecting" || this.state === "qr" || this.state === "pairing");
  }

  /** The connection, when messages can be sent over it. A restricted account may still answer those it knows. */
  get connectedLink(): Link | undefined {
    const { link, isOnline } = this.#connector;
    return isOnline && link?.isOpen === true ? link : undefined;
  }

  /** When anything was last received; undefined while not connected. */
  get pulse(): Pulse | undefined {
    return this.connectedLink?.pulse;
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
  start(): Promise<void> {
    return this.#turns.take("start", () => {
      this.#begin();
    });
  }

  /** Closes the connection and opens it again with the same pairing. @throws BridgeError store_unavailable */
  restart(): Promise<void> {
    return this.#turns.take("restart", async () => {
      if (!this.#isBanned) await this.#reopen();
      this.#begin();
    });
  }

  /** Connects a session that ran when the last process ended. Takes its turn. */
  resume(): void {
    const { state, reason, restrictedUntilMs = 0 } = this.#record.row;
    const leftMs = restrictedUntilMs - Date.now();
    if (state === "restricted" && reason === "temporarily_banned" && leftMs > 0) {
      this.#connector.retryIn(leftMs);
      return;
    }
    this.#record.enter("connecting", undefined);
    this.#connector.connect();
  }

  /** Says that the session is not connected because another installation may run it. It runs again once that is cleared up. */
  holdBack(): void {
    this.#record.enter("failed", "owned_elsewhere");
  }

  /** Tries now if the session waits for its next attempt for one of these reasons. */
  retryNow(reasons: readonly SessionReason[]): void {
    const { reason } = this.#record.row;
    if (this.#connector.isWaiting && reason !== undefined && reasons.includes(reason)) this.#connector.connect();
  }

  /**
   * Waits until there is something to say: a QR code, a connection or an end.
   * @throws BridgeError whatsapp_unreachable when the attempt did not get through; the session keeps trying.
   */
  async progress(waitMs: number, signal: AbortSignal): Promise<SessionView> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const view = this.view();
      if (this.#connector.isOnline || view.qr !== undefined || view.state === "restricted" || !this.shouldRun) return view;
      if (waitMs > 0 && this.#connector.isUnreachable) throw new BridgeError("whatsapp_unreachable");
      const left = deadline - Date.now();
      if (left <= 0 || signal.aborted) return view;
      await this.#record.nextChange(left, signal);
    }
  }

  /**
   * A code to type on the phone. Asked for again for the same number, it is the same code while it lasts.
   * @throws BridgeError session_already_paired, whatsapp_unreachable, pairing_code_refused, store_unavailable
   */
  async pairingCode(phoneNumber: string, waitMs: number, signal: AbortSignal): Promise<PairingCode> {
    const known = this.#codeFor;
    const lasts = known?.link === this.#connector.link && (known?.code.expiresAtMs ?? 0) - Date.now() > CODE_WORTH_MS;
    if (known !== undefined && lasts && known.phoneNumber === phoneNumber) return known.code;
    await this.#turns.take("pairing", async () => {
      if (this.#isLinked()) throw new BridgeError("session_already_paired");
      // The code lasts as long as the QR codes of its connection: on a new one, longest.
      if (this.#connector.link?.showsFirstQr === false) await this.#reopen();
      this.#begin();
    });
    await this.progress(waitMs, signal);
    const { link } = this.#connector;
    if (link === undefined || this.state !== "qr") throw new BridgeError(this.#isLinked() ? "session_already_paired" : "whatsapp_unreachable");
    const code = { code: await link.askPairingCode(phoneNumber), expiresAtMs: link.qrsLastUntilMs };
    if (this.#connector.link !== link) throw new BridgeError("pairing_code_refused");
    this.#codeFor = { phoneNumber, code, link };
    this.#record.showPairingCode(code);
    return code;
  }

  /** Closes the connection and keeps it closed. @throws BridgeError store_unavailable */
  stop(): Promise<void> {
    return this.#turns.take("stop", async () => {
      if (this.shouldRun) this.#record.enterSurely("disconnected", "stopped", { shouldRun: false });
      await this.#connector.disconnect();
    });
  }

  /** Unlinks the device when WhatsApp can be reached, forgets the pairing and stops. @throws BridgeError store_unavailable */
  logout(): Promise<void> {
    return this.#turns.take("logout", async () => {
      this.#needStore();
      await this.#unlink();
      if (this.pairing !== undefined || this.shouldRun) this.#record.forget("logged_out_by_request");
      await this.#connector.disconnect();
      this.#deps.store.emptyLog();
    });
  }

  /**
   * Ends for good because the tenant is deleted: unlinks the device when WhatsApp can be reached, closes the connection
   * and lets `erase` take away what is stored.
   * @throws BridgeError store_unavailable when it could not be erased; the session is stopped then, and can be deleted again.
   */
  vanish(erase: () => void): Promise<void> {
    return this.#turns.take("vanish", async () => {
      this.#needStore();
      await this.#unlink();
      // From here on nothing may be written for it any more.
      this.#connector.retire();
      await this.#connector.disconnect();
      erase();
      this.#vanishing = true;
      this.#record.vanish();
    });
  }

  /** Closes the connection because the process ends; the next one resumes it. */
  async shutdown(): Promise<void> {
    this.#connector.retire();
    // When something was last received is written with the next change, and this is the last.
    if (this.isRecorded) this.#record.persist();
    await this.#connector.disconnect();
  }

  /** Connects anew if it runs, by the way its settings say now. */
  reconnect(): Promise<void> {
    return this.#turns.take("reconnect", async () => {
      if (!this.shouldRun || this.#isBanned) return;
      await this.#reopen();
      this.#begin();
    });
  }

  /** Ends the connection because nothing may be received now; tries again later by itself. */
  suspend(): void {
    this.#connector.suspend();
  }

  #begin(): void {
    // Whoever still holds this object asks for a tenant that is gone.
    if (this.#vanishing) throw new BridgeError("session_not_found");
    if (this.shouldRun) {
      if (this.#connector.link === undefined && !this.#isBanned) this.#connector.connect({ urgent: true });
      return;
    }
    this.#record.begin(Date.now());
    this.#connector.beginAnew();
    this.#connector.connect({ urgent: true });
  }

  /** A ban that has not ended is waited for: whoever knocks meanwhile makes it longer. */
  get #isBanned(): boolean {
    return this.shouldRun && this.state === "restricted" && this.#connector.isWaiting;
  }

  /** Makes room for another connection of a session that runs. */
  async #reopen(): Promise<void> {
    if (this.shouldRun) this.#record.enter("connecting", undefined);
    await this.#connector.disconnect();
    this.#connector.beginAnew();
  }

  #isLinked(): boolean {
    const { link } = this.#connector;
    if (link !== undefined) return link.isPaired;
    const { pairing } = this;
    return pairing !== undefined && this.#deps.store.secrets.credentials(pairing) !== undefined;
  }

  /** A device must not be unlinked when it cannot be forgotten here. @throws BridgeError store_unavailable */
  #needStore(): void {
    if (!this.#deps.store.writer.probe()) throw new BridgeError("store_unavailable");
  }

  /** Tells WhatsApp that this device is gone, if the session has an account and WhatsApp can be reached soon. */
  async #unlink(): Promise<void> {
    const { pairing } = this;
    // A restored copy would unlink the device of the original.
    if (pairing === undefined || !this.#isLinked() || this.#deps.store.ownership.state() === "restored") return;
    const connected = this.connectedLink;
    if (connected === undefined) await this.#connector.disconnect();
    else this.#connector.drop();
    const open = (events: LinkEvents): Link => connected ?? this.#deps.openLink(pairing, events);
    await unlinkDevice(open, connected !== undefined, (error) => {
      this.#deps.log.warn({ tenantId: this.tenantId, err: error }, "WhatsApp was not told of a logout");
    });
  }
}
