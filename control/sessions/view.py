"""A session as its tenant sees it."""

from __future__ import annotations

from dataclasses import dataclass

from control.rpc.contract_gen import PairingCode, Session
from control.rpc.states import SessionTruth


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with what can be linked with now.

    qr: the text of the code, only while it can be scanned. qr_code: its PNG as a data URL, where it was drawn.
    pairing_code: only while it can be typed.
    """

    session: Session
    truth: SessionTruth
    qr: str | None
    qr_code: str | None
    pairing_code: PairingCode | None


def scannable(session: Session, now_ms: int) -> str | None:
    """Return the text of the QR code that can be scanned now."""
    return session.qr.text if session.qr is not None and session.qr.expires_at_ms > now_ms else None


def view_of(session: Session, qr_code: str | None, now_ms: int) -> SessionView:
    """Return the view of a session at a time."""
    code = session.pairing_code
    return SessionView(
        session,
        SessionTruth.of(session),
        scannable(session, now_ms),
        qr_code,
        code if code is not None and code.expires_at_ms > now_ms else None,
    )
