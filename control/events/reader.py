"""Reads the event log from a cursor, and waits for what comes next.

A cursor names the last event a reader has; events after it are what it has not. Readers that keep their cursor
miss nothing the log still holds: webhooks may fail, a stream may break, the log is the truth behind both.

When Redis was wiped the log is filled again from the bridge, under new cursors: such a reader gets events a second
time, with the same ids, and misses none.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from control.errors import GatewayError
from control.events.stream import EventLog, LoggedEvent
from control.storage.keys import Keys
from control.storage.redis import leave_if_cancelled

BEGINNING = "0-0"
LOOK_AGAIN_SECONDS = 1.0
"""Another process may have stored an event; nobody tells this one."""

READERS_MAX = 500
READERS_PER_TENANT_MAX = 20

_CURSOR = re.compile(r"[0-9]{1,20}-[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order. cursor: where to go on. gap: events between the cursor asked for and these are gone."""

    events: list[LoggedEvent]
    cursor: str
    gap: bool


class EventReader:
    """Reads for all tenants. Raises redis.RedisError when Redis does."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        log: EventLog,
        *,
        readers_max: int = READERS_MAX,
        per_tenant_max: int = READERS_PER_TENANT_MAX,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._log = log
        self._readers_max = readers_max
        self._per_tenant_max = per_tenant_max
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._readers = 0
        self._closed = False

    async def page(self, tenant_id: str, after: str | None, limit: int) -> Page:
        """Return up to `limit` events after a cursor; without one from the oldest kept.

        Raises `invalid_request` for a cursor that is none.
        """
        if after is not None and not _CURSOR.fullmatch(after):
            raise GatewayError("invalid_request", "after is not a cursor of this API.")
        events = await self._log.read(tenant_id, after=after, limit=limit)
        gap = after not in (None, BEGINNING) and await self._lost_after(tenant_id, str(after))
        return Page(events, events[-1].cursor if events else after or BEGINNING, gap)

    async def latest(self, tenant_id: str) -> str:
        """Return the cursor of the last event there is."""
        found = await self._redis.xrevrange(self._keys.events(tenant_id), count=1)
        return found[0][0].decode() if found else BEGINNING

    @contextmanager
    def reading(self, tenant_id: str) -> Iterator[asyncio.Event]:
        """Be told of new events: the event is set when there may be some. Raises `too_many_streams`."""
        readers = self._waiting.get(tenant_id, ())
        if self._closed or self._readers >= self._readers_max or len(readers) >= self._per_tenant_max:
            raise GatewayError("too_many_streams", retry_after=5)
        news = asyncio.Event()
        self._waiting.setdefault(tenant_id, set()).add(news)
        self._readers += 1
        try:
            yield news
        finally:
            self._readers -= 1
            left = self._waiting[tenant_id]
            left.discard(news)
            if not left:
                del self._waiting[tenant_id]

    async def next_page(
        self, news: asyncio.Event, tenant_id: str, after: str, *, limit: int, within: float
    ) -> Page | None:
        """Return what comes after a cursor, waiting up to `within` seconds; None when nothing does."""
        ends = asyncio.get_running_loop().time() + within
        while True:
            leave_if_cancelled()
            # Before reading: what is stored from here on sets it again.
            news.clear()
            page = await self.page(tenant_id, after, limit)
            left = ends - asyncio.get_running_loop().time()
            if page.events:
                return page
            if left <= 0 or self._closed:
                return None
            try:
                async with asyncio.timeout(min(left, LOOK_AGAIN_SECONDS)):
                    await news.wait()
            except TimeoutError:
                continue

    def wake(self, tenants: Iterable[str]) -> None:
        """These tenants have new events. Never waits."""
        for tenant in tenants:
            for news in self._waiting.get(tenant, ()):
                news.set()

    @property
    def readers(self) -> int:
        """How many wait or follow now."""
        return self._readers

    @property
    def closed(self) -> bool:
        """True once control stops."""
        return self._closed

    def close(self) -> None:
        """End all waiting and let nobody begin, because control stops."""
        self._closed = True
        self.wake(list(self._waiting))

    async def _lost_after(self, tenant_id: str, after: str) -> bool:
        """Whether the log was trimmed past a cursor. At its very edge nothing need be lost, but may."""
        try:
            about = await self._redis.xinfo_stream(self._keys.events(tenant_id))
        except ResponseError:
            # There is no log: nothing was ever stored, or Redis was wiped and will be filled again.
            return False
        first = about["first-entry"]
        trimmed = about["entries-added"] > about["length"]
        return bool(trimmed and first and _order(after) < _order(first[0].decode()))


def _order(cursor: str) -> tuple[int, int]:
    milliseconds, _, number = cursor.partition("-")
    return int(milliseconds), int(number)
