"""Suspends tenants and lets them go on: the record says so at once, the session follows as soon as it can.

A suspended tenant's connection to WhatsApp is closed and nothing leaves; the pairing is kept. Resumed, it connects
again if it ran before. Where the bridge is away, what its session has yet to be told stands in the record and is
done later, also by the next process. A start that was under way when the tenant was suspended is met when its
session tells its state.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from redis.exceptions import RedisError

from control.errors import GatewayError
from control.rpc.contract_gen import Event, Session, SessionState, SessionStatusEvent
from control.storage.redis import leave_if_cancelled
from control.tenancy.tenant import Tenant
from control.tenancy.tenants import Tenants

RETRY_SECONDS: Final = 5.0

_AT_REST: Final = frozenset({SessionState.disconnected, SessionState.logged_out, SessionState.failed})

log = logging.getLogger(__name__)


class SuspensionBridge(Protocol):
    """What this needs of the bridge."""

    async def session_get(self, tenant_id: str) -> Session:
        """Look at a session. Raises `session_not_found`."""

    async def session_start(self, tenant_id: str, wait_ms: int) -> Session:
        """Make it run."""

    async def session_stop(self, tenant_id: str) -> Session:
        """Stop it."""


class Suspension:
    """Suspends and resumes."""

    def __init__(
        self,
        tenants: Tenants,
        bridge: SuspensionBridge,
        *,
        on_suspended: Callable[[str], None] = lambda tenant_id: None,
        retry_seconds: float = RETRY_SECONDS,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """on_suspended: ends what the tenant watches right now; must not block."""
        self._tenants = tenants
        self._bridge = bridge
        self._on_suspended = on_suspended
        self._retry_seconds = retry_seconds
        self._now_ms = now_ms
        self._strays: set[str] = set()
        self._news = asyncio.Event()
        # A session is told one thing at a time.
        self._turns: dict[str, asyncio.Lock] = {}

    async def suspend(self, tenant_id: str, reason: str | None) -> Tenant:
        """Suspend a tenant; its session is stopped when this returns, if the bridge answers.

        Raises `tenant_not_found`, redis.RedisError.
        """

        def alter(tenant: Tenant) -> Tenant:
            if tenant.suspended:
                return replace(tenant, suspension_reason=reason or tenant.suspension_reason)
            return replace(
                tenant,
                state="suspended",
                origin="operator",
                suspended_ms=self._now_ms(),
                suspension_reason=reason,
                # One that was to be started again and has not been counts as one that ran.
                ran=True if tenant.due == "start" else None,
                due="stop",
            )

        tenant = await self._tenants.change(tenant_id, alter)
        self._on_suspended(tenant_id)
        log.info("tenant suspended", extra={"tenantId": tenant_id})
        return await self._settled(tenant)

    async def resume(self, tenant_id: str) -> Tenant:
        """Let a tenant go on; its session is started without waiting for WhatsApp, if it ran before.

        Raises `tenant_not_found`, redis.RedisError.
        """

        def alter(tenant: Tenant) -> Tenant:
            if not tenant.suspended:
                return tenant
            return replace(
                tenant,
                state="active",
                suspended_ms=None,
                suspension_reason=None,
                ran=None,
                due="start" if tenant.ran else None,
            )

        tenant = await self._tenants.change(tenant_id, alter)
        log.info("tenant resumed", extra={"tenantId": tenant_id})
        return await self._settled(tenant)

    async def on_event(self, event: Event) -> None:
        """Notice a session that runs although its tenant is suspended."""
        if isinstance(event.data, SessionStatusEvent) and event.data.state not in _AT_REST:
            tenant = self._tenants.known(event.tenant_id)
            if tenant is not None and tenant.suspended:
                self._strays.add(event.tenant_id)
                self._news.set()

    async def run(self) -> None:
        """Tell sessions what they have yet to be told, until cancelled."""
        while True:
            leave_if_cancelled()
            self._news.clear()
            strays, self._strays = self._strays, set()
            for tenant in self._tenants.all_known():
                leave_if_cancelled()
                if tenant.due is not None or (tenant.suspended and tenant.id in strays):
                    await self._settled(tenant)
            try:
                async with asyncio.timeout(self._retry_seconds):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _settled(self, tenant: Tenant) -> Tenant:
        """Tell the session; a failure is left for later. Return the tenant as it is then."""
        turn = self._turns.setdefault(tenant.id, asyncio.Lock())
        try:
            async with turn:
                latest = await self._tenants.find(tenant.id)
                if latest is None:
                    return tenant
                if latest.suspended:
                    return await self._stop(latest)
                return await self._start(latest) if latest.due == "start" else latest
        except (GatewayError, RedisError, OSError, TimeoutError) as error:
            reason = error.code if isinstance(error, GatewayError) else type(error).__name__
            log.warning("session not told yet", extra={"tenantId": tenant.id, "reason": reason})
            return self._tenants.known(tenant.id) or tenant
        finally:
            if not turn.locked():
                self._turns.pop(tenant.id, None)

    async def _stop(self, tenant: Tenant) -> Tenant:
        ran = False
        try:
            session = await self._bridge.session_get(tenant.id)
            if session.state not in _AT_REST:
                await self._bridge.session_stop(tenant.id)
                ran = True
        except GatewayError as error:
            if error.code != "session_not_found":
                raise
        return await self._tenants.change(
            tenant.id,
            lambda now: replace(now, due=None, ran=ran or bool(now.ran)) if now.suspended else now,
        )

    async def _start(self, tenant: Tenant) -> Tenant:
        try:
            await self._bridge.session_start(tenant.id, 0)
        except GatewayError as error:
            # WhatsApp that cannot be reached is the session's own to try again.
            if error.code not in ("whatsapp_unreachable", "session_not_found"):
                raise
        return await self._tenants.change(
            tenant.id, lambda now: now if now.suspended else replace(now, due=None, ran=None)
        )
