"""Start, stop, log out and look at a tenant's session.

The bridge has the truth and is always asked. Redis gets a copy of every answer and of every event
(control/sessions/ store.py), and being without Redis changes no answer here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from control.errors import GatewayError
from control.rpc.contract_gen import Session, SessionReason, SessionState
from control.sessions.qr import QrImages
from control.sessions.states import sentence

START_WAIT_MS = 20_000
"""How long a start waits for the first QR code or for the connection."""

log = logging.getLogger(__name__)


class SessionBridge(Protocol):
    """What sessions need of the bridge."""

    async def session_start(self, tenant_id: str, wait_ms: int) -> Session:
        """Make the session run."""

    async def session_stop(self, tenant_id: str) -> Session:
        """Stop it."""

    async def session_logout(self, tenant_id: str) -> Session:
        """Unlink it."""

    async def session_get(self, tenant_id: str) -> Session:
        """Look at it."""


class SessionMemory(Protocol):
    """Where a copy of every answer goes."""

    async def remember(self, session: Session) -> None:
        """Store it; never raises."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its tenant sees it.

    qr, qr_code: text and PNG data URL, only while the code can be scanned.
    """

    session: Session
    message: str
    qr: str | None
    qr_code: str | None


class SessionService:
    """The tenant's four verbs."""

    def __init__(
        self,
        bridge: SessionBridge,
        store: SessionMemory,
        images: QrImages,
        *,
        start_wait_ms: int = START_WAIT_MS,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._bridge = bridge
        self._store = store
        self._images = images
        self._start_wait_ms = start_wait_ms
        self._now_ms = now_ms

    async def start(self, tenant_id: str) -> SessionView:
        """Make the session run and return it with its first QR code, or connected when it was paired before.

        Raises `whatsapp_unreachable`, `session_limit_reached`, `store_unavailable` and the errors of the link.
        """
        session = await self._bridge.session_start(tenant_id, self._start_wait_ms)
        log.info("session started", extra={"tenantId": tenant_id, "state": session.state.value})
        await self._store.remember(session)
        trying = session.state in (SessionState.connecting, SessionState.reconnecting)
        if trying and session.reason is SessionReason.whatsapp_unreachable:
            raise GatewayError("whatsapp_unreachable", retry_after=10)
        return await self._view(session)

    async def status(self, tenant_id: str) -> SessionView:
        """Return the session as it is now. Raises `session_not_found` and the errors of the link."""
        return await self._view(await self._bridge.session_get(tenant_id))

    async def stop(self, tenant_id: str) -> SessionView:
        """Close the connection and keep the pairing. Raises `session_not_found`, `store_unavailable`."""
        session = await self._bridge.session_stop(tenant_id)
        log.info("session stopped", extra={"tenantId": tenant_id})
        await self._store.remember(session)
        return await self._view(session)

    async def logout(self, tenant_id: str) -> SessionView:
        """Unlink the device and forget the pairing. Raises `session_not_found`, `store_unavailable`."""
        session = await self._bridge.session_logout(tenant_id)
        log.info("session logged out", extra={"tenantId": tenant_id})
        await self._store.remember(session)
        return await self._view(session)

    async def _view(self, session: Session) -> SessionView:
        qr = session.qr.text if session.qr is not None and session.qr.expires_at_ms > self._now_ms() else None
        qr_code = await self._images.data_url(qr) if qr is not None else None
        return SessionView(session, sentence(session.state, session.reason), qr, qr_code)
