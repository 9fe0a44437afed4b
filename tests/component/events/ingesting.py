"""What the ingest's tests share: events of three tenants in turn, and how they should stand in the logs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from redis.asyncio import Redis

from control.events.stream import EventLog
from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.component.events.journal import PlayedJournal

TENANTS = ("t1", "t2", "t3")


@asynccontextmanager
async def running(loop: Callable[[], Any]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(loop())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=5)
        assert task.done(), task.get_stack()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Redis]:
    client = connect_redis(url)
    try:
        yield client
    finally:
        await client.aclose()
        await client.connection_pool.disconnect()


async def logged(redis: Redis, keys: Keys, tenant: str) -> list[str]:
    """The texts in a tenant's log, in its order."""
    events = await EventLog(redis, keys).read(tenant, after=None, limit=100_000)
    return [orjson.loads(event.body)["data"]["message"] for event in events]


def fill(bridge: PlayedJournal, count: int, first: int = 0) -> None:
    for n in range(first, first + count):
        bridge.say(TENANTS[n % len(TENANTS)], f"{n}")


def expected(count: int) -> dict[str, list[str]]:
    return {t: [str(n) for n in range(count) if n % len(TENANTS) == i] for i, t in enumerate(TENANTS)}


async def all_logged(redis: Redis, keys: Keys) -> dict[str, list[str]]:
    return {t: await logged(redis, keys, t) for t in TENANTS}
