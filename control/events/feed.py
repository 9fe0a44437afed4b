"""Session events as they happen, for those who watch a tenant right now.

    ingest ──on_event──▶ Feed ──a bounded queue for each watcher──▶ GET …/events (control/api/live.py)

Telling never waits: a watcher whose queue is full is cut off and has to come again. Nothing is kept for those who
are away; what must not be missed is in the event log and in webhooks.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from control.errors import GatewayError
from control.rpc.contract_gen import Event, SessionQrEvent, SessionStatusEvent

WATCHERS_MAX = 500
WATCHERS_PER_TENANT_MAX = 20
WAITING_MAX = 64
"""Events that may wait for one watcher. A pairing makes some ten of them."""


class FeedEnded(Exception):
    """Nothing more comes: control stops, the tenant was deleted, or this watcher was too slow."""


class Watcher:
    """One who watches a tenant."""

    def __init__(self, waiting_max: int) -> None:
        self._waiting: deque[Event] = deque()
        self._waiting_max = waiting_max
        self._news = asyncio.Event()
        self._ended = False

    async def next(self, within: float) -> Event | None:
        """Return the next event, None when there is none within so many seconds; raises FeedEnded."""
        if not self._waiting and not self._ended:
            self._news.clear()
            try:
                async with asyncio.timeout(within):
                    await self._news.wait()
            except TimeoutError:
                return None
        if self._waiting:
            return self._waiting.popleft()
        raise FeedEnded

    def tell(self, event: Event) -> None:
        """Give it an event, or end it when it is too far behind; what it did not take is dropped then."""
        if self._ended:
            return
        if len(self._waiting) >= self._waiting_max:
            self._waiting.clear()
            self.end()
            return
        self._waiting.append(event)
        self._news.set()

    def end(self) -> None:
        """Give it no more than it has."""
        self._ended = True
        self._news.set()


class Feed:
    """All watchers of this process."""

    def __init__(
        self,
        *,
        watchers_max: int = WATCHERS_MAX,
        per_tenant_max: int = WATCHERS_PER_TENANT_MAX,
        waiting_max: int = WAITING_MAX,
    ) -> None:
        self.per_tenant_max = per_tenant_max
        self._watchers_max = watchers_max
        self._waiting_max = waiting_max
        self._watchers: dict[str, set[Watcher]] = {}
        self._count = 0
        self._closed = False

    @property
    def watchers(self) -> int:
        """How many watch now."""
        return self._count

    async def on_event(self, event: Event) -> None:
        """Tell the tenant's watchers of a session event. Never waits."""
        if isinstance(event.data, SessionStatusEvent | SessionQrEvent):
            for watcher in self._watchers.get(event.tenant_id, ()):
                watcher.tell(event)

    @contextmanager
    def watching(self, tenant_id: str) -> Iterator[Watcher]:
        """Watch a tenant. Raises `too_many_streams`."""
        watchers = self._watchers.get(tenant_id, ())
        if self._closed or self._count >= self._watchers_max or len(watchers) >= self.per_tenant_max:
            raise GatewayError("too_many_streams", retry_after=5)
        watcher = Watcher(self._waiting_max)
        self._watchers.setdefault(tenant_id, set()).add(watcher)
        self._count += 1
        try:
            yield watcher
        finally:
            self._count -= 1
            left = self._watchers[tenant_id]
            left.discard(watcher)
            if not left:
                del self._watchers[tenant_id]

    def end(self, tenant_id: str) -> None:
        """End the watching of a tenant that was deleted."""
        for watcher in self._watchers.get(tenant_id, ()):
            watcher.end()

    def close(self) -> None:
        """End all watching and take no more, because control stops."""
        self._closed = True
        for tenant_id in list(self._watchers):
            self.end(tenant_id)
