import type { Connection } from "../wire/connection.js";
import { SERVER_JID } from "../wire/jid.js";
import { el, type Stanza } from "../wire/stanza.js";
import type { Fault, LinkFault } from "../world/faults.js";
import { notification } from "./delivery.js";

/** Codes the server ends a stream with (Baileys Types/index.d.ts, DisconnectReason). */
const STREAM_CODES: Partial<Record<LinkFault, string>> = {
  restart: "515", "logged-out": "401", forbidden: "403", unavailable: "503", "bad-session": "500",
  "temp-ban": "402", outdated: "405", banned: "406", experimental: "501",
};
/** Reasons a login is refused with. */
const LOGIN_REASONS: Partial<Record<LinkFault, string>> = {
  restart: "515", "logged-out": "401", forbidden: "403", unavailable: "503", "bad-session": "500", "multi-device": "411",
  "temp-ban": "402", outdated: "405", banned: "406", experimental: "501",
};

/** Lets a link fault happen to a link, as an answer to a login or in the middle of a session. */
export function strike(connection: Connection, fault: Fault, atLogin = false): void {
  const kind = fault.kind as LinkFault;
  if (kind === "drop") connection.destroy();
  else if (kind === "close") connection.close();
  else if (kind === "drop-mid-frame") connection.destroyMidFrame(el("ib", { from: SERVER_JID }, [el("dirty", { type: "groups" })]));
  else if (kind === "timelock-notice") connection.send(timelockNotice(fault.ms ?? 60_000));
  else if (kind === "capping-notice") connection.send(mexNotice("MessageCappingInfoNotification", { xwa2_notify_new_chat_messages_capping_info_update: cappingInfo(fault) }));
  else if (kind === "undecodable") connection.sendUndecodable(fault.frame ?? "node");
  else if (kind === "replaced") connection.sendAndClose(el("stream:error", {}, [el("conflict", { type: "replaced" })]));
  else if (atLogin && LOGIN_REASONS[kind]) connection.sendAndClose(el("failure", { reason: LOGIN_REASONS[kind], location: "sandbox", ...banOf(fault) }));
  else if (kind === "multi-device") connection.sendAndClose(el("ib", { from: SERVER_JID }, [el("downgrade_webclient")]));
  else if (kind === "logged-out") {
    connection.sendAndClose(el("stream:error", { code: "401" }, [el("conflict", { type: "device_removed" })]));
  } else connection.sendAndClose(el("stream:error", { code: STREAM_CODES[kind] }));
}

/** How long a ban lasts: `code` says why and `expire` for how many seconds (whatsmeow, connectionevents.go). */
function banOf(fault: Fault): Record<string, string> {
  if (fault.kind !== "temp-ban" || fault.ms === undefined) return {};
  return { code: "101", expire: String(Math.ceil(fault.ms / 1000)) };
}

/** Tells the account that it may not begin new chats for a time, or may again (Baileys messages-recv.js, handleMexNotification). */
function timelockNotice(ms: number): Stanza {
  const payload = ms === 0
    ? { is_active: false }
    : { is_active: true, time_enforcement_ends: String(Math.ceil((Date.now() + ms) / 1000)), enforcement_type: "WEB_COMPANION_ONLY" };
  return mexNotice("NotificationUserReachoutTimelockUpdate", { xwa2_notify_account_reachout_timelock: payload });
}

function mexNotice(operation: string, data: object): Stanza {
  return notification(undefined, "mex", [el("update", { op_name: operation }, Buffer.from(JSON.stringify({ data })))]);
}

/** How many new chats the account may begin and has begun (Baileys Types/State.d.ts, NewChatMessageCapInfo). */
export function cappingInfo(fault: Pick<Fault, "quota" | "spent" | "status" | "ms" | "since"> | undefined): object {
  const seconds = (ms: number): string => String(Math.ceil(ms / 1000));
  return {
    total_quota: fault?.quota ?? 1_000, used_quota: fault?.spent ?? 0,
    cycle_start_timestamp: fault ? seconds(fault.since) : "0", cycle_end_timestamp: fault?.ms === undefined ? "0" : seconds(fault.since + fault.ms),
    server_sent_timestamp: seconds(Date.now()),
    ote_status: "NOT_ELIGIBLE", mv_status: "NOT_ELIGIBLE", capping_status: fault?.status ?? "NONE",
  };
}
