/** All sessions of this bridge: found by tenant, bounded in number and memory, resumed after a restart, deleted for good. */
import { BridgeError } from "../errors.js";
import type { ConnectionHealth, PairingCodeResult, Session as SessionView, SessionDeleteResult, SessionListResult, SessionReason, WhatsAppReachability } from "../rpc/contract.gen.js";
import type { SessionRow } from "../store/sessions.js";
import type { Admission } from "./admission.js";
import type { ConnectorDeps } from "./connector.js";
import { Devices } from "./devices.js";
import { HistoryBudget } from "./history-budget.js";
import { KeyCache } from "./key-cache.js";
import { Link, type LinkDeps } from "./link.js";
import { healthOf } from "./pulse.js";
import { Session } from "./session.js";

/** What the sessions need of the world around them. */
export interface SessionsDeps extends Omit<LinkDeps, "devices" | "keyCache" | "mayReadHistory"> {
  gate: ConnectorDeps["gate"];
  outbound: ConnectorDeps["outbound"];
  traffic: ConnectorDeps["traffic"];
  /** A connected session on which nothing but answers came for so long counts as silent. */
  silentMs: number;
  /** Called when a tenant was deleted: what is remembered of it goes too. */
  onErased: (tenantId: string, spooled: readonly string[]) => void;
}

export interface SessionsOptions {
  admission: Admission;
  maxQrRounds: number;
  maxHistoryBytes: number;
}

/** Reasons to wait that end for everybody at once. */
const NETWORK: readonly SessionReason[] = ["whatsapp_unreachable", "dns_failure"];
const STORE: readonly SessionReason[] = ["store_unavailable"];

/** How long a pairing code may take from a session that does not run; the RPC call has a little more. */
const CODE_WITHIN_MS = 15_000;

/** Files of a deleted tenant that are deleted at once; an hourly sweep finds what is more. */
const SPOOLED_AT_ONCE = 10_000;

export class Sessions {
  readonly #deps: ConnectorDeps;
  readonly #admission: Admission;
  readonly #onErased: (tenantId: string, spooled: readonly string[]) => void;
  readonly #silentMs: number;
  readonly #byTenant = new Map<string, Session>();
  readonly #deleting = new Map<string, Promise<SessionDeleteResult>>();
  #reachability: WhatsAppReachability = "unknown";

  constructor(deps: SessionsDeps, { admission, maxQrRounds, maxHistoryBytes }: SessionsOptions) {
    this.#admission = admission;
    this.#onErased = deps.onErased;
    this.#silentMs = deps.silentMs;
    const history = new HistoryBudget(maxHistoryBytes, (bytes) => admission.fits(bytes));
    const linkDeps: LinkDeps = { ...deps, devices: new Devices(), keyCache: new KeyCache(), mayReadHistory: (bytes) => history.take(bytes) };
    this.#deps = {
      ...linkDeps,
      gate: deps.gate,
      outbound: deps.outbound,
      traffic: deps.traffic,
      maxQrRounds,
      openLink: (pairing, events) => new Link(linkDeps, pairing, events),
      onReachability: (reachable) => {
        this.#noteReachability(reachable);
      },
    };
    deps.journal.watch(
      () => {
        for (const session of this.#byTenant.values()) session.suspend();
      },
      () => {
        this.#retryAll(STORE);
      },
    );
  }

  /** From the last attempts to connect. */
  get reachability(): WhatsAppReachability {
    return this.#reachability;
  }

  /** Connects the sessions that should run, as many at a time as the gate lets through. */
  resumeAll(): void {
    for (const row of this.#deps.store.sessions.toRun()) {
      const session = this.#hold(row);
      if (this.#heldBack) session.holdBack();
      else session.resume();
    }
  }

  /**
   * The tenant's session.
   * @throws BridgeError session_not_found
   */
  get(tenantId: string): Session {
    const held = this.#byTenant.get(tenantId);
    if (held?.isRecorded === true) return held;
    const row = this.#deleting.has(tenantId) ? undefined : this.#deps.store.sessions.get(tenantId);
    if (row === undefined) throw new BridgeError("session_not_found");
    return this.#hold(row);
  }

  /**
   * The tenant's connection, over which WhatsApp can be asked.
   * @throws BridgeError session_not_found, session_not_connected
   */
  link(tenantId: string): Link {
    const link = this.get(tenantId).connectedLink;
    if (link === undefined) throw new BridgeError("session_not_connected");
    return link;
  }

  /**
   * Makes the tenant's session run, now and after restarts, and waits for what comes of it.
   * @throws BridgeError session_limit_reached, memory_limit_reached, owned_elsewhere, store_unavailable, whatsapp_unreachable
   */
  async start(tenantId: string, waitMs: number, signal: AbortSignal): Promise<SessionView> {
    const session = await this.#admit(tenantId);
    try {
      await session.start();
    } finally {
      this.#dropUnrecorded(session);
    }
    return session.progress(waitMs, signal);
  }

  /**
   * Closes the tenant's connection and opens it again.
   * @throws BridgeError session_not_found, and what start throws
   */
  async restart(tenantId: string, waitMs: number, signal: AbortSignal): Promise<SessionView> {
    this.get(tenantId);
    const session = await this.#admit(tenantId);
    await session.restart();
    return session.progress(waitMs, signal);
  }

  /**
   * A code to type on the phone instead of scanning the QR code.
   * @throws BridgeError session_already_paired, pairing_code_refused, and what start throws
   */
  async pairingCode(tenantId: string, phoneNumber: string, signal: AbortSignal): Promise<PairingCodeResult> {
    const session = await this.#admit(tenantId);
    try {
      const pairingCode = await session.pairingCode(phoneNumber, CODE_WITHIN_MS, signal);
      return { pairingCode, session: session.view() };
    } finally {
      this.#dropUnrecorded(session);
    }
  }

  /**
   * Forgets the tenant for good: its device is unlinked when WhatsApp can be reached, its keys are destroyed, then its rows.
   * @throws BridgeError store_unavailable; what was not deleted then is deleted by the next call.
   */
  delete(tenantId: string): Promise<SessionDeleteResult> {
    const underWay = this.#deleting.get(tenantId);
    if (underWay !== undefined) return underWay;
    const exists = this.#byTenant.get(tenantId)?.isRecorded === true || this.#deps.store.sessions.get(tenantId) !== undefined;
    if (!exists) return Promise.resolve({ deleted: false });
    const deletion = this.#delete(this.get(tenantId)).finally(() => this.#deleting.delete(tenantId));
    this.#deleting.set(tenantId, deletion);
    return deletion;
  }

  /** A page of all sessions, running or not, in the order of tenantId. */
  list(after: string, limit: number): SessionListResult {
    const rows = this.#deps.store.sessions.page(after, limit + 1);
    const sessions = rows.slice(0, limit).map((row) => (this.#byTenant.get(row.tenantId) ?? this.#make(row)).view());
    return { sessions, hasMore: rows.length > limit };
  }

  /** How many sessions are in each state. */
  countByState(): Record<string, number> {
    const counts = this.#deps.store.sessions.countByState();
    for (const { state, savedState } of this.#byTenant.values()) {
      if (state === savedState) continue;
      counts[savedState] = Math.max(0, (counts[savedState] ?? 0) - 1);
      counts[state] = (counts[state] ?? 0) + 1;
    }
    return counts;
  }

  /** What is heard on the connections there are. */
  connectionHealth(nowMs: number): ConnectionHealth {
    return healthOf([...this.#byTenant.values()].flatMap(({ pulse }) => pulse ?? []), nowMs, this.#silentMs);
  }

  /** The session in memory, if it was needed since the start; nothing is read for it. */
  held(tenantId: string): Session | undefined {
    return this.#byTenant.get(tenantId);
  }

  /** Ends what a tenant has under way and forgets it in memory, because the store is about to say something else. */
  async letGo(tenantId: string): Promise<void> {
    const session = this.#byTenant.get(tenantId);
    await session?.stop();
    if (this.#byTenant.get(tenantId) === session) this.#byTenant.delete(tenantId);
  }

  /** Closes every connection without logging out. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#byTenant.values()].map((session) => session.shutdown()));
  }

  /** Deletes what deletions left that a crash cut short. */
  async finishDeletions(): Promise<void> {
    for (const tenantId of this.#deps.store.eraser.unfinished()) await this.#sweep(tenantId);
  }

  /** The tenant's session, made when there is none, if it may run here and now. */
  async #admit(tenantId: string): Promise<Session> {
    await this.#deleting.get(tenantId)?.catch(() => undefined);
    if (this.#heldBack) throw new BridgeError("owned_elsewhere");
    const session = this.#byTenant.get(tenantId) ?? this.#find(tenantId);
    if (!session.shouldRun) this.#admission.check(...this.#load());
    this.#byTenant.set(tenantId, session);
    return session;
  }

  async #delete(session: Session): Promise<SessionDeleteResult> {
    const { tenantId } = session;
    const { writer, eraser, spoolUses } = this.#deps.store;
    let spooled: string[] = [];
    try {
      await session.vanish(() => {
        writer.now(() => {
          spooled = spoolUses.ofTenant(tenantId, SPOOLED_AT_ONCE);
          eraser.shred(tenantId);
          this.#deps.signals.erased(tenantId);
        });
      });
    } catch (error) {
      // It is still there: go on with it as after a restart.
      this.#byTenant.delete(tenantId);
      const row = this.#deps.store.sessions.get(tenantId);
      if (row?.shouldRun === true) this.#hold(row).resume();
      throw error;
    }
    this.#byTenant.delete(tenantId);
    this.#onErased(tenantId, spooled);
    await this.#sweep(tenantId);
    this.#deps.log.info({ tenantId }, "tenant deleted");
    return { deleted: true };
  }

  async #sweep(tenantId: string): Promise<void> {
    const { writer, eraser } = this.#deps.store;
    while (!writer.now(() => eraser.sweep(tenantId))) await new Promise((resolve) => setImmediate(resolve));
    await this.#deps.journal.skipDropped();
    this.#deps.store.emptyLog();
  }

  /** A start that failed on the disk leaves nothing behind. */
  #dropUnrecorded(session: Session): void {
    if (!session.isRecorded && this.#byTenant.get(session.tenantId) === session) this.#byTenant.delete(session.tenantId);
  }

  #find(tenantId: string): Session {
    const row = this.#deps.store.sessions.get(tenantId);
    if (row !== undefined) return this.#make(row);
    // Nothing is recorded yet: its start does that, together with its first pairing.
    return this.#make({
      tenantId,
      pairingId: 0,
      sessionId: "",
      shouldRun: false,
      state: "disconnected",
      reason: undefined,
      sinceMs: Date.now(),
      phoneNumber: undefined,
      lid: undefined,
      name: undefined,
      lastActivityMs: undefined,
      whatsappCode: undefined,
      restrictedUntilMs: undefined,
    });
  }

  #hold(row: SessionRow): Session {
    const session = this.#make(row);
    this.#byTenant.set(row.tenantId, session);
    return session;
  }

  #make(row: SessionRow): Session {
    return new Session(this.#deps, row, this.#deps.store.sessions.pairing(row.pairingId));
  }

  /** True in a store restored from a backup, until somebody said that the original does not run any more. */
  get #heldBack(): boolean {
    return this.#deps.store.ownership.state() === "restored";
  }

  /** How many sessions run, and how many of those are still to take most of their memory. */
  #load(): [running: number, unsettled: number] {
    let running = 0;
    let unsettled = 0;
    for (const session of this.#byTenant.values()) {
      if (session.shouldRun) running += 1;
      if (session.isUnsettled) unsettled += 1;
    }
    return [running, unsettled];
  }

  #retryAll(reasons: readonly SessionReason[]): void {
    for (const session of this.#byTenant.values()) session.retryNow(reasons);
  }

  #noteReachability(reachable: boolean): void {
    const cameBack = reachable && this.#reachability === "unreachable";
    this.#reachability = reachable ? "reachable" : "unreachable";
    // One got through: those that wait for nothing else need not wait out their time. The gate keeps them in line.
    if (cameBack) this.#retryAll(NETWORK);
  }
}
