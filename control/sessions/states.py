"""The closed vocabulary of session states and reasons, with a sentence each for the person who looks at it.

The codes are the contract's; applications decide by them, people read the sentences. A test holds the two tables
to the contract.
"""

from __future__ import annotations

from control.rpc.contract_gen import SessionReason, SessionState

STATE_SENTENCES: dict[SessionState, str] = {
    SessionState.disconnected: "The session is not running. Start it to connect.",
    SessionState.connecting: "Connecting to WhatsApp.",
    SessionState.qr: "Scan the QR code with WhatsApp on the phone: Settings, Linked devices, Link a device.",
    SessionState.pairing: "The QR code was scanned. WhatsApp is linking the device.",
    SessionState.connected: "Connected. Messages can be sent and received.",
    SessionState.reconnecting: "The connection to WhatsApp was lost. It is being restored by itself.",
    SessionState.logged_out: "The device is no longer linked. Start the session and scan a new QR code.",
    SessionState.restricted: "WhatsApp restricts this number. Open WhatsApp on the phone to see why.",
    SessionState.failed: "The session stopped after an error that a person has to mend. Start it again then.",
}

REASON_SENTENCES: dict[SessionReason, str] = {
    SessionReason.stopped: "It was stopped on request.",
    SessionReason.whatsapp_unreachable: "WhatsApp cannot be reached from this server.",
    SessionReason.connection_lost: "The network connection broke.",
    SessionReason.connection_replaced: "The same linked device was opened somewhere else.",
    SessionReason.restart_required: "WhatsApp asked for a new connection, as it does after pairing.",
    SessionReason.service_unavailable: "WhatsApp's service is temporarily unavailable.",
    SessionReason.bad_session: "WhatsApp no longer accepts the stored session.",
    SessionReason.forbidden: "WhatsApp refused this number.",
    SessionReason.multi_device_mismatch: "The WhatsApp on the phone is too old for linked devices; update it.",
    SessionReason.logged_out_by_phone: "The device was unlinked on the phone.",
    SessionReason.logged_out_by_request: "The device was unlinked on request.",
    SessionReason.qr_attempts_exhausted: "No QR code was scanned in time.",
    SessionReason.store_unavailable: "The server cannot write to its disk.",
    SessionReason.internal_error: "An unexpected error occurred. The bridge's log has the details.",
}


def sentence(state: SessionState, reason: SessionReason | None) -> str:
    """Return what a person should know about a session in this state."""
    words = STATE_SENTENCES[state]
    return f"{words} {REASON_SENTENCES[reason]}" if reason is not None else words
