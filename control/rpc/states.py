"""The contract's session states and reasons in words: what happened, and what the person who looks at it can do.

Applications decide by the codes, people read the sentence. It is the same in answers, in webhooks and in the
stream of events, which is why it stands beside the contract and not in one of the rooms that show it. A test holds
the tables to the contract's vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from control.rpc.contract_gen import Session, SessionReason, SessionState, SessionStatusEvent

STATE_SENTENCES: dict[SessionState, str] = {
    SessionState.disconnected: "The session is not running. Start it to connect.",
    SessionState.connecting: "Connecting to WhatsApp.",
    SessionState.qr: (
        "Scan the QR code, or type the pairing code if one was asked for, with WhatsApp on the phone: Settings, "
        "Linked devices, Link a device."
    ),
    SessionState.pairing: "The phone accepted the code. WhatsApp is linking the device.",
    SessionState.connected: "Connected. Messages can be sent and received.",
    SessionState.reconnecting: "The connection to WhatsApp was lost. It is being restored by itself.",
    SessionState.logged_out: "The device is no longer linked. Start the session and scan a new QR code.",
    SessionState.restricted: "WhatsApp restricts this number. Open WhatsApp on the phone to see why.",
    SessionState.failed: "The session stopped after an error that a person has to mend. Start it again then.",
}

REASON_SENTENCES: dict[SessionReason, str] = {
    SessionReason.stopped: "It was stopped on request and stays linked.",
    SessionReason.whatsapp_unreachable: (
        "WhatsApp cannot be reached from this server; check its network and firewall if this lasts."
    ),
    SessionReason.connection_lost: "The network connection broke; there is nothing to do.",
    SessionReason.connection_replaced: (
        "The same linked device was opened somewhere else, for example by a second copy of this gateway. Stop the "
        "other one, then start this session again."
    ),
    SessionReason.restart_required: "WhatsApp asked for a new connection, which is normal after linking.",
    SessionReason.service_unavailable: "WhatsApp's service is unavailable for the moment; it is tried again.",
    SessionReason.bad_session: (
        "WhatsApp no longer accepts what is stored of this link. Log out, start and scan a new QR code."
    ),
    SessionReason.forbidden: (
        "WhatsApp refused this number, as it does when an account is banned. Open WhatsApp on the phone to ask "
        "for a review."
    ),
    SessionReason.multi_device_mismatch: (
        "The WhatsApp on the phone is too old for linked devices. Update it, then start the session again."
    ),
    SessionReason.logged_out_by_phone: (
        "It was unlinked on the phone, or by WhatsApp because the phone was away for long."
    ),
    SessionReason.logged_out_by_request: "It was unlinked on request.",
    SessionReason.qr_attempts_exhausted: "No QR code was scanned in time. Start again to get a new one.",
    SessionReason.store_unavailable: (
        "This server cannot write to its disk. Messages wait at WhatsApp; it goes on by itself once there is room."
    ),
    SessionReason.internal_error: "An unexpected error occurred here; the bridge's log has the details.",
    SessionReason.restricted_by_whatsapp: (
        "Messages to people who did not write first are refused; replies flow. Write to nobody new until then."
    ),
    SessionReason.temporarily_banned: (
        "The account is banned for a time. Wait until it ends; starting earlier does not help."
    ),
    SessionReason.dns_failure: "This server cannot resolve WhatsApp's name; check its DNS.",
    SessionReason.proxy_unreachable: "WhatsApp cannot be reached through this tenant's proxy; check or remove it.",
    SessionReason.client_outdated: "WhatsApp refuses this version of the gateway. Update it, then start again.",
    SessionReason.passkey_required: (
        "WhatsApp asks this account for a passkey, which this gateway cannot answer. What is known of it is in "
        "docs/sessions.md."
    ),
    SessionReason.memory_limit_reached: (
        "This server's memory holds no further session. Stop one, or raise MEMORY_LIMIT_MB."
    ),
    SessionReason.owned_elsewhere: (
        "Another installation runs this number, or this one is a restored copy. Stop the other one, then take "
        "the sessions over (docs/backup.md)."
    ),
    SessionReason.deleted: "It was deleted, with everything stored of it. Starting makes a new one.",
}

_WITH_A_REASON: dict[SessionState, str] = {SessionState.failed: "The session stopped until somebody acts."}
"""What to say of a state where the reason says what to do."""

_OWN_WORDS: dict[tuple[SessionState, SessionReason], str] = {
    (SessionState.restricted, SessionReason.restricted_by_whatsapp): (
        "Connected, but WhatsApp restricts this number{until}."
    ),
    (
        SessionState.restricted,
        SessionReason.temporarily_banned,
    ): "WhatsApp does not let this number connect{until}.",
    (SessionState.restricted, SessionReason.forbidden): "WhatsApp does not let this number connect.",
}
"""Where the state's sentence would say too much or too little with this reason."""


@dataclass(frozen=True, slots=True)
class SessionTruth:
    """What is known of a session's state. Times are unix milliseconds; None where there is nothing to say.

    whatsapp_code: WhatsApp's own number for the reason. retry_at_ms: when the next attempt to connect begins.
    attempt: how many have failed in a row.
    """

    state: SessionState
    since_ms: int
    reason: SessionReason | None = None
    whatsapp_code: int | None = None
    restricted_until_ms: int | None = None
    retry_at_ms: int | None = None
    attempt: int | None = None

    @classmethod
    def of(cls, said: Session | SessionStatusEvent) -> SessionTruth:
        """Take it out of an answer or an event."""
        return cls(
            state=said.state,
            since_ms=said.since_ms,
            reason=said.reason,
            whatsapp_code=said.whatsapp_code,
            restricted_until_ms=said.restricted_until_ms,
            retry_at_ms=said.retry_at_ms,
            attempt=said.attempt,
        )

    @property
    def connected(self) -> bool:
        """Whether messages flow: connected, or restricted while WhatsApp leaves the connection open."""
        return self.state is SessionState.connected or (
            self.state is SessionState.restricted and self.reason is SessionReason.restricted_by_whatsapp
        )

    @property
    def sentence(self) -> str:
        """What a person should know and can do."""
        if self.reason is None:
            return STATE_SENTENCES[self.state]
        words = _OWN_WORDS.get(
            (self.state, self.reason), _WITH_A_REASON.get(self.state, STATE_SENTENCES[self.state])
        )
        return f"{words.replace('{until}', self._until())} {REASON_SENTENCES[self.reason]}"

    def _until(self) -> str:
        if self.restricted_until_ms is None:
            return " for a time"
        try:
            moment = datetime.fromtimestamp(self.restricted_until_ms / 1000, UTC)
        except (ValueError, OverflowError):
            return " for a time"
        return f" until {moment:%Y-%m-%d %H:%M} UTC"
