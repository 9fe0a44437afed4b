"""The bounds of the event log, on a real Redis."""

from __future__ import annotations

import time

import orjson
from redis.asyncio import Redis

from control.events.ingest import EventIngest
from control.events.stream import EventLog
from control.storage.keys import Keys
from control.storage.lanes import GIVEN_UP_TOO_MANY, GIVEN_UP_TOO_OLD
from control.webhooks.endpoint import Stored
from control.webhooks.queue import DeliveryQueue, Line
from tests.component.events.journal import PlayedJournal

LINE = Line("t1", "default")


async def deliver_all(queue: DeliveryQueue) -> None:
    """Take everything nobody holds."""
    while events := (await queue.claim(LINE, token="x", now_ms=now_ms(), limit=64)).events:
        for due in events:
            await queue.settle(due, "done", now_ms=now_ms())


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def _ingest(bridge: PlayedJournal, log: EventLog) -> None:
    ingest = EventIngest(bridge, log)
    while bridge.acked < bridge.head:
        await ingest.step()


async def _texts(log: EventLog) -> list[str]:
    return [orjson.loads(e.body)["data"]["message"] for e in await log.read("t1", after=None, limit=10_000)]


async def test_delivered_events_are_kept_up_to_the_bound(redis: Redis, keys: Keys) -> None:
    bridge, log, queue = PlayedJournal(), EventLog(redis, keys, log_max=50), DeliveryQueue(redis, keys)
    for round_ in range(4):
        for n in range(100):
            bridge.say("t1", f"{round_ * 100 + n}")
        await _ingest(bridge, log)
        await deliver_all(queue)
    await _trim(bridge, log)
    assert await _texts(log) == [str(n) for n in range(351, 400)] + ["last"]


async def _trim(bridge: PlayedJournal, log: EventLog) -> None:
    """Trimming happens when something is added."""
    bridge.say("t1", "last")
    await _ingest(bridge, log)


async def test_an_event_that_waits_for_its_webhook_is_never_trimmed(redis: Redis, keys: Keys) -> None:
    bridge, log, queue = PlayedJournal(), EventLog(redis, keys, log_max=20), DeliveryQueue(redis, keys)
    bridge.say("t1", "waits", chat="1111@g.us")
    await _ingest(bridge, log)
    (stuck,) = (await queue.claim(LINE, token="a", now_ms=now_ms(), limit=1)).events
    for n in range(100):
        bridge.say("t1", f"{n}", chat="2222@g.us")
    await _ingest(bridge, log)
    await deliver_all(queue)
    await _trim(bridge, log)
    assert (await _texts(log))[0] == "waits"
    await queue.settle(stuck, "done", now_ms=now_ms())
    await _trim(bridge, log)
    assert len(await _texts(log)) == 20


async def test_past_the_bound_of_waiting_events_the_oldest_is_given_up_and_kept_apart(
    redis: Redis, keys: Keys
) -> None:
    bridge, log = PlayedJournal(), EventLog(redis, keys, log_max=20, undelivered_max=30)
    for n in range(100):
        bridge.say("t1", f"{n}", chat=f"{n % 3}111@g.us")
    await _ingest(bridge, log)
    assert await redis.zcard(keys.lane_queue("t1")) == 30
    dead = [fields for _, fields in await redis.xrange(keys.dead_letters("t1", "default"))]
    assert [orjson.loads(f[b"body"])["data"]["message"] for f in dead] == [str(n) for n in range(70)]
    assert {f[b"reason"] for f in dead} == {GIVEN_UP_TOO_MANY.encode()}
    queue = DeliveryQueue(redis, keys)
    heads = (await queue.claim(LINE, token="a", now_ms=now_ms(), limit=8)).events
    assert sorted(orjson.loads(h.body)["data"]["message"] for h in heads) == ["70", "71", "72"]


async def test_a_lease_on_an_event_that_was_given_up_settles_nothing(redis: Redis, keys: Keys) -> None:
    bridge, log = PlayedJournal(), EventLog(redis, keys, undelivered_max=5)
    queue = DeliveryQueue(redis, keys)
    bridge.say("t1", "0")
    await _ingest(bridge, log)
    (held,) = (await queue.claim(LINE, token="a", now_ms=now_ms(), limit=1)).events
    for n in range(1, 8):
        bridge.say("t1", f"{n}")
    await _ingest(bridge, log)
    assert (await queue.settle(held, "done", now_ms=now_ms())).held is False
    assert await redis.zcard(keys.lane_queue("t1")) == 5


def stored(webhook: str, *events: str) -> dict[str, bytes]:
    return {webhook: Stored(webhook, url="https://x.example", events=events or None).dumped()}


async def test_an_event_waits_for_each_webhook_that_wants_it_and_stands_in_the_log_once(
    redis: Redis, keys: Keys
) -> None:
    bridge, log = PlayedJournal(), EventLog(redis, keys)
    fields = {"revision": b"1", **stored("whe_a"), **stored("whe_b", "message"), **stored("whe_c", "call")}
    await redis.hset(keys.webhooks("t1"), mapping=fields)  # type: ignore[misc]
    for n in range(10):
        bridge.say("t1", f"{n}")
    await _ingest(bridge, log)
    assert await redis.zcard(keys.lane_queue("t1")) == 20
    assert await redis.xlen(keys.events("t1")) == 10
    assert sorted(await redis.zrange(keys.lane_lines("t1"), 0, -1)) == [b"whe_a", b"whe_b"]


async def test_the_log_is_kept_for_the_slowest_webhook(redis: Redis, keys: Keys) -> None:
    bridge, log, queue = PlayedJournal(), EventLog(redis, keys, log_max=20), DeliveryQueue(redis, keys)
    await redis.hset(keys.webhooks("t1"), mapping={"revision": b"1", **stored("whe_a"), **stored("whe_b")})  # type: ignore[misc]
    for n in range(100):
        bridge.say("t1", f"{n}")
    await _ingest(bridge, log)
    for webhook, kept in (("whe_a", 101), ("whe_b", 20)):
        while events := (await queue.claim(Line("t1", webhook), token="x", now_ms=now_ms(), limit=64)).events:
            for due in events:
                await queue.settle(due, "done", now_ms=now_ms())
        await _trim(bridge, log)
        assert await redis.xlen(keys.events("t1")) == kept


async def test_what_waits_for_longer_than_the_retention_is_given_up(redis: Redis, keys: Keys) -> None:
    bridge = PlayedJournal()
    bridge.say("t1", "old")
    await _ingest(bridge, EventLog(redis, keys, retention_seconds=3600))
    bridge.say("t1", "new")
    later = EventIngest(
        bridge, EventLog(redis, keys, retention_seconds=3600), clock=lambda: now_ms() / 1000 + 3700
    )
    await later.step()
    dead = [fields for _, fields in await redis.xrange(keys.dead_letters("t1", "default"))]
    # The new one is as old, by that clock: the log has its own.
    assert [orjson.loads(f[b"body"])["data"]["message"] for f in dead] == ["old", "new"]
    assert {f[b"reason"] for f in dead} == {GIVEN_UP_TOO_OLD.encode()}


async def test_one_waiting_event_does_not_keep_a_log_without_bound(redis: Redis, keys: Keys) -> None:
    bridge, log = PlayedJournal(), EventLog(redis, keys, log_max=20, undelivered_max=50)
    await redis.hset(keys.webhooks("t1"), mapping={"revision": b"2", **stored("whe_a", "message")})  # type: ignore[misc]
    bridge.say("t1", "waits")
    await _ingest(bridge, log)
    await redis.hset(keys.webhooks("t1"), mapping={"revision": b"3", **stored("whe_a", "call")})  # type: ignore[misc]
    for n in range(300):
        bridge.say("t1", f"{n}")
    await _ingest(bridge, log)
    assert await redis.xlen(keys.events("t1")) <= 50
    assert await redis.zcard(keys.lane_queue("t1")) == 0
    assert await redis.xlen(keys.dead_letters("t1", "whe_a")) == 1
