"""Counts what tenants use, by day of UTC: in memory, from there into Redis, from there onto the disk.

    count()            adds to a number in memory
    every 2 seconds    what was counted goes to Redis, a script per tenant and day, all in one round trip
    every minute       the days that changed are copied to the disk (usage_copy.py), where they stay for 400 days

A script carries a number of its own, so that one that Redis ran without answering is not added twice. A process
that is killed loses what it counted in the last two seconds. Redis keeps a day for three; it may be wiped at any
time, after which it begins a new epoch, and what the disk has of the old one is added to it by whoever reads.

Nothing is counted for a tenant without a record, so that one that was deleted does not come back by this way.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.storage.keys import Keys
from control.storage.redis import execute, leave_if_cancelled
from control.tenancy.usage_copy import Counts, UsageCopy, added

FLUSH_SECONDS = 2.0
COPY_SECONDS = 60.0
DAYS_KEPT = 400
DAYS_IN_REDIS = 3
WAITING_MAX = 100_000
"""Tenants' days that wait for Redis; what is counted past it is lost, with a line in the log."""

_AT_ONCE = 500
_LAST_SECONDS = 1.0

# ARGV: this process and batch, an epoch for a hash that begins, seconds it lives, then name and number of each.
_ADD = """#!lua
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 0 end
redis.call('HSETNX', KEYS[1], '_epoch', ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
for at = 5, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""

log = logging.getLogger(__name__)


class Counted(StrEnum):
    """What is counted."""

    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    RECEIVED = "received"
    WEBHOOKS_DELIVERED = "webhooks_delivered"
    WEBHOOKS_FAILED = "webhooks_failed"
    REQUESTS = "requests"
    MEDIA_RECEIVED = "media_received"
    MEDIA_SENT = "media_sent"


@dataclass(slots=True)
class _Batch:
    number: int
    counts: Counts


class Usage:
    """The counts of all tenants. Reading raises redis.RedisError, sqlite3.Error, OSError."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        copy: UsageCopy,
        *,
        exists: Callable[[str], bool],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """exists: whether a tenant has a record; must be quick."""
        self._redis = redis
        self._keys = keys
        self._copy = copy
        self._exists = exists
        self._clock = clock
        self._process = f"_{secrets.token_hex(6)}"
        self._batches = 0
        # By tenant and day: counted since the last flush, on its way to Redis, changed since the last copy.
        self._counted: dict[tuple[str, str], Counts] = {}
        self._flying: dict[tuple[str, str], _Batch] = {}
        self._changed: set[tuple[str, str]] = set()
        self._lock = asyncio.Lock()
        self._add = redis.register_script(_ADD)

    def count(self, tenant_id: str, what: Counted, number: int = 1, *, at_ms: int | None = None) -> None:
        """Add to a count. at_ms: when it was, now by default. Never blocks and never raises."""
        if number <= 0 or not self._exists(tenant_id):
            return
        place = (tenant_id, self._day(at_ms))
        counts = self._counted.get(place)
        if counts is None:
            if len(self._counted) >= WAITING_MAX:
                log.error("too much usage waits for redis, not counted", extra={"tenantId": tenant_id})
                return
            counts = self._counted[place] = {}
        counts[what] = counts.get(what, 0) + number

    async def run(self) -> None:
        """Flush and copy until cancelled."""
        copied = time.monotonic()
        pruned = ""
        while True:
            leave_if_cancelled()
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
                if time.monotonic() - copied >= COPY_SECONDS:
                    copied = time.monotonic()
                    await self.copy()
                    if pruned != self._day():
                        await self._copy.prune(self._day_before(DAYS_KEPT))
                        pruned = self._day()
            except (RedisError, OSError, sqlite3.Error) as error:
                log.warning("usage not written, trying again", extra={"reason": type(error).__name__})

    async def open(self) -> None:
        """Open the copy. Never raises: a disk that fails is met again when something is written."""
        try:
            await self._copy.open()
        except (OSError, sqlite3.Error) as error:
            log.error("the copy of usage is not usable", extra={"reason": type(error).__name__})

    async def close(self) -> None:
        """Write what was counted, if Redis and the disk take it quickly, and close the copy."""
        try:
            async with asyncio.timeout(_LAST_SECONDS):
                await self.flush()
                await self.copy()
        except (RedisError, OSError, sqlite3.Error, TimeoutError) as error:
            log.warning("the last usage is not written", extra={"reason": type(error).__name__})
        self._copy.close()

    async def flush(self) -> None:
        """Bring what was counted to Redis.

        Raises redis.RedisError; what Redis did not take goes again next time.
        """
        async with self._lock:
            for place, counts in self._counted.items():
                if place not in self._flying:
                    self._batches += 1
                    self._flying[place] = _Batch(self._batches, counts)
            self._counted = {
                place: counts
                for place, counts in self._counted.items()
                if self._flying[place].counts is not counts
            }
            flying = list(self._flying.items())
            for at in range(0, len(flying), _AT_ONCE):
                await self._send(flying[at : at + _AT_ONCE])

    async def copy(self) -> None:
        """Copy the days that changed to the disk. Raises redis.RedisError, sqlite3.Error, OSError."""
        async with self._lock:
            changed = sorted(self._changed)
            for at in range(0, len(changed), _AT_ONCE):
                page = changed[at : at + _AT_ONCE]
                found = await self._sums(page)
                await self._copy.write(
                    [(*place, epoch, counts) for place, (epoch, counts) in found.items() if epoch]
                )
                self._changed.difference_update(page)

    async def days(self, tenant_id: str, first: date, last: date) -> dict[str, Counts]:
        """Return a tenant's counts by day, of those days that have any, with what is not written yet."""
        days = [str(first + timedelta(n)) for n in range((last - first).days + 1)]
        recent = [(tenant_id, day) for day in days if day >= self._day_before(DAYS_IN_REDIS + 1)]
        in_redis = await self._sums(recent)
        on_disk = await self._copy.read(tenant_id, str(first), str(last))
        found = {}
        for day in days:
            place = (tenant_id, day)
            epoch, counts = in_redis.get(place, ("", {}))
            older = [sums for other, sums in on_disk.get(day, {}).items() if other != epoch]
            waiting = [self._counted.get(place, {})]
            if place in self._flying:
                waiting.append(self._flying[place].counts)
            whole = added(counts, *older, *waiting)
            if whole:
                found[day] = whole
        return found

    async def today(self, tenant_id: str, what: Counted) -> int:
        """Return one count of today."""
        day = datetime.fromtimestamp(self._clock(), UTC).date()
        return (await self.days(tenant_id, day, day)).get(str(day), {}).get(what, 0)

    async def erase(self, tenant_id: str) -> None:
        """Forget a tenant: in memory, on the disk and in Redis.

        Raises redis.RedisError, sqlite3.Error, OSError.
        """
        async with self._lock:
            for places in (self._counted, self._flying):
                for place in [place for place in places if place[0] == tenant_id]:
                    del places[place]
            self._changed = {place for place in self._changed if place[0] != tenant_id}
            await self._copy.remove(tenant_id)
            days = [self._day_before(n) for n in range(-1, DAYS_IN_REDIS + 2)]
            await execute(self._redis, "UNLINK", *(self._keys.usage(tenant_id, day) for day in days))

    async def _send(self, flying: list[tuple[tuple[str, str], _Batch]]) -> None:
        await execute(self._redis, "SCRIPT", "LOAD", _ADD)
        async with self._redis.pipeline(transaction=False) as pipe:
            for (tenant_id, day), batch in flying:
                flat = [part for pair in batch.counts.items() for part in pair]
                pipe.evalsha(
                    self._add.sha,
                    1,
                    self._keys.usage(tenant_id, day),
                    self._process,
                    batch.number,
                    secrets.token_hex(6),
                    (DAYS_IN_REDIS + 1) * 86_400,
                    *flat,
                )
            await pipe.execute()
        for place, _ in flying:
            del self._flying[place]
            self._changed.add(place)

    async def _sums(self, places: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, Counts]]:
        """What Redis has, with its epoch."""
        if not places:
            return {}
        async with self._redis.pipeline(transaction=False) as pipe:
            for tenant_id, day in places:
                pipe.hgetall(self._keys.usage(tenant_id, day))
            answers = await pipe.execute()
        return {
            place: (
                values[b"_epoch"].decode(),
                {name.decode(): int(value) for name, value in values.items() if not name.startswith(b"_")},
            )
            for place, values in zip(places, answers, strict=True)
            if values
        }

    def _day(self, at_ms: int | None = None) -> str:
        at = self._clock() if at_ms is None else at_ms / 1000
        return str(datetime.fromtimestamp(at, UTC).date())

    def _day_before(self, days: int) -> str:
        return str(datetime.fromtimestamp(self._clock(), UTC).date() - timedelta(days))
