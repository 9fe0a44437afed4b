"""Takes tenants in that were there before tenants had records: of an older version, or of a backup of one.

Both are looked through, the bridge's sessions and the tenants that Redis has heard of, and both may be away at the
start; until it was done once, one who asks meanwhile is looked for alone, so that nobody is locked out.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.rpc.contract_gen import Session, SessionListResult
from control.storage.keys import Keys
from control.storage.redis import execute, leave_if_cancelled
from control.tenancy.tenants import Tenants

RETRY_SECONDS = 1.0
_AT_ONCE = 500

log = logging.getLogger(__name__)


class ArrivalBridge(Protocol):
    """What this needs of the bridge."""

    async def session_get(self, tenant_id: str) -> Session:
        """Look at a session. Raises `session_not_found`."""

    async def session_list(self, after: str | None, limit: int) -> SessionListResult:
        """Look at many."""


class Arrival:
    """Looks for tenants without a record."""

    def __init__(self, redis: Redis, keys: Keys, bridge: ArrivalBridge) -> None:
        self._redis = redis
        self._keys = keys
        self._bridge = bridge

    async def was_here(self, tenant_id: str) -> bool:
        """Whether Redis or the bridge knows the tenant. Raises redis.RedisError and the errors of the link."""
        if await execute(self._redis, "SISMEMBER", self._keys.tenants(), tenant_id):
            return True
        try:
            await self._bridge.session_get(tenant_id)
        except GatewayError as error:
            if error.code == "session_not_found":
                return False
            raise
        return True

    async def run(self, tenants: Tenants) -> None:
        """Take everybody in, trying until it was done once."""
        while True:
            leave_if_cancelled()
            try:
                await self._take_in(tenants)
            except (RedisError, OSError, GatewayError) as error:
                log.info("tenants not taken in yet", extra={"reason": type(error).__name__})
                await asyncio.sleep(RETRY_SECONDS)
                continue
            tenants.taken_in()
            return

    async def _take_in(self, tenants: Tenants) -> None:
        cursor = 0
        while True:
            leave_if_cancelled()
            cursor, page = await self._redis.sscan(self._keys.tenants(), cursor, count=_AT_ONCE)
            for name in page:
                await tenants.take_in(name.decode())
            if int(cursor) == 0:
                break
        after: str | None = None
        while True:
            found = await self._bridge.session_list(after, _AT_ONCE)
            for session in found.sessions:
                leave_if_cancelled()
                await tenants.take_in(session.tenant_id)
            if not found.has_more or not found.sessions:
                return
            after = found.sessions[-1].tenant_id
