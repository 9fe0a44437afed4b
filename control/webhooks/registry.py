"""Keeps every tenant's webhooks: in Redis, and in a copy on disk for the day Redis loses them.

A change is written to Redis in one step, on the revision it was made from, and then to the copy. Whoever reads or
appends compares Redis' revision with that of the copy; where Redis has less it was wiped, and what it lost is put
back before anything else happens. Where the copy has less, because it could not be written or is of another host,
it is brought up to date (reconcile).
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.storage.keys import Keys
from control.storage.lanes import PRELUDE, SESSION_LANE, lane_keys
from control.storage.redis import execute, leave_if_cancelled
from control.webhooks.circuit import CIRCUIT
from control.webhooks.copy import WebhookCopy
from control.webhooks.endpoint import Stored

WEBHOOKS_MAX = 20
RECONCILE_SECONDS = 600.0
RETRY_SECONDS = 2.0
_ATTEMPTS = 10
_TENANTS_AT_ONCE = 500

# ARGV: revision the change was made from, now ms, how many fields, field and value of each, then, to be told to
# the tenant's other webhooks and the log, or nothing: the webhook that is not told, event id, type, lane, body.
# A webhook that is switched on begins afresh. Answers the new revision, or -1 when something else changed.
_CHANGE = (
    "#!lua\n"
    + PRELUDE
    + CIRCUIT
    + """
local revision, now, count = tonumber(redis.call('HGET', WEBHOOKS, 'revision') or '0'), ARGV[2], tonumber(ARGV[3])
if revision ~= tonumber(ARGV[1]) then return -1 end
local before, off = redis.call('HKEYS', WEBHOOKS), {}
for _, webhook in ipairs(before) do off[webhook] = is_off(webhook) end
redis.call('DEL', WEBHOOKS)
redis.call('HSET', WEBHOOKS, 'revision', revision + 1, unpack(ARGV, 4, 3 + 2 * count))
local at = 4 + 2 * count
if ARGV[at] then
  local id, type, lane, body = ARGV[at+1], ARGV[at+2], ARGV[at+3], ARGV[at+4]
  local log_id = redis.call('XADD', LOG, '*', 'id', id, 'type', type, 'lane', lane, 'body', body)
  for _, route in ipairs(routes(false)) do
    if route.id ~= ARGV[at] and wants(route, type) then enqueue(route, lane, log_id, now) end
  end
end
touch('default')
for webhook, was_off in pairs(off) do
  if was_off and not is_off(webhook) then
    redis.call('DEL', health_key(webhook))
    resume(webhook, now)
  end
end
for _, webhook in ipairs(before) do touch(webhook) end
for _, webhook in ipairs(redis.call('HKEYS', WEBHOOKS)) do touch(webhook) end
return revision + 1
"""
)

# ARGV: revision, then field and value of each. Writes only over an older one.
_PUT_BACK = """#!lua
if tonumber(redis.call('HGET', KEYS[1], 'revision') or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """An event that control itself makes. source: the webhook that is not told of it."""

    source: str
    event_id: str
    type: str
    body: bytes


class WebhookRegistry:
    """Reads and changes webhooks. Every method raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys, copy: WebhookCopy, *, has_default: bool) -> None:
        """has_default: whether the installation has a webhook for tenants without one."""
        self.has_default = has_default
        self._redis = redis
        self._keys = keys
        self._copy = copy
        self._revisions: dict[str, int] = {}
        self._copied: dict[str, int] = {}
        self._broken = False
        self._change = redis.register_script(_CHANGE)
        self._put_back = redis.register_script(_PUT_BACK)

    @property
    def copy_broken(self) -> bool:
        """Whether the copy could not be read or written the last time."""
        return self._broken

    async def open(self) -> None:
        """Read from the copy what Redis has to have. Never raises: without the copy Redis alone is believed."""
        try:
            self._copied = await self._copy.revisions()
            self._revisions = {**self._copied}
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)

    def close(self) -> None:
        """Close the copy."""
        self._copy.close()

    def revision(self, tenant_id: str) -> int:
        """Return how many changes of the tenant's webhooks are known of."""
        return self._revisions.get(tenant_id, 0)

    async def load(self, tenant_id: str) -> dict[str, Stored]:
        """Return the tenant's webhooks by id, oldest first; put back first if Redis lost them."""
        return (await self._load(tenant_id))[1]

    async def change(
        self,
        tenant_id: str,
        alter: Callable[[dict[str, Stored]], Mapping[str, Stored]],
        *,
        now_ms: int,
        notice: Notice | None = None,
    ) -> dict[str, Stored]:
        """Replace the tenant's webhooks by what `alter` makes of them, and return that.

        alter: may be called again when somebody else changed them meanwhile; what it raises is passed on. notice:
        enters the log and is queued for the other webhooks in the same step.
        """
        for _ in range(_ATTEMPTS):
            revision, before = await self._load(tenant_id)
            after = dict(alter(before))
            if after == before and notice is None:
                return after
            values = {name: stored.dumped() for name, stored in after.items()}
            flat: list[str | bytes] = [part for pair in values.items() for part in pair]
            tail: list[str | bytes] = []
            if notice is not None:
                tail = [notice.source, notice.event_id, notice.type, SESSION_LANE, notice.body]
            made = int(
                await self._change(
                    keys=lane_keys(self._keys, tenant_id), args=[revision, now_ms, len(values), *flat, *tail]
                )
            )
            if made < 0:
                continue
            await execute(self._redis, "SADD", self._keys.tenants(), tenant_id)
            self._revisions[tenant_id] = max(made, self.revision(tenant_id))
            await self._keep(tenant_id, {"revision": str(made).encode(), **values})
            return after
        raise GatewayError("redis_unavailable", "The webhooks are being changed by others; try again.")

    async def put_back(self, tenant_id: str) -> None:
        """Write into Redis what it has lost of the tenant's webhooks, as the copy has it."""
        try:
            values = await self._copy.read(tenant_id)
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)
            values = {}
        if not values:
            # Neither has them any more. Waiting for them would hold up the tenant's events for ever.
            log.error("a tenant's webhooks are lost", extra={"tenantId": tenant_id})
            self._revisions.pop(tenant_id, None)
            return
        flat = [part for pair in values.items() for part in pair]
        revision = int(values["revision"])
        if await self._put_back(keys=[self._keys.webhooks(tenant_id)], args=[revision, *flat]):
            log.warning("redis had lost a tenant's webhooks, put back", extra={"tenantId": tenant_id})
            await execute(self._redis, "SADD", self._keys.tenants(), tenant_id)
        self._revisions[tenant_id] = revision

    async def erase(self, tenant_id: str) -> None:
        """Remove the tenant from the copy, before its keys are removed from Redis. Raises `disk_unavailable`."""
        try:
            await self._copy.remove(tenant_id)
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)
            raise GatewayError("disk_unavailable", retry_after=2) from None
        self.forget(tenant_id)

    def forget(self, tenant_id: str) -> None:
        """The tenant's keys were removed from Redis on purpose."""
        self._revisions.pop(tenant_id, None)
        self._copied.pop(tenant_id, None)

    async def keep(self) -> None:
        """Reconcile at the start and from time to time, until cancelled."""
        while True:
            leave_if_cancelled()
            try:
                await self.reconcile()
                pause = RECONCILE_SECONDS
            except (RedisError, OSError) as error:
                log.warning("webhooks cannot be compared, trying again", extra={"reason": type(error).__name__})
                pause = RETRY_SECONDS
            await asyncio.sleep(pause)

    async def reconcile(self) -> None:
        """Look through all tenants: bring the copy up to date, and Redis where it has less."""
        cursor = 0
        tenants = set(self._revisions)
        while True:
            leave_if_cancelled()
            cursor, page = await self._redis.sscan(self._keys.tenants(), cursor, count=_TENANTS_AT_ONCE)
            tenants.update(tenant.decode() for tenant in page)
            if int(cursor) == 0:
                break
        for tenant in sorted(tenants):
            leave_if_cancelled()
            await self._load(tenant)

    async def _load(self, tenant_id: str) -> tuple[int, dict[str, Stored]]:
        revision, values = await self._read(tenant_id)
        if revision < self.revision(tenant_id):
            await self.put_back(tenant_id)
            revision, values = await self._read(tenant_id)
        elif revision > self._copied.get(tenant_id, 0):
            self._revisions[tenant_id] = revision
            await self._keep(tenant_id, values)
        found = [Stored.loaded(value) for name, value in values.items() if name != "revision"]
        return revision, {stored.id: stored for stored in sorted(found, key=lambda s: (s.created_ms, s.id))}

    async def _read(self, tenant_id: str) -> tuple[int, dict[str, bytes]]:
        found = await self._redis.hgetall(self._keys.webhooks(tenant_id))  # type: ignore[misc]
        values = {name.decode(): value for name, value in found.items()}
        return int(values.get("revision", 0)), values

    async def _keep(self, tenant_id: str, values: Mapping[str, bytes]) -> None:
        """Write the copy. A disk that fails fails no request: Redis has it, and the next look tries again."""
        try:
            await self._copy.write(tenant_id, values)
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)
            return
        self._copied[tenant_id] = int(values["revision"])
        self._broken = False

    def _note_broken(self, error: Exception) -> None:
        self._broken = True
        log.error("the copy of the webhooks on disk is not usable", extra={"reason": type(error).__name__})
