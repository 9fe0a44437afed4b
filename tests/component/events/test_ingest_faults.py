"""The ingest when it is killed, and when Redis is cut off, stopped, frozen, full or wiped."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from control.events.ingest import EventIngest
from control.events.stream import EventLog
from control.rpc.contract_gen import Event
from control.storage.keys import Keys
from control.webhooks.endpoint import Stored
from tests.component.events.cutting_proxy import CuttingProxy, Direction
from tests.component.events.ingesting import TENANTS, all_logged, connected, expected, fill, running
from tests.component.events.journal import JOURNAL, PlayedJournal
from tests.support.redis_server import RedisServer, short_temporary_directory
from tests.support.wait import wait_for


@pytest.mark.parametrize("direction", ["to", "from"])
@pytest.mark.parametrize("killed", [True, False], ids=["killed", "retried"])
async def test_a_cut_at_any_point_loses_and_doubles_nothing(
    shared_server: RedisServer, redis: Redis, keys: Keys, direction: Direction, killed: bool
) -> None:
    with short_temporary_directory() as directory:
        async with CuttingProxy(directory / "p.sock", shared_server.socket) as proxy:
            whole = await _bytes_of_one_round(proxy, keys, direction)
            for n, at in enumerate(range(1, whole, max(1, whole // 30))):
                await _round_with_a_cut(proxy, redis, at, direction, killed, prefix=f"{keys.prefix}{n}")
            # Each connection is cut by its own count, so points past the longest one cut nothing.
            assert proxy.cuts >= 12


async def _bytes_of_one_round(proxy: CuttingProxy, keys: Keys, direction: Direction) -> int:
    passed = 0
    # The first round loads the scripts, the second is like those that follow.
    for prefix in (f"{keys.prefix}first", f"{keys.prefix}second"):
        bridge = PlayedJournal()
        fill(bridge, 12)
        before = proxy.passed[direction]
        async with (
            connected(proxy.url) as client,
            running(EventIngest(bridge, EventLog(client, Keys(prefix))).run),
        ):
            await wait_for(lambda: bridge.acked == 12)  # noqa: B023
        passed = proxy.passed[direction] - before
    return passed


async def _round_with_a_cut(
    proxy: CuttingProxy, redis: Redis, at: int, direction: Direction, killed: bool, *, prefix: str
) -> None:
    keys = Keys(prefix)
    bridge = PlayedJournal()
    fill(bridge, 12)
    before = proxy.cuts
    # One tenant with two webhooks: what is queued for one has to be queued for the other too.
    two = {webhook: Stored(webhook, url="https://x.example").dumped() for webhook in ("whe_a", "whe_b")}
    await redis.hset(keys.webhooks(TENANTS[0]), mapping={"revision": b"1", **two})  # type: ignore[misc]
    heard: list[str] = []

    async def listen(event: Event) -> None:
        heard.append(event.event_id)

    async with connected(proxy.url) as client:
        proxy.cut_after(at, direction)
        async with running(EventIngest(bridge, EventLog(client, keys), on_event=[listen]).run):
            await wait_for(lambda: proxy.cuts > before or bridge.acked == 12)
            if not killed:
                await wait_for(lambda: bridge.acked == 12)
        async with running(EventIngest(bridge, EventLog(client, keys), on_event=[listen]).run):
            await wait_for(lambda: bridge.acked == 12)
    assert await all_logged(redis, keys) == expected(12)
    assert set(heard) == {event["eventId"] for event in bridge.events}
    for tenant, webhooks in zip(TENANTS, (2, 1, 1), strict=True):
        assert await redis.zcard(keys.lane_queue(tenant)) == 4 * webhooks


async def test_a_redis_that_is_stopped_in_traffic_delays_events_and_loses_none(
    own_server: RedisServer, keys: Keys
) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        async with running(EventIngest(bridge, EventLog(client, keys)).run):
            for n in range(5):
                fill(bridge, 50, first=n * 100)
                await wait_for(lambda: bridge.acked > 0)
                own_server.kill()
                acked, pulls = bridge.acked, len(bridge.pulls)
                fill(bridge, 50, first=n * 100 + 50)
                await asyncio.to_thread(own_server.start)
                assert bridge.acked == acked
                await wait_for(lambda: len(bridge.pulls) > pulls)  # noqa: B023
            await wait_for(lambda: bridge.acked == 500)
        assert await all_logged(client, keys) == expected(500)


async def test_nothing_is_acked_while_redis_hangs(
    own_server: RedisServer, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        async with running(EventIngest(bridge, EventLog(client, keys)).run):
            fill(bridge, 3)
            await wait_for(lambda: bridge.acked == 3)
            own_server.freeze()
            fill(bridge, 3, first=3)
            await wait_for(lambda: "cannot be written" in caplog.text)
            assert bridge.acked == 3
            own_server.thaw()
            await wait_for(lambda: bridge.acked == 6)
        assert await all_logged(client, keys) == expected(6)


async def test_a_full_redis_leaves_the_events_with_the_bridge(own_server: RedisServer, keys: Keys) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        fill(bridge, 3)
        async with running(EventIngest(bridge, EventLog(client, keys)).run):
            await wait_for(lambda: bridge.acked == 3)
            await client.config_set("maxmemory", "1mb")
            fill(bridge, 6, first=3)
            pulls = len(bridge.pulls)
            await wait_for(lambda: len(bridge.pulls) > pulls + 2)
            assert bridge.acked == 3
            await client.config_set("maxmemory", "0")
            await wait_for(lambda: bridge.acked == 9)
        assert await all_logged(client, keys) == expected(9)


async def test_a_wiped_redis_is_filled_again_from_the_bridge(own_server: RedisServer, keys: Keys) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        fill(bridge, 30)
        async with running(EventIngest(bridge, EventLog(client, keys)).run):
            await wait_for(lambda: bridge.acked == 30)
            own_server.kill()
            own_server.wipe()
            await asyncio.to_thread(own_server.start)
            # The pull under way knows nothing of the wipe; what it brings must not go in before the rest.
            fill(bridge, 30, first=30)
            await wait_for(lambda: bridge.acked == 60, seconds=10)
        assert await all_logged(client, keys) == expected(60)


async def test_a_tenant_cursor_lost_alone_is_noticed_too(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 9)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run):
        await wait_for(lambda: bridge.acked == 9)
        await redis.delete(keys.tenant_cursor("t1", JOURNAL), keys.events("t1"))
        fill(bridge, 3, first=9)
        await wait_for(lambda: bridge.acked == 12)
    assert await all_logged(redis, keys) == expected(12)


async def test_two_processes_at_once_log_every_event_once(shared_server: RedisServer, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 900)
    async with connected(shared_server.url) as one, connected(shared_server.url) as two:
        first = EventIngest(bridge, EventLog(one, keys))
        second = EventIngest(bridge, EventLog(two, keys))
        async with running(first.run), running(second.run):
            await wait_for(lambda: bridge.acked == 900)
        assert await all_logged(one, keys) == expected(900)
