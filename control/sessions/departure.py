"""Deletes a tenant with everything it owns, in an order that can be cut anywhere: asked again, the rest is done.

First the tenant is suspended, so that nothing new comes. Then go its number and all that the bridge, Redis and the
disk have of it (control/sessions/service.py), what other rooms keep (on_deleted), its counts, its record, and at
last what Redis' own file still remembers of all that.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from control.errors import GatewayError
from control.tenancy.quotas import QuotaBook
from control.tenancy.tenant import Tenant
from control.tenancy.tenants import Tenants
from control.tenancy.usage import Usage

REASON = "It is being deleted."

log = logging.getLogger(__name__)


class DepartingSessions(Protocol):
    """What this needs of SessionService."""

    async def delete(self, tenant_id: str) -> bool:
        """Unlink the device and destroy all that is stored of the tenant."""


class Departure:
    """Deletes tenants. on_deleted: rooms that keep something of tenants append what removes it, which may raise
    GatewayError and redis.RedisError and is called again then.
    """

    def __init__(
        self,
        tenants: Tenants,
        sessions: DepartingSessions,
        usage: Usage,
        book: QuotaBook,
        *,
        forget_history: Callable[[], Awaitable[None]],
    ) -> None:
        """forget_history: has Redis write its file anew, without what was removed."""
        self._forget_history = forget_history
        self.on_deleted: list[Callable[[str], Awaitable[None]]] = []
        self._tenants = tenants
        self._sessions = sessions
        self._usage = usage
        self._book = book

    async def delete(self, tenant_id: str) -> None:
        """Delete a tenant. Raises `tenant_not_found`, `store_unavailable`, `disk_unavailable`, RedisError."""

        def closed(tenant: Tenant) -> Tenant:
            reason = tenant.suspension_reason if tenant.suspended else REASON
            return replace(tenant, state="suspended", origin="operator", suspension_reason=reason, due=None)

        await self._tenants.change(tenant_id, closed)
        await self._sessions.delete(tenant_id)
        for remove in self.on_deleted:
            await remove(tenant_id)
        await self._forget_counts(tenant_id)
        await self._book.erase(tenant_id)
        await self._tenants.erase(tenant_id)
        # What was counted in between; from here on nothing is.
        await self._forget_counts(tenant_id)
        # Once more, as the session's deletion did it before the counts and the record were gone.
        await self._forget_history()
        log.info("tenant deleted", extra={"tenantId": tenant_id})

    async def session_deleted(self, tenant_id: str) -> None:
        """A session is being deleted by itself: a record that came with its start goes too, with its counts.

        Raises `disk_unavailable`, redis.RedisError.
        """
        if await self._tenants.goes_with_session(tenant_id):
            await self._forget_counts(tenant_id)
            await self._tenants.erase(tenant_id)

    async def _forget_counts(self, tenant_id: str) -> None:
        try:
            await self._usage.erase(tenant_id)
        except (sqlite3.Error, OSError) as error:
            log.error("usage of a tenant not removed", extra={"reason": type(error).__name__})
            raise GatewayError("disk_unavailable", retry_after=2) from None
