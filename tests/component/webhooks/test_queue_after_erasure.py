"""A tenant that is erased while one of its webhooks is under way leaves nothing, and holds nobody up."""

from __future__ import annotations

import time

import pytest
from redis.asyncio import Redis

from control.events.stream import Entry, EventLog
from control.storage.erasure import erase_tenant
from control.storage.keys import Keys
from control.storage.redis import execute
from control.webhooks.queue import DeliveryQueue, Line, Verdict

LINE = Line("acme", "default")
JOURNAL = "jrn_0123456789abcdefghij"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def one_event(redis: Redis, keys: Keys) -> None:
    entry = Entry(1, "evt_1", "message", "a@s.whatsapp.net", b"{}")
    await EventLog(redis, keys).append(JOURNAL, {"acme": [entry]}, {}, now_ms())


@pytest.mark.parametrize("verdict", ["done", "dead", "later", "release"])
async def test_an_attempt_that_ends_after_the_erasure_writes_nothing(
    redis: Redis, keys: Keys, verdict: Verdict
) -> None:
    queue = DeliveryQueue(redis, keys)
    await one_event(redis, keys)
    claim = await queue.claim(LINE, token="t", now_ms=now_ms(), limit=5)

    assert await erase_tenant(redis, keys, "acme") > 0
    settled = await queue.settle(claim.events[0], verdict, now_ms=now_ms(), due_ms=now_ms())

    assert not settled.held
    assert await execute(redis, "KEYS", f"{keys.prefix}:{{acme}}:*") == []


async def test_a_lane_that_is_due_without_an_event_ends_the_claim(redis: Redis, keys: Keys) -> None:
    await execute(redis, "ZADD", keys.lane_due("acme", "default"), 1, "default|a@s.whatsapp.net")

    claim = await DeliveryQueue(redis, keys).claim(LINE, token="t", now_ms=now_ms(), limit=5)

    assert (list(claim.events), claim.next_due_ms) == ([], None)
    assert not await execute(redis, "EXISTS", keys.lane_due("acme", "default"))
