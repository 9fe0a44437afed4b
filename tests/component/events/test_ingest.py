"""From the bridge's journal into a real Redis: every event once, in order, whatever fails."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from redis.asyncio import Redis

from control.events import ingest as ingest_module
from control.events.ingest import EventIngest
from control.events.stream import EventLog
from control.rpc.contract_gen import Event
from control.storage.keys import Keys
from tests.component.events.ingesting import all_logged, expected, fill, logged, running
from tests.component.events.journal import PlayedJournal, text_message
from tests.support.wait import wait_for


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


async def test_a_new_journal_starts_from_its_beginning(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    fill(bridge, 6)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run):
        await wait_for(lambda: bridge.acked == 6)
        bridge.new_store("jrn_0000000000000002")
        fill(bridge, 3, first=6)
        await wait_for(lambda: bridge.acked == 3)
    assert await all_logged(redis, keys) == expected(9)


async def test_a_bridge_that_is_away_is_waited_for(
    redis: Redis, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = PlayedJournal()
    bridge.reachable = False
    fill(bridge, 3)
    async with running(EventIngest(bridge, EventLog(redis, keys)).run) as task:
        await wait_for(lambda: caplog.text.count("bridge gives no events") >= 2)
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


async def test_how_many_events_were_given_up_for_waiting_too_long_is_told(redis: Redis, keys: Keys) -> None:
    bridge, given_up = PlayedJournal(), list[int]()
    ingest = EventIngest(bridge, EventLog(redis, keys, undelivered_max=5), on_given_up=given_up.append)
    for n in range(4):
        bridge.say("t1", f"{n}")
    await ingest.step()
    assert given_up == []
    for n in range(4, 8):
        bridge.say("t1", f"{n}")
    await ingest.step()
    assert given_up == [3]
