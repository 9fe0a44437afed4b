"""What is read for a scrape, from a real Redis and the running event loop."""

from __future__ import annotations

import asyncio
import time

from redis.asyncio import Redis

from control.metrics.loop_lag import Lag, LoopLag
from control.metrics.redis_figures import read_redis, redis_families
from control.storage.keys import Keys
from tests.support.wait import wait_for

NOW_MS = 1_795_435_218_000


async def told(redis: Redis, keys: Keys) -> dict[str, float]:
    families = redis_families(await read_redis(redis, keys), NOW_MS)
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}


async def test_nothing_waits_in_an_empty_redis(redis: Redis, keys: Keys) -> None:
    found = await told(redis, keys)

    assert found["gateway_webhook_waiting"] == found["gateway_webhook_worker_behind_seconds"] == 0
    assert found["gateway_webhook_oldest_waiting_seconds"] == 0


async def test_what_waits_is_counted_over_all_tenants_with_the_oldest_and_how_late_the_worker_is(
    redis: Redis, keys: Keys
) -> None:
    for tenant, age_ms, deliveries in (("acme", 90_000, 2), ("shop", 5_000, 1)):
        stored = NOW_MS - age_ms
        await redis.zadd(keys.webhook_hints(), {tenant: stored + 1_000})
        lanes = {f"wh_{index}|session\n{stored}": 0 for index in range(deliveries)}
        await redis.zadd(keys.lane_queue(tenant), lanes)
        await redis.zadd(keys.lane_heads(tenant), {"wh_0|session": stored * 1000 + 7})

    found = await told(redis, keys)

    assert (found["gateway_webhook_tenants_waiting"], found["gateway_webhook_waiting"]) == (2, 3)
    assert round(found["gateway_webhook_oldest_waiting_seconds"]) == 90
    assert round(found["gateway_webhook_worker_behind_seconds"]) == 89


async def test_what_is_due_later_is_not_late(redis: Redis, keys: Keys) -> None:
    await redis.zadd(keys.webhook_hints(), {"acme": NOW_MS + 60_000})

    assert (await told(redis, keys))["gateway_webhook_worker_behind_seconds"] == 0


async def test_a_stall_of_the_event_loop_is_measured_once() -> None:
    lag = LoopLag(every_seconds=0.01)
    running = asyncio.create_task(lag.run())
    await wait_for(lambda: lag.take() != Lag())

    ends = time.perf_counter() + 0.2
    while time.perf_counter() < ends:
        pass
    await asyncio.sleep(0.02)
    stalled = lag.take()
    running.cancel()

    assert stalled.max >= 0.15
    assert stalled.max >= stalled.p99 >= stalled.p50
    assert lag.take().max < 0.15
