/** All sessions of this bridge: found by tenant, bounded in number, resumed after a restart. */
import { BridgeError } from "../errors.js";
import type { Session as SessionView, SessionListResult, WhatsAppReachability } from "../rpc/contract.gen.js";
import type { SessionRow } from "../store/sessions.js";
import { Session, type SessionDeps } from "./session.js";

export interface SessionsOptions {
  maxSessions: number;
}

export class Sessions {
  readonly #deps: SessionDeps;
  readonly #options: SessionsOptions;
  readonly #byTenant = new Map<string, Session>();
  #reachability: WhatsAppReachability = "unknown";

  constructor(deps: Omit<SessionDeps, "onReachability">, options: SessionsOptions) {
    this.#options = options;
    this.#deps = { ...deps, onReachability: (reachable) => {
      this.#noteReachability(reachable);
    } };
    deps.journal.watch(
      () => {
        for (const session of this.#byTenant.values()) session.suspend();
      },
      () => {
        this.retryAll();
      },
    );
  }

  /** From the last attempts to connect. */
  get reachability(): WhatsAppReachability {
    return this.#reachability;
  }

  /** Connects the sessions that should run, as many at a time as the gate lets through. */
  resumeAll(): void {
    for (const row of this.#deps.store.sessions.toRun()) this.#hold(row).resume();
  }

  /**
   * The tenant's session.
   * @throws BridgeError session_not_found
   */
  get(tenantId: string): Session {
    const held = this.#byTenant.get(tenantId);
    if (held !== undefined) return held;
    const row = this.#deps.store.sessions.get(tenantId);
    if (row === undefined) throw new BridgeError("session_not_found");
    return this.#hold(row);
  }

  /**
   * Makes the tenant's session run, now and after restarts, and waits for what comes of it.
   * @throws BridgeError session_limit_reached, store_unavailable, whatsapp_unreachable
   */
  async start(tenantId: string, waitMs: number, signal: AbortSignal): Promise<SessionView> {
    const session = this.#byTenant.get(tenantId) ?? this.#find(tenantId);
    if (!session.shouldRun && this.#running() >= this.#options.maxSessions) throw new BridgeError("session_limit_reached");
    session.start();
    this.#byTenant.set(tenantId, session);
    return session.progress(waitMs, signal);
  }

  /** A page of all sessions, running or not, in the order of tenantId. */
  list(after: string, limit: number): SessionListResult {
    const rows = this.#deps.store.sessions.page(after, limit + 1);
    const sessions = rows.slice(0, limit).map((row) => (this.#byTenant.get(row.tenantId) ?? this.#make(row)).view());
    return { sessions, hasMore: rows.length > limit };
  }

  /** How many sessions are in each state. */
  countByState(): Record<string, number> {
    return this.#deps.store.sessions.countByState();
  }

  /** Lets the sessions that wait for their next attempt try now. */
  retryAll(): void {
    for (const session of this.#byTenant.values()) session.retryNow();
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

  #running(): number {
    let running = 0;
    for (const session of this.#byTenant.values()) if (session.shouldRun) running += 1;
    return running;
  }

  #noteReachability(reachable: boolean): void {
    const cameBack = reachable && this.#reachability === "unreachable";
    this.#reachability = reachable ? "reachable" : "unreachable";
    // One got through: the others need not wait out their backoff. The gate keeps them from coming all at once.
    if (cameBack) this.retryAll();
  }
}
