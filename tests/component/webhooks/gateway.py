"""The rooms under test put together the way app.py does it: bridge journal → log → worker → customer's app."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from redis.asyncio import Redis

from control.egress.addresses import AddressPolicy
from control.egress.client import Egress
from control.events.ingest import EventIngest
from control.events.stream import EventLog
from control.settings import Settings
from control.storage.keys import Keys
from control.storage.lanes import DEFAULT_WEBHOOK
from control.storage.redis import connect_redis
from control.webhooks.copy import WebhookCopy
from control.webhooks.delivery import Delivery
from control.webhooks.endpoints import WebhookEndpoints
from control.webhooks.queue import DeliveryQueue, Line
from control.webhooks.registry import WebhookRegistry
from control.webhooks.slots import IN_ALL, SLOW
from control.webhooks.worker import WebhookWorker
from tests.component.events.journal import PlayedJournal

SECRET = "whsec_bFLGQenT8UohODRnQYz4yIwHkTWol2waFD7V7Yvlo+4="
LOOPBACK = ip_network("127.0.0.0/8")


class Clock:
    """The time of day, which a test may move forward."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self._ahead

    def forward(self, seconds: float) -> None:
        self._ahead += seconds


def settings_for(data_dir: Path, **more: Any) -> Settings:
    """Settings that read no environment file and allow webhooks to this machine."""
    values: dict[str, Any] = {"data_dir": data_dir, "outbound_allow_cidrs": (LOOPBACK,), **more}
    if "webhook_url" in values:
        values.setdefault("webhook_secret", SecretStr(SECRET))
    return Settings(_env_file=None, **values)


def registry_for(redis: Redis, keys: Keys, settings: Settings) -> WebhookRegistry:
    """The tenants' webhooks, with their copy on disk."""
    copy = WebhookCopy(settings.data_dir / "control")
    return WebhookRegistry(redis, keys, copy, has_default=settings.webhook_url is not None)


class Gateway:
    """Holds the parts; start what a test needs with running()."""

    def __init__(
        self, redis: Redis, keys: Keys, settings: Settings, *, total_seconds: float = 15.0, **worker: Any
    ) -> None:
        self.redis = redis
        self.keys = keys
        self._abandoned: list[asyncio.Task[None]] = []
        self.bridge = PlayedJournal()
        self.clock = Clock()
        self.registry = registry_for(redis, keys, settings)
        self.log = EventLog(redis, keys, webhooks=self.registry)
        self.queue = DeliveryQueue(redis, keys)
        self.endpoints = WebhookEndpoints(self.registry, settings, clock=self.clock)
        self.egress = Egress(
            AddressPolicy(settings.outbound_allow_cidrs), total_seconds=total_seconds, connections=IN_ALL + SLOW
        )
        self.given_up: list[str] = []
        self.switched_off: list[str] = []
        self._worker_options = {
            "poll_seconds": 0.02,
            "on_given_up": lambda: self.given_up.append("tried"),
            "on_switched_off": self.switched_off.append,
            **worker,
        }
        self.worker = self.new_worker()
        self.ingest = EventIngest(self.bridge, self.log, wake=self._wake, clock=self.clock)

    def new_worker(self, **options: Any) -> WebhookWorker:
        """Return a worker that knows nothing of the one before, as after a restart of the process."""
        return WebhookWorker(
            self.queue,
            self.endpoints,
            self.new_delivery(),
            clock=self.clock,
            **{**self._worker_options, **options},
        )

    def new_delivery(self) -> Delivery:
        """Return what makes attempts."""
        return Delivery(self.egress, clock=self.clock)

    def _wake(self, tenants: Any) -> None:
        self.worker.wake(tenants)

    async def waiting(self, tenant: str) -> int:
        """How many of the tenant's deliveries still wait."""
        return int(await self.redis.zcard(self.keys.lane_queue(tenant)))

    async def due_in(self, tenant: str, chat: str, webhook: str = DEFAULT_WEBHOOK) -> float:
        """Seconds until the head of a lane may be sent."""
        due: float | None = await self.redis.zscore(self.keys.lane_due(tenant, webhook), f"{webhook}|{chat}")
        assert due is not None
        return due / 1000 - self.clock()

    async def waiting_none(self, *tenants: str) -> bool:
        """Whether nothing waits any more."""
        return not any([await self.waiting(tenant) for tenant in tenants])

    async def skip_to_next_due(self, *tenants: str) -> None:
        """Move the clock to when the next of these tenants' webhooks is due, while nothing is under way."""
        if self.worker.under_way:
            return
        first = [await self.redis.zrange(self.keys.lane_lines(t), 0, 0, withscores=True) for t in tenants]
        due = min((lanes[0][1] for lanes in first if lanes), default=0.0)
        self.clock.forward(max(0.0, due / 1000 - self.clock() + 0.001))

    def abandon(self, worker: asyncio.Task[None]) -> None:
        """Leave a worker as kill -9 does: it does nothing more, and nothing is cleaned up in Redis."""
        self.worker._queue = DeliveryQueue(connect_redis("unix:///nonexistent/redis.sock"), self.keys)
        self.worker._stop_seconds = 0.0
        self._abandoned.append(worker)

    async def end_abandoned(self) -> None:
        """Stop workers left by abandon()."""
        for worker in self._abandoned:
            worker.cancel()
            await asyncio.wait([worker], timeout=10)

    async def close(self) -> None:
        await self.egress.close()
        self.registry.close()


@asynccontextmanager
async def running(*loops: Callable[[], Any]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run loops beside the test and stop them at its end."""
    tasks = [asyncio.create_task(loop()) for loop in loops]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def endpoints_of(gateway: Gateway, line: Line) -> bool:
    """Whether there is somewhere to send to."""
    return await gateway.endpoints.find(line) is not None
