"""A session as the person sees it who opened a connect link: what to do next, and nothing of how it works here.

Codes of WhatsApp, sentences for operators, the session's id and the number itself stay inside. The page has the
words for each phase and cause, in its languages (control/pages/connect/).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self

from control.api.schemas import spelled
from control.api.shape import Out, iso
from control.auth.connect_link import ConnectLink, ConnectMethod
from control.rpc.contract_gen import SessionReason, SessionState
from control.sessions.view import SessionView

SHOWN_DIGITS: Final = 4
"""Of a connected number: its owner knows it again, and nobody else learns it."""


class Phase(StrEnum):
    """idle: nothing runs, `start` begins. connecting: a code comes. waiting: a code can be scanned, or one be
    asked for and typed. linking: the phone took it. connected: done. failed: see cause; `start` tries again.
    """

    IDLE = "idle"
    CONNECTING = "connecting"
    WAITING = "waiting"
    LINKING = "linking"
    CONNECTED = "connected"
    FAILED = "failed"


class Cause(StrEnum):
    """Why it is idle, takes long or failed."""

    NOT_SCANNED = "not_scanned"
    PASSKEY_REQUIRED = "passkey_required"
    PHONE_OUTDATED = "phone_outdated"
    REFUSED_BY_WHATSAPP = "refused_by_whatsapp"
    WHATSAPP_UNREACHABLE = "whatsapp_unreachable"
    SERVICE_TROUBLE = "service_trouble"


_PHASES: Final = {
    SessionState.disconnected: Phase.IDLE,
    SessionState.logged_out: Phase.IDLE,
    SessionState.connecting: Phase.CONNECTING,
    SessionState.reconnecting: Phase.CONNECTING,
    SessionState.qr: Phase.WAITING,
    SessionState.pairing: Phase.LINKING,
    SessionState.connected: Phase.CONNECTED,
    SessionState.restricted: Phase.FAILED,
    SessionState.failed: Phase.FAILED,
}

_CAUSES: Final = {
    SessionReason.qr_attempts_exhausted: Cause.NOT_SCANNED,
    SessionReason.passkey_required: Cause.PASSKEY_REQUIRED,
    SessionReason.multi_device_mismatch: Cause.PHONE_OUTDATED,
    SessionReason.forbidden: Cause.REFUSED_BY_WHATSAPP,
    SessionReason.temporarily_banned: Cause.REFUSED_BY_WHATSAPP,
    SessionReason.whatsapp_unreachable: Cause.WHATSAPP_UNREACHABLE,
    SessionReason.dns_failure: Cause.WHATSAPP_UNREACHABLE,
    SessionReason.proxy_unreachable: Cause.WHATSAPP_UNREACHABLE,
    SessionReason.service_unavailable: Cause.WHATSAPP_UNREACHABLE,
    SessionReason.client_outdated: Cause.SERVICE_TROUBLE,
    SessionReason.memory_limit_reached: Cause.SERVICE_TROUBLE,
    SessionReason.store_unavailable: Cause.SERVICE_TROUBLE,
    SessionReason.internal_error: Cause.SERVICE_TROUBLE,
    SessionReason.owned_elsewhere: Cause.SERVICE_TROUBLE,
    SessionReason.connection_replaced: Cause.SERVICE_TROUBLE,
    SessionReason.bad_session: Cause.SERVICE_TROUBLE,
}
"""Those that are not here say nothing a visitor has to know."""


class ConnectBrandOut(Out):
    """How the page looks. color: `#rrggbb`. logo: a data URL."""

    name: str | None
    color: str | None
    logo: str | None


class ConnectVisitOut(Out):
    """An opened link. visit: what the other addresses of the page want in `Authorization: Bearer`, until then."""

    visit: str
    expires_at: str
    method: ConnectMethod
    language: str | None
    brand: ConnectBrandOut
    return_url: str | None

    @classmethod
    def of(cls, link: ConnectLink, visit: str) -> Self:
        """Return the answer for a link that was opened."""
        record = link.record
        return cls(
            visit=visit,
            expires_at=iso(link.expires_at_ms),
            method=record.method,
            language=record.language,
            brand=ConnectBrandOut(name=record.brand_name, color=record.brand_color, logo=record.brand_logo),
            return_url=record.return_url,
        )


class ConnectStateOut(Out):
    """What the page shows now. numberEnds: last digits of the connected number. qrCode: a PNG as a data URL."""

    phase: Phase
    cause: Cause | None = None
    qr_code: str | None = None
    qr_expires_at: str | None = None
    pairing_code: str | None = None
    pairing_code_expires_at: str | None = None
    number_ends: str | None = None

    @classmethod
    def of(cls, link: ConnectLink, view: SessionView | None) -> Self:
        """Return what the holder of a link sees of the tenant's session; None where there is none yet."""
        if view is None:
            return cls(phase=Phase.IDLE)
        session, truth = view.session, view.truth
        phase = Phase.CONNECTED if truth.connected else _PHASES[truth.state]
        cause = _CAUSES.get(truth.reason) if truth.reason is not None else None
        if phase is Phase.FAILED:
            cause = cause or Cause.SERVICE_TROUBLE
        if phase in (Phase.CONNECTED, Phase.WAITING, Phase.LINKING):
            cause = None
        code = view.pairing_code if link.record.method is not ConnectMethod.QR else None
        qr = session.qr if link.record.method is not ConnectMethod.CODE and view.qr is not None else None
        number = session.phone_number if phase is Phase.CONNECTED else None
        return cls(
            phase=phase,
            cause=cause,
            qr_code=view.qr_code if qr is not None else None,
            qr_expires_at=iso(qr.expires_at_ms) if qr is not None else None,
            pairing_code=spelled(code.code) if code is not None else None,
            pairing_code_expires_at=iso(code.expires_at_ms) if code is not None else None,
            number_ends=number[-SHOWN_DIGITS:] if number is not None else None,
        )
