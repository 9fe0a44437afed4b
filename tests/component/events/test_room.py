"""A Redis that fills up with events: older ones make room for new ones, and those that wait go last."""

from __future__ import annotations

import pytest

from control.events.ingest import EventIngest
from control.events.reader import EventReader
from control.events.room import LEAST_KEPT, LEAST_WAITING, EventRoom
from control.events.stream import EventLog
from control.storage.keys import Keys
from control.storage.redis import execute
from control.webhooks.endpoint import Stored
from tests.component.events.ingesting import connected, running
from tests.component.events.journal import PlayedJournal
from tests.support.redis_server import RedisServer
from tests.support.wait import wait_for

MIB = 1024 * 1024
BIG = "x" * 10_000


class Webhooks:
    """Every tenant in `waiting` has a webhook that nobody serves; the others have none."""

    has_default = False

    def revision(self, tenant_id: str) -> int:
        return 0

    async def put_back(self, tenant_id: str) -> None:
        raise AssertionError


async def test_a_redis_full_of_delivered_events_goes_on_taking_new_ones(
    own_server: RedisServer, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        log = EventLog(client, keys, webhooks=Webhooks())
        await client.config_set("maxmemory", (await client.info("memory"))["used_memory"] + 16 * MIB)
        for n in range(2000):
            bridge.say("t1" if n % 4 else "t2", f"{n} {BIG}")
        async with running(EventIngest(bridge, log).run), running(EventRoom(client, keys).run):
            await wait_for(lambda: bridge.acked == 2000, seconds=30)
        about = await client.info("memory")
        assert about["used_memory"] < about["maxmemory"]
        kept = await log.read("t1", after=None, limit=5000)
        assert LEAST_KEPT <= len(kept) < 1500
        assert b"1999 xxx" in kept[-1].body
        # Who had read up to an event that is gone is told so.
        first = int(kept[0].cursor.partition("-")[0])
        page = await EventReader(client, keys, log).page("t1", f"{first - 1}-0", 10)
        assert page.gap
    assert "redis is nearly full" in caplog.text


async def test_what_waits_for_a_webhook_is_kept_and_the_tenant_with_most_of_it_pays_in_the_end(
    own_server: RedisServer, keys: Keys
) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        for tenant in ("gone", "small"):
            hook = Stored("whe_a", url="https://x.example").dumped()
            await execute(client, "HSET", keys.webhooks(tenant), "whe_a", hook)
        counted: list[int] = []
        log = EventLog(client, keys, webhooks=Webhooks())
        room = EventRoom(client, keys, on_given_up=counted.append)
        await client.config_set("maxmemory", (await client.info("memory"))["used_memory"] + 20 * MIB)
        for n in range(50):
            bridge.say("small", f"{n} {BIG}")
        for n in range(2500):
            bridge.say("gone", f"{n} {BIG}", chat=f"{n % 7}111@g.us")
            if n % 4 == 0:
                bridge.say("read", f"{n} {BIG}")
        async with running(EventIngest(bridge, log).run):

            async def all_taken() -> bool:
                await room.make_room()
                return bridge.acked == bridge.head

            await wait_for(all_taken, seconds=30)
        waiting = {t: await execute(client, "ZCARD", keys.lane_queue(t)) for t in ("gone", "small")}
        assert waiting["small"] == 50
        assert LEAST_WAITING <= waiting["gone"] < 2500
        assert sum(counted) == 2500 - waiting["gone"]
        assert len(await log.read("small", after=None, limit=100)) == 50
        newest = (await log.read("gone", after=None, limit=5000))[-1]
        assert b"2499 xxx" in newest.body
        # It is a gap that the application hears of.
        assert await execute(client, "ZCARD", keys.webhook_gaps("gone", "whe_a")) > 0


async def test_a_redis_with_room_or_without_a_limit_loses_nothing(own_server: RedisServer, keys: Keys) -> None:
    bridge = PlayedJournal()
    async with connected(own_server.url) as client:
        log, room = EventLog(client, keys, webhooks=Webhooks()), EventRoom(client, keys)
        for n in range(300):
            bridge.say("t1", f"{n}")
        async with running(EventIngest(bridge, log).run):
            await wait_for(lambda: bridge.acked == 300)
        assert not await room.make_room()
        await client.config_set("maxmemory", 100 * MIB)
        assert not await room.make_room()
        assert len(await log.read("t1", after=None, limit=500)) == 300
