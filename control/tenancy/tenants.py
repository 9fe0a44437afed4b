"""Every tenant's record: found for each request, made by the first start or by the operator, changed, removed.

Records stand in Redis with a copy on disk (control/storage/records.py) and are all held in memory, so that asking
for one costs nothing and a suspension holds while Redis is away. What another process changed is seen within
FRESH_SECONDS, what this one changed at once.

Installations older than this file have sessions and no records. They are made from what the bridge and Redis know,
at the start; until that was done once, a tenant nobody knows is looked for there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Literal

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.storage.records import DurableRecords
from control.tenancy.tenant import Origin, Tenant

FRESH_SECONDS = 5.0
LOOK_SECONDS = 0.5
AWAY_SECONDS = 2.0
"""Redis is not asked again for so long after it gave no answer."""

READ_MAX = 20_000
FILE_NAME = "tenants.sqlite"

_FIELD = "tenant"

log = logging.getLogger(__name__)


class Tenants:
    """Finds, makes, changes and removes records."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        copy: DurableCopy,
        *,
        creation: Literal["open", "operator"],
        was_here: Callable[[str], Awaitable[bool]] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """creation: who makes tenants. was_here: whether a tenant without a record has a session; asked only until
        taken_in() was called.
        """
        self.creation = creation
        self._records = DurableRecords(redis, copy, key_of=keys.tenant_record, index=keys.tenant_records())
        self._was_here = was_here
        self._monotonic = monotonic
        self._now_ms = now_ms
        self._known: dict[str, Tenant] = {}
        self._read_at: OrderedDict[str, float] = OrderedDict()
        self._away_until = 0.0

    @property
    def copy_broken(self) -> bool:
        """Whether the copy could not be read or written the last time."""
        return self._records.copy_broken

    async def open(self) -> None:
        """Read the copy. Never raises."""
        self._hold(await self._records.open())

    def close(self) -> None:
        """Close the copy."""
        self._records.close()

    async def keep(self) -> None:
        """Compare Redis with the copy from time to time, until cancelled."""
        await self._records.keep(self._hold)

    def known(self, tenant_id: str) -> Tenant | None:
        """Return the tenant as this process last saw it, without asking anybody."""
        return self._known.get(tenant_id)

    def all_known(self) -> list[Tenant]:
        """Return every tenant as this process last saw it."""
        return list(self._known.values())

    async def admit(self, tenant_id: str, *, creating: bool) -> Tenant:
        """Return the tenant for a request that names it; `creating` makes it where anybody may.

        Where they may, a tenant without a record is let through: nothing is stored for it, and whoever is asked
        next says what there is not. Else raises `tenant_not_found`. Redis is asked every FRESH_SECONDS at most;
        while it is away, what is known holds. That a tenant is suspended is for the caller to mind.
        """
        tenant, now = self._known.get(tenant_id), self._monotonic()
        held = tenant if tenant is not None else Tenant(tenant_id, stored=False)
        fresh = now - self._read_at.get(tenant_id, -FRESH_SECONDS) < FRESH_SECONDS
        open_to_all = self.creation == "open"
        if fresh and (tenant is not None or (open_to_all and not creating)):
            return held
        if now < self._away_until and (tenant is not None or open_to_all):
            return held
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                tenant = await self.find(tenant_id)
            if tenant is not None:
                return tenant
            if open_to_all:
                return await self._make(tenant_id, "start") if creating else Tenant(tenant_id, stored=False)
            if self._was_here is not None and await self._was_here(tenant_id):
                return await self._make(tenant_id, "existing")
        except (RedisError, TimeoutError, OSError) as error:
            if tenant is None and not open_to_all:
                raise GatewayError("redis_unavailable", retry_after=2) from None
            log.warning("tenant not compared with redis", extra={"reason": type(error).__name__})
            # Others need not wait for the same answer.
            self._away_until = self._monotonic() + AWAY_SECONDS
            return held
        raise GatewayError("tenant_not_found")

    async def find(self, tenant_id: str) -> Tenant | None:
        """Return the tenant as Redis has it. Raises redis.RedisError."""
        return self._seen(tenant_id, await self._records.load(tenant_id))

    async def get(self, tenant_id: str) -> Tenant:
        """Return the tenant. Raises `tenant_not_found`, redis.RedisError."""
        tenant = await self.find(tenant_id)
        if tenant is None:
            raise GatewayError("tenant_not_found")
        return tenant

    async def page(self, after: str | None, limit: int) -> tuple[list[Tenant], bool]:
        """Return tenants in the order of their ids, and whether there are more. Raises redis.RedisError."""
        ids = [owner for owner in await self._records.owners() if after is None or owner > after]
        found = await self._records.load_many(ids[: limit + 1])
        tenants = [self._seen(owner, values) for owner, values in found.items()]
        return [tenant for tenant in tenants if tenant is not None][:limit], len(ids) > limit

    async def ids(self) -> list[str]:
        """Return the ids of all tenants, sorted. Raises redis.RedisError."""
        return await self._records.owners()

    async def create(self, tenant: Tenant) -> Tenant:
        """Store a new tenant. Raises `tenant_exists`, redis.RedisError."""

        def alter(before: dict[str, bytes]) -> dict[str, bytes]:
            if before:
                raise GatewayError("tenant_exists")
            now = self._now_ms()
            return {_FIELD: replace(tenant, created_ms=now, updated_ms=now).dumped()}

        made = self._changed(tenant.id, await self._records.change(tenant.id, alter))
        log.info("tenant created", extra={"tenantId": tenant.id, "origin": tenant.origin})
        return made

    async def change(self, tenant_id: str, alter: Callable[[Tenant], Tenant]) -> Tenant:
        """Replace a tenant by what `alter` makes of it, which may be called again when it was changed meanwhile.

        Raises `tenant_not_found`, redis.RedisError and what `alter` raises.
        """

        def values(before: dict[str, bytes]) -> dict[str, bytes]:
            if not before:
                raise GatewayError("tenant_not_found")
            tenant = Tenant.loaded(before[_FIELD])
            altered = alter(tenant)
            return before if altered == tenant else {_FIELD: replace(altered, updated_ms=self._now_ms()).dumped()}

        return self._changed(tenant_id, await self._records.change(tenant_id, values))

    async def goes_with_session(self, tenant_id: str) -> bool:
        """Whether there is a record that says nothing: it came with a start and would come with the next.

        One that the operator made or changed stays when its session is deleted, and so does every one where only
        the operator makes them. Raises redis.RedisError.
        """
        tenant = await self.find(tenant_id)
        return tenant is not None and self.creation == "open" and tenant.origin != "operator"

    async def erase(self, tenant_id: str) -> None:
        """Remove a tenant's record, on disk and in Redis. Raises `disk_unavailable`, redis.RedisError."""
        await self._records.erase(tenant_id)
        self._seen(tenant_id, {})

    async def take_in(self, tenant_id: str) -> None:
        """Make a record for a tenant that was there before, unless it has one. Raises redis.RedisError."""
        if tenant_id not in self._known and await self.find(tenant_id) is None:
            await self._make(tenant_id, "existing")

    def taken_in(self) -> None:
        """Whoever was there before has a record now: who has none is not a tenant."""
        self._was_here = None

    async def _make(self, tenant_id: str, origin: Origin) -> Tenant:
        try:
            return await self.create(Tenant(tenant_id, origin=origin))
        except GatewayError as error:
            if error.code != "tenant_exists":
                raise
            return await self.get(tenant_id)

    def _hold(self, found: dict[str, dict[str, bytes]]) -> None:
        for owner, values in found.items():
            if _FIELD in values:
                self._known[owner] = Tenant.loaded(values[_FIELD])

    def _changed(self, tenant_id: str, values: dict[str, bytes]) -> Tenant:
        self._hold({tenant_id: values})
        self._note_read(tenant_id)
        return self._known[tenant_id]

    def _seen(self, tenant_id: str, values: dict[str, bytes]) -> Tenant | None:
        if _FIELD not in values:
            self._known.pop(tenant_id, None)
            self._note_read(tenant_id)
            return None
        tenant = Tenant.loaded(values[_FIELD])
        self._known[tenant_id] = tenant
        self._note_read(tenant_id)
        return tenant

    def _note_read(self, tenant_id: str) -> None:
        # Also of those that are none: anybody may ask for any id.
        self._read_at.pop(tenant_id, None)
        self._read_at[tenant_id] = self._monotonic()
        while len(self._read_at) > READ_MAX:
            self._read_at.popitem(last=False)
