import type { Connection } from "../wire/connection.js";
import { SERVER_JID } from "../wire/jid.js";
import { el } from "../wire/stanza.js";
import type { Fault, LinkFault } from "../world/faults.js";

/** Codes the server ends a stream with (Baileys Types/index.d.ts, DisconnectReason). */
const STREAM_CODES: Partial<Record<LinkFault, string>> = {
  restart: "515", "logged-out": "401", forbidden: "403", unavailable: "503", "bad-session": "500",
};
/** Reasons a login is refused with. */
const LOGIN_REASONS: Partial<Record<LinkFault, string>> = {
  restart: "515", "logged-out": "401", forbidden: "403", unavailable: "503", "bad-session": "500", "multi-device": "411",
};

/** Lets a link fault happen to a link, as an answer to a login or in the middle of a session. */
export function strike(connection: Connection, fault: Fault, atLogin = false): void {
  const kind = fault.kind as LinkFault;
  if (kind === "drop") connection.destroy();
  else if (kind === "close") connection.close();
  else if (kind === "drop-mid-frame") connection.destroyMidFrame(el("ib", { from: SERVER_JID }, [el("dirty", { type: "groups" })]));
  else if (kind === "undecodable") connection.sendUndecodable(fault.frame ?? "node");
  else if (kind === "replaced") connection.sendAndClose(el("stream:error", {}, [el("conflict", { type: "replaced" })]));
  else if (atLogin && LOGIN_REASONS[kind]) connection.sendAndClose(el("failure", { reason: LOGIN_REASONS[kind], location: "sandbox" }));
  else if (kind === "multi-device") connection.sendAndClose(el("ib", { from: SERVER_JID }, [el("downgrade_webclient")]));
  else if (kind === "logged-out") {
    connection.sendAndClose(el("stream:error", { code: "401" }, [el("conflict", { type: "device_removed" })]));
  } else connection.sendAndClose(el("stream:error", { code: STREAM_CODES[kind] }));
}
