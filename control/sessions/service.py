"""What a tenant can do with its session: start, link, look, restart, stop, log out, delete, go through a proxy.

The bridge has the truth and is always asked. Redis gets a copy of every answer and of every event
(control/sessions/store.py), and being without Redis changes no answer here; only a deletion needs it, because what
Redis holds of the tenant has to go too.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from control.errors import GatewayError
from control.rpc.contract_gen import (
    PairingCodeResult,
    Session,
    SessionDeleteResult,
    SessionListResult,
    SessionReason,
    SessionState,
)
from control.sessions.qr import QrForm, QrImages
from control.sessions.view import SessionView, scannable, view_of

START_WAIT_MS = 20_000
"""How long a start waits for the first QR code or for the connection."""

QR_WAIT_SECONDS = 5.0
QR_LOOK_SECONDS = 0.2
"""Between two codes there may be none for a moment: whoever asks for one then waits for it, looking so often."""

LOOKS_AT_ONCE = 50
"""Sessions asked for at the same time, for a page of some tenants only."""

_UNREACHABLE = (SessionReason.whatsapp_unreachable, SessionReason.dns_failure, SessionReason.proxy_unreachable)
_TRYING = (SessionState.connecting, SessionState.reconnecting)

log = logging.getLogger(__name__)


class SessionBridge(Protocol):
    """What sessions need of the bridge; see control/rpc/client.py for what each does and raises."""

    async def session_start(self, tenant_id: str, wait_ms: int) -> Session:
        """Make the session run."""

    async def session_restart(self, tenant_id: str, wait_ms: int) -> Session:
        """Connect it anew."""

    async def session_pairing_code(self, tenant_id: str, phone_number: str) -> PairingCodeResult:
        """Get a code to type on the phone."""

    async def session_stop(self, tenant_id: str) -> Session:
        """Stop it."""

    async def session_logout(self, tenant_id: str) -> Session:
        """Unlink it."""

    async def session_delete(self, tenant_id: str) -> SessionDeleteResult:
        """Destroy it."""

    async def session_set_proxy(self, tenant_id: str, proxy_url: str | None) -> Session:
        """Set or remove its proxy."""

    async def session_get(self, tenant_id: str) -> Session:
        """Look at it."""

    async def session_list(self, after: str | None, limit: int) -> SessionListResult:
        """Look at many."""


class SessionMemory(Protocol):
    """Where a copy of every answer goes."""

    async def remember(self, session: Session) -> None:
        """Store it; never raises."""

    def expect(self, tenant_id: str) -> None:
        """Take what comes of the tenant from now on, also when it was deleted before."""

    async def erase(self, tenant_id: str) -> None:
        """Remove everything of the tenant. Raises `redis_unavailable`."""


class SessionService:
    """The tenant's verbs. All raise the errors of the link besides their own."""

    def __init__(
        self,
        bridge: SessionBridge,
        store: SessionMemory,
        images: QrImages,
        *,
        on_deleted: Sequence[Callable[[str], None]] = (),
        start_wait_ms: int = START_WAIT_MS,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """on_deleted: told of each tenant that was deleted, so that they forget it too; must not block."""
        self._bridge = bridge
        self._store = store
        self._images = images
        self._on_deleted = tuple(on_deleted)
        self._start_wait_ms = start_wait_ms
        self._now_ms = now_ms

    async def start(self, tenant_id: str) -> SessionView:
        """Make the session run and return it with its QR code, or connected when it was linked before.

        Raises `whatsapp_unreachable`, `qr_code_not_ready`, `session_limit_reached`, `memory_limit_reached`,
        `owned_elsewhere`, `store_unavailable`.
        """
        self._store.expect(tenant_id)
        session = await self._bridge.session_start(tenant_id, self._start_wait_ms)
        return await self._begun(session, "session started")

    async def restart(self, tenant_id: str) -> SessionView:
        """Connect anew with the same pairing. Raises `session_not_found` and what `start` raises."""
        session = await self._bridge.session_restart(tenant_id, self._start_wait_ms)
        return await self._begun(session, "session restarted")

    async def pairing_code(self, tenant_id: str, phone_number: str) -> SessionView:
        """Start the session if need be and return it with a code to type on the phone with this number (E.164).

        Raises `pairing_code_refused`, `session_already_paired` and what `start` raises.
        """
        self._store.expect(tenant_id)
        result = await self._bridge.session_pairing_code(tenant_id, phone_number)
        # The code stands beside the session and should be in it; what was answered is what is shown.
        session = result.session.model_copy(update={"pairing_code": result.pairing_code})
        log.info("pairing code made", extra={"tenantId": tenant_id})
        await self._store.remember(session)
        return await self._view(session)

    async def status(self, tenant_id: str) -> SessionView:
        """Return the session as it is now. Raises `session_not_found`."""
        return await self._view(await self._bridge.session_get(tenant_id))

    async def page(self, after: str | None, limit: int) -> tuple[list[SessionView], str | None]:
        """Return sessions in the order of tenantId, without pictures of codes, and where the next page begins."""
        page = await self._bridge.session_list(after, limit)
        views = [view_of(session, None, self._now_ms()) for session in page.sessions]
        return views, page.sessions[-1].tenant_id if page.has_more and page.sessions else None

    async def page_of(
        self, tenants: Collection[str], after: str | None, limit: int
    ) -> tuple[list[SessionView], str | None]:
        """The same of these tenants only, for those who may see no others."""
        wanted = sorted(tenant for tenant in tenants if after is None or tenant > after)
        found: list[Session] = []
        for begin in range(0, len(wanted), LOOKS_AT_ONCE):
            looks = (self._if_any(tenant_id) for tenant_id in wanted[begin : begin + LOOKS_AT_ONCE])
            found += [session for session in await asyncio.gather(*looks) if session is not None]
            if len(found) > limit:
                break
        views = [view_of(session, None, self._now_ms()) for session in found[:limit]]
        return views, views[-1].session.tenant_id if len(found) > limit else None

    async def qr(self, tenant_id: str) -> SessionView:
        """Return the session with the code that can be scanned now, waiting a moment for the next one.

        Raises `no_qr_code`, with the reason in words, and `session_not_found`.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + QR_WAIT_SECONDS
        while True:
            session = await self._bridge.session_get(tenant_id)
            if scannable(session, self._now_ms()):
                return await self._view(session)
            if not _awaits_code(session) or loop.time() > ends:
                view = view_of(session, None, self._now_ms())
                raise GatewayError("no_qr_code", view.truth.sentence, state=session.state.value)
            await asyncio.sleep(QR_LOOK_SECONDS)

    async def draw(self, form: QrForm, text: str) -> bytes:
        """Return a code's picture."""
        return await self._images.draw(form, text)

    async def picture(self, text: str) -> str:
        """Return a code's PNG as a data URL."""
        return await self._images.data_url(text)

    async def stop(self, tenant_id: str) -> SessionView:
        """Close the connection and keep the pairing. Raises `session_not_found`, `store_unavailable`."""
        return await self._noted(await self._bridge.session_stop(tenant_id), "session stopped")

    async def logout(self, tenant_id: str) -> SessionView:
        """Unlink the device and forget the pairing. Raises `session_not_found`, `store_unavailable`."""
        return await self._noted(await self._bridge.session_logout(tenant_id), "session logged out")

    async def set_proxy(self, tenant_id: str, proxy_url: str | None) -> SessionView:
        """Connect through a proxy from now on, or directly with None.

        Raises `session_not_found`, `proxy_unreachable`, `store_unavailable`.
        """
        if proxy_url is None:
            session = await self._bridge.session_get(tenant_id)
            if not session.has_proxy:
                # Removing what is not there must not cost the connection.
                return await self._view(session)
        session = await self._bridge.session_set_proxy(tenant_id, proxy_url)
        return await self._noted(session, "proxy removed" if proxy_url is None else "proxy set")

    async def delete(self, tenant_id: str) -> bool:
        """Unlink the device and destroy all that is stored of the tenant; False when the bridge had nothing.

        The bridge comes first, so that a caller who hears an error and asks again gets the rest done. Raises
        `store_unavailable`, `redis_unavailable`.
        """
        deleted = (await self._bridge.session_delete(tenant_id)).deleted
        await self._store.erase(tenant_id)
        for forget in self._on_deleted:
            forget(tenant_id)
        log.info("session deleted", extra={"tenantId": tenant_id, "existed": deleted})
        return deleted

    async def _if_any(self, tenant_id: str) -> Session | None:
        try:
            return await self._bridge.session_get(tenant_id)
        except GatewayError as error:
            if error.code != "session_not_found":
                raise
            return None

    async def _begun(self, session: Session, what: str) -> SessionView:
        log.info(what, extra={"tenantId": session.tenant_id, "state": session.state.value})
        await self._store.remember(session)
        view = await self._view(session)
        if session.state in _TRYING and session.reason in _UNREACHABLE:
            raise GatewayError("whatsapp_unreachable", view.truth.sentence, retry_after=10)
        if view.qr is None and session.pairing_code is None and _awaits_code(session):
            raise GatewayError("qr_code_not_ready", retry_after=5, state=session.state.value)
        return view

    async def _noted(self, session: Session, what: str) -> SessionView:
        log.info(what, extra={"tenantId": session.tenant_id})
        await self._store.remember(session)
        return await self._view(session)

    async def _view(self, session: Session) -> SessionView:
        now = self._now_ms()
        text = scannable(session, now)
        return view_of(session, await self._images.data_url(text) if text is not None else None, now)


def _awaits_code(session: Session) -> bool:
    """Whether a QR code has to come next: on the way to WhatsApp, and not linked to a number yet."""
    return session.phone_number is None and session.state in (*_TRYING, SessionState.qr)
