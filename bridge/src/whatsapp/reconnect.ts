/**
 * Why a connection ended and what to do about it, as a table. The codes are WhatsApp's, as Baileys'
 * `DisconnectReason` and whatsmeow's `ConnectFailureReason` name them.
 */
import type { SessionReason, SessionState } from "../rpc/contract.gen.js";

/** What follows the end of a connection. */
export interface Verdict {
  /**
   * now: connect again at once. backoff: later. stop: not by itself any more.
   * forget: the pairing is gone, drop its secrets. newQr: the codes ran out unscanned.
   */
  next: "now" | "backoff" | "stop" | "forget" | "newQr";
  state: SessionState;
  reason: SessionReason;
}

/** What is known about the connection that ended. */
export interface Ending {
  /** False when the WebSocket never opened: then no code says anything about the account. */
  opened: boolean;
  /** True when the session has an account, so that its absence of QR codes is no surprise. */
  paired: boolean;
  statusCode: number | undefined;
}

const AGAIN = (reason: SessionReason): Verdict => ({ next: "backoff", state: "reconnecting", reason });

const BY_CODE: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  [401, { next: "forget", state: "logged_out", reason: "logged_out_by_phone" }],
  [402, { next: "stop", state: "restricted", reason: "forbidden" }],
  [403, { next: "stop", state: "failed", reason: "forbidden" }],
  [405, { next: "stop", state: "failed", reason: "internal_error" }],
  [406, { next: "stop", state: "failed", reason: "forbidden" }],
  [408, AGAIN("connection_lost")],
  [411, { next: "stop", state: "failed", reason: "multi_device_mismatch" }],
  [428, AGAIN("connection_lost")],
  [440, { next: "stop", state: "failed", reason: "connection_replaced" }],
  [500, AGAIN("bad_session")],
  [503, AGAIN("service_unavailable")],
  [515, { next: "now", state: "reconnecting", reason: "restart_required" }],
]);

/** What to do after a connection ended. */
export function verdictOn(ending: Ending): Verdict {
  // A proxy or a captive portal may answer 401 or 403 too. Only WhatsApp itself may end a pairing.
  if (!ending.opened) return { ...AGAIN("whatsapp_unreachable"), state: ending.paired ? "reconnecting" : "connecting" };
  if (!ending.paired) {
    // While pairing, 408 is Baileys' way to say that the QR codes ran out, and 515 that the phone has scanned one.
    if (ending.statusCode === 408) return { next: "newQr", state: "connecting", reason: "connection_lost" };
    const verdict = (ending.statusCode === undefined ? undefined : BY_CODE.get(ending.statusCode)) ?? AGAIN("connection_lost");
    return verdict.next === "backoff" || verdict.next === "forget" ? { next: "backoff", state: "connecting", reason: "connection_lost" } : verdict;
  }
  return (ending.statusCode === undefined ? undefined : BY_CODE.get(ending.statusCode)) ?? AGAIN("connection_lost");
}

const BASE_MS = 1000;
const CAP_MS = 60_000;

/**
 * How long to wait before the nth attempt in a row (from 0), in milliseconds: full jitter, so that hundreds of
 * sessions that lost the network together do not come back together.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.round(random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 16)));
}
