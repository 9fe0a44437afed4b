"""Makes room in a Redis that is nearly full, before it takes nothing more and every tenant's events wait.

What may go, in this order, the longest first: events in the logs that every webhook has, dead letters, and in the
end the oldest events that wait, of the tenants for which most do: their applications have been gone for long, and
what is kept for them fills the memory that all share.

A Redis without a limit (maxmemory 0) is left alone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.storage.keys import Keys
from control.storage.lanes import DEFAULT_WEBHOOK, GIVEN_UP_TOO_MANY, PRELUDE, lane_keys
from control.storage.redis import execute, leave_if_cancelled

EVERY_SECONDS: Final = 3.0
NEARLY_FULL: Final = 0.1
"""With a smaller share of maxmemory free, or less than LEAST_FREE, room is made until twice as much is."""
LEAST_FREE: Final = 4 * 1024 * 1024
"""Bytes. Redis counts what a batch of events takes on its way in as well."""
LEAST_KEPT: Final = 10
"""Events and dead letters left in each log: from them a reader sees that it missed some."""
LEAST_WAITING: Final = 100
"""Deliveries of each tenant that are never given up for room."""

_STEPS: Final[tuple[tuple[str, int], ...]] = (
    *(("logged", most) for most in (5000, 2500, 1000, 500, 250)),
    *(("dead", most) for most in (2500, 500, 100)),
    *(("logged", most) for most in (100, 50, LEAST_KEPT)),
    ("dead", LEAST_KEPT),
    *(("waiting", most) for most in (50_000, 25_000, 10_000, 5000, 2500, 1000, 500, LEAST_WAITING)),
)
_TENANTS_AT_ONCE: Final = 200

# Trims what no webhook waits for, a bounded piece at a time. ARGV: events to keep. Answers whether there is more.
_TRIM = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + """
local over = redis.call('XLEN', LOG) - tonumber(ARGV[1])
if over <= 0 then return 0 end
local stretch = redis.call('XRANGE', LOG, '-', '+', 'COUNT', math.min(over, 500) + 1)
local cut = stretch[#stretch][1]
local age = redis.call('ZRANGE', HEADS, 0, 0, 'WITHSCORES')[2]
if age then
  local kept_from = math.floor(tonumber(age) / 1000)
  if kept_from <= tonumber(string.match(cut, '^%d+')) then cut = string.format('%.0f-0', kept_from) end
end
return redis.call('XTRIM', LOG, 'MINID', '=', cut) > 0 and over > 500 and 1 or 0
"""
)

# Gives up the oldest that wait, a bounded piece at a time. ARGV: deliveries that may wait, reason, dead letters
# kept, now ms. Answers how many were given up.
_GIVE_UP = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + """
local over, given_up, touched = redis.call('ZCARD', QUEUE) - tonumber(ARGV[1]), 0, {}
while given_up < math.min(over, 200) do
  local lane = redis.call('ZRANGE', HEADS, 0, 0)[1]
  if not lane then break end
  give_up(lane, ARGV[2], ARGV[3], ARGV[4])
  touched[webhook_of(lane)] = true
  given_up = given_up + 1
end
for webhook in pairs(touched) do touch(webhook) end
return given_up
"""
)

log = logging.getLogger(__name__)


class EventRoom:
    """Looks after the memory of the tenants' events. One per process; several do no harm."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        clock: Callable[[], float] = time.time,
        on_given_up: Callable[[int], None] = lambda events: None,
    ) -> None:
        """on_given_up: told how many events went although a webhook waited for them; must not block."""
        self._on_given_up = on_given_up
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._trim = redis.register_script(_TRIM)
        self._give_up = redis.register_script(_GIVE_UP)

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        while True:
            leave_if_cancelled()
            try:
                await self.make_room()
            except RedisError as error:
                log.debug("redis gives no room", extra={"reason": type(error).__name__})
            await asyncio.sleep(EVERY_SECONDS)

    async def make_room(self) -> bool:
        """Make room if Redis is nearly full; return whether anything had to go. Raises redis.RedisError."""
        if not await self._lacks(1):
            return False
        gone = dict.fromkeys(("logged", "dead", "waiting"), 0)
        for what, most in _STEPS:
            async for tenant in self._tenants():
                gone[what] += await getattr(self, f"_less_{what}")(tenant, most)
            if not await self._lacks(2):
                break
        extra = {"events": gone["logged"], "deadLetters": gone["dead"], "givenUp": gone["waiting"]}
        log.warning("redis is nearly full, the oldest events went", extra=extra)
        return True

    async def _lacks(self, times: int) -> bool:
        """Whether less is free than so many times what should be at least."""
        about: dict[str, Any] = await self._redis.info("memory")
        most = int(about.get("maxmemory", 0))
        free = most - int(about.get("used_memory", 0))
        return most > 0 and free < times * max(NEARLY_FULL * most, LEAST_FREE)

    async def _tenants(self) -> AsyncIterator[str]:
        cursor = 0
        while True:
            cursor, page = await self._redis.sscan(self._keys.tenants(), cursor, count=_TENANTS_AT_ONCE)
            for tenant in page:
                leave_if_cancelled()
                yield tenant.decode()
            if cursor == 0:
                return

    async def _less_logged(self, tenant: str, most: int) -> int:
        before = int(await execute(self._redis, "XLEN", self._keys.events(tenant)))
        if before <= most:
            return 0
        while await self._trim(keys=lane_keys(self._keys, tenant), args=[most]):
            leave_if_cancelled()
        # What webhooks have goes first, and with what they wait for the rest.
        return before - int(await execute(self._redis, "XLEN", self._keys.events(tenant)))

    async def _less_dead(self, tenant: str, most: int) -> int:
        names = [name.decode() for name in await execute(self._redis, "HKEYS", self._keys.webhooks(tenant))]
        webhooks = [DEFAULT_WEBHOOK, *(name for name in names if name.startswith("whe_"))]
        async with self._redis.pipeline(transaction=False) as pipe:
            for webhook in webhooks:
                pipe.execute_command("XTRIM", self._keys.dead_letters(tenant, webhook), "MAXLEN", "=", most)
            return sum(await pipe.execute())

    async def _less_waiting(self, tenant: str, most: int) -> int:
        given_up, keys = 0, lane_keys(self._keys, tenant)
        while now := await self._give_up(
            keys=keys, args=[most, GIVEN_UP_TOO_MANY, LEAST_WAITING, int(self._clock() * 1000)]
        ):
            leave_if_cancelled()
            given_up += now
        if given_up:
            self._on_given_up(given_up)
            await self._less_logged(tenant, LEAST_KEPT)
        return given_up
