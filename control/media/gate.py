"""Turns at something scarce: so many at once in all, so many per tenant, and so many tenants' requests waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from control.errors import GatewayError

RETRY_SECONDS = 5


class Gate:
    """Lets requests in; a tenant at its share waits apart, so that it costs the others nothing."""

    def __init__(self, *, per_tenant: int, in_all: int, waiting_per_tenant: int = 32) -> None:
        self._per_tenant = per_tenant
        self._waiting_per_tenant = waiting_per_tenant
        self._all = asyncio.Semaphore(in_all)
        self._tenants: dict[str, asyncio.Semaphore] = {}
        self._present: dict[str, int] = {}

    @asynccontextmanager
    async def enter(self, tenant_id: str) -> AsyncIterator[None]:
        """Wait for a turn and keep it during the block; raises `media_busy` when too many of the tenant wait."""
        present = self._present.get(tenant_id, 0)
        if present >= self._per_tenant + self._waiting_per_tenant:
            raise GatewayError("media_busy", retry_after=RETRY_SECONDS)
        self._present[tenant_id] = present + 1
        share = self._tenants.setdefault(tenant_id, asyncio.Semaphore(self._per_tenant))
        try:
            async with share, self._all:
                yield
        finally:
            self._present[tenant_id] -= 1
            if self._present[tenant_id] == 0:
                del self._present[tenant_id], self._tenants[tenant_id]
