/** A session as operators look at it. */
import { maskPhone, maskTenant } from "../log.js";
import type { Session as SessionView } from "../rpc/contract.gen.js";
import type { DebugDeps } from "./debug-deps.js";

/** One line of the list. Times in unix ms. */
export interface SessionLine {
  tenantId: string;
  state: SessionView["state"];
  reason?: SessionView["reason"];
  sinceMs: number;
  attempt: number;
  retryAtMs?: number;
  /** When anything, and when anything but answers, was last received over the connection there is. */
  heardMs?: number;
  stirredMs?: number;
  /** Messages not handed to WhatsApp, events control has not stored. */
  waiting: number;
  unackedEvents: number;
  /** An even share, see MEMORY_NOTE; absent without a connection. */
  memoryBytes?: number;
}

export const MEMORY_NOTE = "Memory: nobody accounts it to a session. It is an even share: what the process has grown by since it had none, by the number of connected sessions.";

/** Reads sessions in the order of tenantId. @param unacked events of all tenants that control has not stored. */
export function sessionLines(deps: DebugDeps, after: string, limit: number): { lines: SessionLine[]; hasMore: boolean } {
  const { sessions, store, journal, figures } = deps;
  const page = sessions.list(after, limit);
  const unacked = store.depths.eventsByTenant(journal.depth.ackedPosition);
  const { perSessionBytes } = figures.memoryShare();
  const lines = page.sessions.map((session): SessionLine => {
    const { single, batched } = store.outbox.waiting(session.tenantId);
    const pulse = sessions.held(session.tenantId)?.pulse;
    return {
      tenantId: session.tenantId,
      state: session.state,
      ...(session.reason === undefined ? {} : { reason: session.reason }),
      sinceMs: session.sinceMs,
      attempt: session.attempt ?? 0,
      ...(session.retryAtMs === undefined ? {} : { retryAtMs: session.retryAtMs }),
      ...(pulse === undefined ? {} : { heardMs: pulse.heardMs, stirredMs: pulse.stirredMs }),
      waiting: single + batched,
      unackedEvents: unacked.get(session.tenantId) ?? 0,
      ...(pulse === undefined || perSessionBytes === undefined ? {} : { memoryBytes: perSessionBytes }),
    };
  });
  return { lines, hasMore: page.hasMore };
}

/** One session with all that is known of it but what it says and to whom. @throws BridgeError session_not_found */
export function sessionDetail(deps: DebugDeps, tenantId: string): Record<string, unknown> {
  const { sessions, store, journal, figures, dispatcher, desk } = deps;
  const session = sessions.get(tenantId);
  const view = session.view();
  const pulse = session.pulse;
  const { single, batched } = store.outbox.waiting(tenantId);
  const { perSessionBytes } = figures.memoryShare();
  return {
    tenantId,
    sessionId: view.sessionId,
    state: view.state,
    ...(view.reason === undefined ? {} : { reason: view.reason }),
    sinceMs: view.sinceMs,
    shouldRun: session.shouldRun,
    savedState: session.savedState,
    ...(view.phoneNumber === undefined ? {} : { phoneNumber: maskPhone(view.phoneNumber) }),
    attempt: view.attempt ?? 0,
    ...(view.retryAtMs === undefined ? {} : { retryAtMs: view.retryAtMs }),
    ...(view.whatsappCode === undefined ? {} : { whatsappCode: view.whatsappCode }),
    ...(view.restrictedUntilMs === undefined ? {} : { restrictedUntilMs: view.restrictedUntilMs }),
    ...(view.lastActivityMs === undefined ? {} : { lastActivityMs: view.lastActivityMs }),
    hasProxy: view.hasProxy ?? false,
    connected: pulse !== undefined,
    ...(pulse === undefined ? {} : { heardMs: pulse.heardMs, stirredMs: pulse.stirredMs }),
    sending: dispatcher.isConnected(tenantId),
    waiting: { single, batched },
    stages: session.pairing === undefined ? {} : store.depths.stagesOf(session.pairing.id),
    unackedEvents: store.depths.eventsByTenant(journal.depth.ackedPosition).get(tenantId) ?? 0,
    ...(pulse === undefined || perSessionBytes === undefined ? {} : { memoryBytes: perSessionBytes }),
    logLevel: desk.levels.changes.tenants[tenantId]?.level ?? desk.levels.current,
  };
}

/** A session for somebody who must not learn whose it is. @param index tells those apart that begin alike. */
export function anonymous(line: SessionLine, index: number): Record<string, unknown> {
  return { ...line, tenantId: `${maskTenant(line.tenantId)}#${index + 1}` };
}
