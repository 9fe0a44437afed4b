// How states look: the tone of a session's, a webhook's and a message's state.

export const SESSION_TONE = {
  connected: "good",
  qr: "warn",
  pairing: "warn",
  connecting: "warn",
  reconnecting: "warn",
  restricted: "bad",
  logged_out: "bad",
  failed: "bad",
};

export const WEBHOOK_TONE = { enabled: "good", degraded: "warn", disabled: "bad" };

/** The steps a message goes, in order. */
export const STEPS = ["accepted", "sent", "delivered", "read"];

/** How far a status is along STEPS; -1 for one that is not on the way. */
export function stepOf(status) {
  return STEPS.indexOf(status === "played" ? "read" : status);
}
