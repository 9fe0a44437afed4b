"""What the webhook worker does when Redis is stopped, killed or full."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.component.webhooks.gateway import Gateway, running, settings_for
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.redis_server import RedisServer
from tests.support.wait import wait_for


@pytest.fixture
async def own_redis(own_server: RedisServer) -> AsyncIterator[Redis]:
    client = connect_redis(own_server.url)
    yield client
    await client.aclose()
    await client.connection_pool.disconnect()


@pytest.fixture
async def gateway(own_redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp) -> AsyncIterator[Gateway]:
    gateway = Gateway(own_redis, keys, settings_for(tmp_path, webhook_url=f"{app.url}/default"))
    yield gateway
    await gateway.close()


async def test_redis_killed_and_started_in_traffic_loses_no_event_and_keeps_the_order(
    gateway: Gateway, app: CustomerApp, own_server: RedisServer
) -> None:
    async with running(gateway.ingest.run, gateway.worker.run):
        for n in range(300):
            gateway.bridge.say("t1", f"{n}", chat=f"{n % 5}111@g.us")
            if n in (100, 200):
                seen = len(app.received)
                await wait_for(lambda: len(app.received) > seen)  # noqa: B023
                own_server.kill()
                await asyncio.to_thread(own_server.start)

        def all_there() -> bool:
            # Leases of attempts that could not be written down end.
            gateway.clock.forward(1)
            return len(app.delivered()) == 300

        await wait_for(all_there, seconds=15)
    for chat in range(5):
        numbers = [e["data"]["message"] for e in app.delivered() if e["data"]["chatId"] == f"{chat}111@g.us"]
        assert numbers == [str(n) for n in range(300) if n % 5 == chat]


async def test_a_delivery_made_while_redis_was_away_is_written_down_afterwards(
    gateway: Gateway, app: CustomerApp, own_server: RedisServer
) -> None:
    app.set("/default", Behaviour(hang=True))
    gateway.bridge.say("t1", "delivered without Redis")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received and gateway.bridge.acked == 1)
        own_server.stop()
        app.release()
        await wait_for(app.delivered)
        await asyncio.to_thread(own_server.start)
        await wait_for(lambda: gateway.waiting_none("t1"))
    assert len(app.received) == 1


async def test_a_full_redis_is_drained_by_the_worker_until_events_fit_again(
    gateway: Gateway, app: CustomerApp, own_redis: Redis
) -> None:
    app.set("/default", Behaviour(status=500))
    for n in range(20):
        gateway.bridge.say("t1", f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: gateway.bridge.acked == 20 and app.received and not gateway.worker.under_way)
        await own_redis.config_set("maxmemory", "1mb")
        app.set("/default", Behaviour())
        gateway.clock.forward(10)
        await wait_for(lambda: gateway.waiting_none("t1"))
    assert len(app.delivered()) == 20


async def test_a_wiped_redis_is_refilled_and_the_same_ids_are_sent_again(
    gateway: Gateway, app: CustomerApp, own_server: RedisServer
) -> None:
    for n in range(10):
        gateway.bridge.say("t1", f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.delivered()) == 10)
        own_server.kill()
        own_server.wipe()
        await asyncio.to_thread(own_server.start)
        gateway.bridge.say("t1", "10")
        await wait_for(lambda: len(app.delivered()) == 11)
    assert [e["data"]["message"] for e in app.delivered()] == [str(n) for n in range(11)]
