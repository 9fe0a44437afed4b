"""From the bridge's journal into a real Redis: every event once, in order, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from redis.asyncio import Redis

from control.events import ingest as ingest_module
from control.events.ingest import EventIngest
from control.events.stream import EventLog
from control.rpc.contract_gen import Event
from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.component.events.cutting_proxy import CuttingProxy, Direction
from tests.component.events.journal import JOURNAL, PlayedJournal, text_message
from tests.support.redis_server import RedisServer, short_temporary_directory
from tests.support.wait import wait_for

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


async def test_events_are_logged_in_order_and_then_acked(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 500)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run):
        await wait_for(lambda: bridge.acked == 500)
        assert await all_logged(redis, keys) == expected(500)
        bridge.say("t1", "later")
        await wait_for(lambda: bridge.acked == 501)
    assert (await logged(redis, keys, "t1"))[-1] == "later"
    assert await redis.smembers(keys.tenants()) == {b"t1", b"t2", b"t3"}  # type: ignore[misc]


async def test_reading_goes_on_after_a_cursor(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    for n in range(5):
        bridge.say("t1", f"{n}")
    log = EventLog(redis, keys)
    await EventIngest(bridge, log).step()
    first = await log.read("t1", after=None, limit=2)
    rest = await log.read("t1", after=first[-1].cursor, limit=10)
    assert [orjson.loads(e.body)["data"]["message"] for e in first + rest] == ["0", "1", "2", "3", "4"]
    assert await log.read("t1", after=rest[-1].cursor, limit=10) == []
    assert [e.event_id for e in first + rest] == [e["eventId"] for e in bridge.events]


@pytest.mark.parametrize("direction", ["to", "from"])
@pytest.mark.parametrize("killed", [True, False], ids=["killed", "retried"])
async def test_a_cut_at_any_point_loses_and_doubles_nothing(
    shared_server: RedisServer, redis: Redis, direction: Direction, killed: bool
) -> None:
    with short_temporary_directory() as directory:
        async with CuttingProxy(directory / "p.sock", shared_server.socket) as proxy:
            whole = await _bytes_of_one_round(proxy, direction)
            for n, at in enumerate(range(1, whole, max(1, whole // 30))):
                await _round_with_a_cut(proxy, redis, at, direction, killed, prefix=f"c{direction}{killed}{n}")
            # Each connection is cut by its own count, so points past the longest one cut nothing.
            assert proxy.cuts >= 12


async def _bytes_of_one_round(proxy: CuttingProxy, direction: Direction) -> int:
    passed = 0
    # The first round loads the scripts, the second is like those that follow.
    for prefix in ("first", "second"):
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
    for tenant in TENANTS:
        assert await redis.zcard(keys.lane_queue(tenant)) == 4


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


async def test_nothing_is_acked_while_redis_hangs(own_server: RedisServer, keys: Keys) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        async with running(EventIngest(bridge, EventLog(client, keys)).run):
            fill(bridge, 3)
            await wait_for(lambda: bridge.acked == 3)
            own_server.freeze()
            fill(bridge, 3, first=3)
            await asyncio.sleep(0)
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
        await redis.delete(keys.tenant_cursor("t1", JOURNAL), keys.events("t1"), keys.ingest_cursor(JOURNAL))
        fill(bridge, 3, first=9)
        await wait_for(lambda: bridge.acked == 12)
    assert await all_logged(redis, keys) == expected(12)


async def test_a_new_journal_starts_from_its_beginning(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 6)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run):
        await wait_for(lambda: bridge.acked == 6)
        bridge.new_store("jrn_0000000000000002")
        fill(bridge, 3, first=6)
        await wait_for(lambda: bridge.acked == 3)
    assert await all_logged(redis, keys) == expected(9)


async def test_a_bridge_that_is_away_is_waited_for(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    bridge.reachable = False
    fill(bridge, 3)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run) as task:
        await asyncio.sleep(0)
        assert not task.done()
        bridge.reachable = True
        await wait_for(lambda: bridge.acked == 3)
    assert await all_logged(redis, keys) == expected(3)


async def test_an_unreadable_event_is_left_out_and_the_rest_comes(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 4)
    bridge.add("t1", {"type": "from.the.future"})
    fill(bridge, 4, first=4)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run):
        await wait_for(lambda: bridge.acked == 9)
    assert await all_logged(redis, keys) == expected(8)


async def test_an_event_without_words_goes_into_quarantine(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 3)
    bridge.add("t1", {**text_message("no such year"), "sentAtMs": 9_007_199_254_740_991})
    fill(bridge, 3, first=3)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run):
        await wait_for(lambda: bridge.acked == 7)
    assert await all_logged(redis, keys) == expected(6)
    kept = await redis.xrange(keys.event_quarantine("t1"))
    assert [orjson.loads(fields[b"event"])["position"] for _, fields in kept] == [4]


async def test_two_processes_at_once_log_every_event_once(shared_server: RedisServer, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 900)
    async with connected(shared_server.url) as one, connected(shared_server.url) as two:
        first = EventIngest(bridge, EventLog(one, keys))
        second = EventIngest(bridge, EventLog(two, keys))
        async with running(first.run), running(second.run):
            await wait_for(lambda: bridge.acked == 900)
        assert await all_logged(one, keys) == expected(900)


async def test_listeners_hear_events_after_they_are_logged(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    log = EventLog(redis, keys)
    heard: list[tuple[str, bool]] = []

    async def listen(event: Event) -> None:
        in_log = {e.event_id for e in await log.read(event.tenant_id, after=None, limit=100)}
        heard.append((event.event_id, event.event_id in in_log))

    fill(bridge, 3)
    await EventIngest(bridge, log, on_event=[listen]).step()
    assert heard == [(event["eventId"], True) for event in bridge.events]


async def test_a_listener_that_fails_or_hangs_holds_nothing_up_for_long(
    redis: Redis, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_module, "LISTENER_SECONDS", 0.05)
    monkeypatch.setattr(ingest_module, "LISTENERS_SECONDS_PER_BATCH", 0.1)
    heard: list[str] = []

    async def fail(event: Event) -> None:
        raise RuntimeError("a listener's own fault")

    async def hang(event: Event) -> None:
        heard.append(event.event_id)
        await asyncio.Event().wait()

    bridge = PlayedJournal()
    fill(bridge, 50)
    async with running(EventIngest(bridge, EventLog(redis, keys), on_event=[fail, hang]).run):
        await wait_for(lambda: bridge.acked == 50, seconds=2)
    assert heard
    assert await all_logged(redis, keys) == expected(50)
