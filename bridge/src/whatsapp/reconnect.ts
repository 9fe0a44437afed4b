/**
 * Why a connection ended and what to do about it, as a table. The codes are WhatsApp's, as Baileys'
 * `DisconnectReason` and whatsmeow's `ConnectFailureReason` name them; what each means to a customer is said in
 * docs/sessions.md. How long to wait is in attempts.ts.
 */
import type { SessionReason, SessionState } from "../rpc/contract.gen.js";

/** What follows the end of a connection. */
export interface Verdict {
  /**
   * now: connect again at once. backoff: later. wait: when the restriction ends. stop: not by itself any more.
   * forget: the pairing is gone, drop its secrets. newQr: the codes ran out unscanned.
   */
  next: "now" | "backoff" | "wait" | "stop" | "forget" | "newQr";
  state: SessionState;
  reason: SessionReason;
  /** WhatsApp's own code, when it gave one. */
  whatsappCode?: number;
  /** For `wait`: until when, in unix ms. */
  untilMs?: number;
}

/** What is known about the connection that ended. */
export interface Ending {
  /** False when the WebSocket never opened: then no code says anything about the account. */
  opened: boolean;
  /** True when the session has an account. */
  paired: boolean;
  statusCode: number | undefined;
  /** True when WhatsApp itself gave the code, in a `<stream:error>` or a `<failure>`; Baileys makes up some of its own. */
  toldByWhatsApp: boolean;
  /** True when every QR code WhatsApp gave was shown and none was scanned. */
  qrRanOut: boolean;
  /** The operating system's name of the error, such as ENOTFOUND, when it was one. */
  systemError: string | undefined;
  /** True when the session connects through a proxy. */
  viaProxy: boolean;
  /** How long WhatsApp bans the number, in milliseconds, when it said so: `expire` of a `<failure reason="402">`, in seconds. */
  banMs: number | undefined;
  /** True when WhatsApp asked for a passkey. */
  passkeyAsked: boolean;
  /** True when this end was cut because the store failed. */
  storeFailed: boolean;
}

type Row = Pick<Verdict, "next" | "state" | "reason">;

const AGAIN = (reason: SessionReason): Row => ({ next: "backoff", state: "reconnecting", reason });
const FAILED = (reason: SessionReason): Row => ({ next: "stop", state: "failed", reason });

/** One row for each code: what to do, the state, the reason. */
export const BY_CODE: ReadonlyMap<number, Row> = new Map<number, Row>([
  // Unlinked on the phone, or its account is gone.
  [401, { next: "forget", state: "logged_out", reason: "logged_out_by_phone" }],
  // Banned for a time.
  [402, { next: "wait", state: "restricted", reason: "temporarily_banned" }],
  // The account is locked or banned, or its main device is gone. The pairing is kept: an appeal may succeed.
  [403, FAILED("forbidden")],
  [406, FAILED("forbidden")],
  // This version of the client, or its description of itself, is not let in any more.
  [405, FAILED("client_outdated")],
  [409, FAILED("client_outdated")],
  // No answer in time, or the WebSocket broke.
  [408, AGAIN("connection_lost")],
  [428, AGAIN("connection_lost")],
  [411, FAILED("multi_device_mismatch")],
  // Somebody else connected with the same credentials. Coming back would throw them out, and so on without end.
  [440, FAILED("connection_replaced")],
  [500, AGAIN("bad_session")],
  [501, AGAIN("service_unavailable")],
  [503, AGAIN("service_unavailable")],
  // WhatsApp asks for it after a scan and now and then in between: normal, and nobody's error.
  [515, { next: "now", state: "reconnecting", reason: "restart_required" }],
]);

/** What a name server's failure looks like: getaddrinfo(3). */
const DNS_ERRORS = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "EAI_NODATA", "EAI_NONAME", "ENODATA", "ESERVFAIL"]);

/** When WhatsApp bans a number and does not say for how long. */
const UNKNOWN_BAN_MS = 6 * 60 * 60_000;

/** Nothing was heard of WhatsApp itself: why, as far as that can be told. */
function unreachable(ending: Ending): SessionReason {
  // What is behind a proxy cannot be told apart from the proxy, and a proxy looks names up by itself.
  if (ending.viaProxy) return "proxy_unreachable";
  return ending.systemError !== undefined && DNS_ERRORS.has(ending.systemError) ? "dns_failure" : "whatsapp_unreachable";
}

function rowOf(ending: Ending): Row {
  if (ending.storeFailed) return AGAIN("store_unavailable");
  // A proxy or a captive portal may answer 401 or 403 too. Only WhatsApp itself may end a pairing.
  if (!ending.opened) return AGAIN(unreachable(ending));
  if (ending.passkeyAsked) return FAILED("passkey_required");
  if (ending.qrRanOut) return { next: "newQr", state: "connecting", reason: "connection_lost" };
  const row = (ending.statusCode === undefined ? undefined : BY_CODE.get(ending.statusCode)) ?? AGAIN("connection_lost");
  // Without an account there is nothing to log out of, to be replaced in or to be broken.
  const needsAccount = row.next === "forget" || row.reason === "connection_replaced" || row.reason === "bad_session";
  return !ending.paired && needsAccount ? AGAIN("connection_lost") : row;
}

/** What to do after a connection ended. */
export function verdictOn(ending: Ending, nowMs: number = Date.now()): Verdict {
  const row = rowOf(ending);
  const told = ending.opened && ending.toldByWhatsApp && !ending.storeFailed;
  return {
    ...row,
    state: row.state === "reconnecting" && !ending.paired ? "connecting" : row.state,
    ...(told && ending.statusCode !== undefined ? { whatsappCode: ending.statusCode } : {}),
    ...(row.next === "wait" ? { untilMs: nowMs + (ending.banMs ?? UNKNOWN_BAN_MS) } : {}),
  };
}
