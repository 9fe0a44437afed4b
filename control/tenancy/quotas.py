"""What a tenant may use: its own quotas, or else the installation's, and messages a day held to exactly that.

A day's messages are counted in Redis by one script, so that no two processes and no two requests share the last
one. While Redis is away this process counts alone, from what it last knew, and tells Redis afterwards; a Redis
that was wiped goes on from there too. The count is kept under a digest of the tenant's id and outlives the tenant
by a day: deleting a session and linking again gives no second quota.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.storage.keys import Keys
from control.tenancy.tenant import Quotas, Tenant

DAY_SECONDS: Final = 86_400
TAKE_SECONDS: Final = 2.0
"""Longer than the client itself waits: a machine that is slow for a moment is no Redis that is away."""

KNOWN_MAX: Final = 20_000
STORAGE_FRESH_SECONDS: Final = 15.0
MIB: Final = 1024 * 1024

# ARGV: limit, how many are taken (less than none: given back), what to begin with, seconds it is kept. Answers
# whether they were taken, and how many are now.
_TAKE = """#!lua
local used = tonumber(redis.call('GET', KEYS[1]) or ARGV[3])
local after = math.max(0, used + tonumber(ARGV[2]))
if tonumber(ARGV[2]) > 0 and after > tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], used, 'EX', ARGV[4])
  return {0, used}
end
redis.call('SET', KEYS[1], after, 'EX', ARGV[4])
return {1, after}
"""

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """Messages that were taken from a day's quota. limit: None where there is none, and nothing was counted."""

    tenant_id: str
    day: int
    number: int
    limit: int | None


@dataclass(slots=True)
class _Known:
    """A tenant's day as this process knows it. owed: counted here while Redis was away."""

    day: int
    used: int
    owed: int = 0


class QuotaBook:
    """Holds tenants to their quotas."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        defaults: Quotas,
        tenant_of: Callable[[str], Tenant | None],
        storage_of: Callable[[str], Awaitable[int]],
        accepted_today: Callable[[str], Awaitable[int]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """defaults: the installation's; 0 and None are no limit there. tenant_of: must be quick. storage_of: bytes
        a tenant's files take, which may raise GatewayError. accepted_today: messages that were counted already.
        """
        self._redis = redis
        self._keys = keys
        self._defaults = defaults
        self._tenant_of = tenant_of
        self._storage_of = storage_of
        self._accepted_today = accepted_today
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._storage: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._script = redis.register_script(_TAKE)

    def of(self, tenant: Tenant) -> Quotas:
        """Return a tenant's quotas with the installation's in place of those it has not; None for no limit."""

        def effective(own: int | None, default: int | None) -> int | None:
            return (own if own is not None else default) or None

        mine, ours = tenant.quotas, self._defaults
        return Quotas(
            messages_per_day=effective(mine.messages_per_day, ours.messages_per_day),
            storage_mb=effective(mine.storage_mb, ours.storage_mb),
            webhooks=effective(mine.webhooks, ours.webhooks),
        )

    async def take(self, tenant_id: str, number: int) -> Taken:
        """Take messages from today's quota, all or none. Raises `quota_exceeded`."""
        limit = self._of(tenant_id).messages_per_day
        now = self._clock()
        day = int(now // DAY_SECONDS)
        if limit is None:
            return Taken(tenant_id, day, number, None)
        allowed, used = await self._count(tenant_id, day, number, limit)
        if not allowed:
            raise self._exceeded(number, limit, used, now)
        return Taken(tenant_id, day, number, limit)

    async def give_back(self, taken: Taken) -> None:
        """Give back what was taken for messages that were not accepted. Never raises."""
        if taken.limit is not None and taken.day == int(self._clock() // DAY_SECONDS):
            await self._count(taken.tenant_id, taken.day, -taken.number, taken.limit)

    async def used(self, tenant_id: str) -> int:
        """Return how many messages were taken today. Raises redis.RedisError."""
        day = int(self._clock() // DAY_SECONDS)
        found = await self._redis.get(self._keys.quota(_digest(tenant_id), day))
        if found is not None:
            return int(found)
        known = self._known.get(tenant_id)
        return known.used if known is not None and known.day == day else await self._accepted_today(tenant_id)

    async def refuse_files_beyond(self, tenant_id: str) -> None:
        """Raise `storage_quota_exceeded` when the tenant's files fill its quota; not knowing refuses nothing."""
        limit = self._of(tenant_id).storage_mb
        if limit is None:
            return
        now = time.monotonic()
        at, used = self._storage.get(tenant_id, (-STORAGE_FRESH_SECONDS, 0))
        if now - at >= STORAGE_FRESH_SECONDS:
            try:
                used = await self._storage_of(tenant_id)
            except GatewayError as error:
                log.warning("storage of a tenant is not known", extra={"reason": error.code})
                return
            _remember(self._storage, tenant_id, (now, used))
        if used >= limit * MIB:
            raise GatewayError(
                "storage_quota_exceeded",
                f"The tenant's files take {used / MIB:.1f} of {limit} MiB. Files go when their messages are sent, "
                "and received ones with time.",
                quota="storageMb",
                limit=limit,
            )

    def webhooks_of(self, tenant_id: str) -> int | None:
        """Return how many webhooks a tenant may have, None for no limit here."""
        return self._of(tenant_id).webhooks

    async def erase(self, tenant_id: str) -> None:
        """Forget a tenant's count of today. Raises redis.RedisError."""
        self._known.pop(tenant_id, None)
        self._storage.pop(tenant_id, None)
        day = int(self._clock() // DAY_SECONDS)
        await self._redis.unlink(self._keys.quota(_digest(tenant_id), day))

    def resets_ms(self) -> int:
        """When the day ends, unix ms."""
        return (int(self._clock() // DAY_SECONDS) + 1) * DAY_SECONDS * 1000

    def _of(self, tenant_id: str) -> Quotas:
        return self.of(self._tenant_of(tenant_id) or Tenant(tenant_id, stored=False))

    async def _count(self, tenant_id: str, day: int, number: int, limit: int) -> tuple[bool, int]:
        known = self._known.get(tenant_id)
        if known is None or known.day != day:
            known = _Known(day, await self._begun(tenant_id))
            _remember(self._known, tenant_id, known)
        owed, known.owed = known.owed, 0
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                if owed:
                    # Redis hears of them whatever the limit says by now: they were accepted.
                    await self._run(tenant_id, day, owed, max(limit, known.used + owed) + owed, known.used - owed)
                    owed = 0
                allowed, used = await self._run(tenant_id, day, number, limit, known.used)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("messages are counted without redis", extra={"reason": type(error).__name__})
            known.owed += owed
            if number > 0 and known.used + number > limit:
                return False, known.used
            known.used = max(0, known.used + number)
            known.owed += number
            return True, known.used
        known.used = used
        return allowed, used

    async def _run(self, tenant_id: str, day: int, number: int, limit: int, begin: int) -> tuple[bool, int]:
        key = self._keys.quota(_digest(tenant_id), day)
        allowed, used = await self._script(keys=[key], args=[limit, number, max(0, begin), 2 * DAY_SECONDS])
        return bool(allowed), int(used)

    async def _begun(self, tenant_id: str) -> int:
        """What to begin with where Redis has no count: a quota that is set at noon counts the morning too."""
        try:
            return await self._accepted_today(tenant_id)
        except Exception as error:  # whatever it is, a count of zero is better than no messages
            log.warning("today's usage is not known", extra={"reason": type(error).__name__})
            return 0

    def _exceeded(self, number: int, limit: int, used: int, now: float) -> GatewayError:
        extra: dict[str, Any] = {"quota": "messagesPerDay", "limit": limit, "used": used}
        if number > limit:
            sentence = f"{number:,} messages are more than the {limit:,} the tenant may send in a whole day."
            return GatewayError("quota_exceeded", sentence, **extra)
        return GatewayError(
            "quota_exceeded",
            f"The tenant may send {limit:,} messages a day and has {max(0, limit - used):,} left until 0:00 UTC.",
            retry_after=max(1, int(DAY_SECONDS - now % DAY_SECONDS) + 1),
            **extra,
        )


def _digest(tenant_id: str) -> str:
    return hashlib.sha256(tenant_id.encode()).hexdigest()[:32]


def _remember(places: OrderedDict[str, T], name: str, value: T) -> None:
    places.pop(name, None)
    places[name] = value
    while len(places) > KNOWN_MAX:
        places.popitem(last=False)
