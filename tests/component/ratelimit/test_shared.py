"""Buckets in a real Redis: exact, shared by processes, and what decides when Redis does not."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from control.ratelimit.policy import Draw, Policy
from control.ratelimit.shared import SharedBuckets
from control.storage.redis import connect_redis, execute
from tests.support.installation import ROOT
from tests.support.redis_server import RedisServer
from tests.support.wait import wait_for

TEN = Policy("key", 10, 3600)
PATIENT = 10.0
"""Seconds: a busy machine must not turn a test of exactness into one of the fallback."""


@pytest.fixture
def key() -> str:
    return f"t{secrets.token_hex(6)}:{{limits}}:key:x"


@pytest.fixture
async def buckets(shared_server: RedisServer) -> AsyncIterator[SharedBuckets]:
    made = SharedBuckets(connect_redis(shared_server.url, connections=1), patience=PATIENT)
    yield made
    await made.close()


@pytest.fixture
async def own_buckets(own_server: RedisServer) -> AsyncIterator[SharedBuckets]:
    made = SharedBuckets(connect_redis(own_server.url, connections=1), retry_seconds=0.02)
    yield made
    await made.close()


async def test_of_five_hundred_at_once_a_burst_of_ten_admits_exactly_ten(buckets: SharedBuckets, key: str) -> None:
    verdicts = await asyncio.gather(*(buckets.take([Draw(TEN, key)]) for _ in range(500)))

    assert sum(verdict.admitted for verdict in verdicts) == 10
    assert [verdict.levels[0].remaining for verdict in verdicts[:10]] == list(range(9, -1, -1))
    assert {verdict.retry_after for verdict in verdicts[10:]} == {360}


async def test_two_processes_share_a_bucket(shared_server: RedisServer, key: str) -> None:
    async def taker() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.component.ratelimit.many_takers", shared_server.url, key, "10", "250"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )

    takers = await asyncio.gather(taker(), taker())
    for process in takers:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    told = await asyncio.gather(*(process.communicate(b"") for process in takers))

    assert sum(int(out) for out, _ in told) == 10


async def test_many_requests_of_a_moment_cost_redis_few_calls(own_redis: Redis, own_server: RedisServer) -> None:
    buckets = SharedBuckets(connect_redis(own_server.url, connections=1), patience=PATIENT)
    await buckets.take([Draw(TEN, "first")])
    await execute(own_redis, "CONFIG", "RESETSTAT")

    verdicts = await asyncio.gather(*(buckets.take([Draw(TEN, f"k{n}")]) for n in range(1000)))

    stats = await own_redis.info("commandstats")
    assert all(verdict.admitted for verdict in verdicts)
    assert stats["cmdstat_evalsha"]["calls"] <= 5
    await buckets.close()


async def test_a_denial_takes_nothing_from_any_bucket(buckets: SharedBuckets, key: str) -> None:
    small = Policy("tenant", 2, 3600)
    both = [Draw(TEN, key), Draw(small, f"{key}-tenant", 2)]
    assert (await buckets.take(both)).admitted
    dear = [Draw(TEN, key), Draw(small, f"{key}-tenant", 2)]

    for verdict in await asyncio.gather(*(buckets.take(dear) for _ in range(20))):
        assert verdict.denying == ("tenant",)

    assert (await buckets.take([Draw(TEN, key)])).levels[0].remaining == 8


async def test_waiting_as_long_as_retry_after_says_always_admits(buckets: SharedBuckets, key: str) -> None:
    quick = Policy("key", 3, 1)
    for cost in (1, 2, 3):
        draw = [Draw(quick, f"{key}-{cost}", cost)]
        while (denied := await buckets.take(draw)).admitted:
            pass
        began = time.monotonic()
        # The time that was told in whole seconds, and the exact one it was rounded up from.
        assert denied.retry_after == 1
        await asyncio.sleep(denied.levels[0].wait / 1_000_000)
        assert (await buckets.take(draw)).admitted
        assert time.monotonic() - began < 1.5


async def test_redis_clock_set_back_by_a_day_holds_nobody_up_for_a_day(
    redis: Redis, buckets: SharedBuckets, key: str
) -> None:
    seconds, _ = await redis.time()
    # What a bucket looks like that was emptied before the clock was set back.
    await redis.set(key, str((seconds + 86_400) * 1_000_000))
    quick = Policy("key", 100, 1)

    denied = await buckets.take([Draw(quick, key)])

    assert not denied.admitted
    assert denied.levels[0].wait <= quick.interval
    await wait_for(lambda: _admitted(buckets, Draw(quick, key)), seconds=2)


async def _admitted(buckets: SharedBuckets, draw: Draw) -> bool:
    return (await buckets.take([draw])).admitted


async def test_the_clock_of_this_machine_plays_no_part(
    buckets: SharedBuckets, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    truly = time.time
    draws = [Draw(Policy("key", 4, 3600), key)]
    assert (await buckets.take(draws)).admitted
    for change in (86_400, -86_400, 3600 * 24 * 365):
        monkeypatch.setattr(time, "time", lambda change=change: truly() + change)
        assert (await buckets.take(draws)).admitted
    assert not (await buckets.take(draws)).admitted


async def test_a_bucket_that_is_full_again_is_no_key_any_more(
    redis: Redis, buckets: SharedBuckets, key: str
) -> None:
    await buckets.take([Draw(Policy("key", 1000, 1), key)])
    await wait_for(lambda: _gone(redis, key), seconds=2)
    await buckets.take([Draw(TEN, key)])
    assert 0 < await redis.pttl(key) <= 360_000


async def _gone(redis: Redis, key: str) -> bool:
    return not await redis.exists(key)


async def test_a_server_that_forgot_the_script_is_given_it_again(
    redis: Redis, buckets: SharedBuckets, key: str
) -> None:
    await buckets.take([Draw(TEN, key)])
    await execute(redis, "SCRIPT", "FLUSH")

    assert (await buckets.take([Draw(TEN, key)])).levels[0].remaining == 8
    assert not buckets.away


async def test_a_request_that_is_given_up_takes_no_other_down(buckets: SharedBuckets, key: str) -> None:
    tasks = [asyncio.ensure_future(buckets.take([Draw(TEN, f"{key}{n}")])) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()

    found = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(one, asyncio.CancelledError) for one in found[::2])
    assert all(not isinstance(one, BaseException) and one.admitted for one in found[1::2])


async def test_without_redis_this_process_decides_at_once_and_redis_again_when_it_is_back(
    own_server: RedisServer, own_buckets: SharedBuckets, own_redis: Redis
) -> None:
    draw = Draw(TEN, "k")
    await own_buckets.take([draw])
    own_server.kill()

    began = time.monotonic()
    verdicts = await asyncio.gather(*(own_buckets.take([Draw(TEN, "other")]) for _ in range(50)))
    assert sum(verdict.admitted for verdict in verdicts) == 10
    assert own_buckets.away
    assert time.monotonic() - began < 1

    own_server.start()
    await wait_for(lambda: not own_buckets.away, seconds=5)
    assert (await own_buckets.take([Draw(TEN, "third")])).admitted
    assert await own_redis.exists("third")


async def test_while_redis_hangs_no_request_waits_longer_than_a_moment(
    own_server: RedisServer, own_buckets: SharedBuckets
) -> None:
    await own_buckets.take([Draw(TEN, "k")])
    own_server.freeze()

    async def timed() -> float:
        began = time.monotonic()
        assert (await own_buckets.take([Draw(Policy("key", 1000, 3600), "k2")])).admitted
        return time.monotonic() - began

    first = await asyncio.gather(*(timed() for _ in range(300)))
    assert max(first) < 0.5
    assert own_buckets.away
    later = [await timed() for _ in range(300)]
    assert max(later) < 0.1

    own_server.thaw()
    await wait_for(lambda: not own_buckets.away, seconds=5)


async def test_a_redis_that_is_full_denies_nobody(own_redis: Redis, own_buckets: SharedBuckets) -> None:
    await execute(own_redis, "CONFIG", "SET", "maxmemory", "1")

    assert (await own_buckets.take([Draw(TEN, "k")])).admitted
    assert own_buckets.away

    await execute(own_redis, "CONFIG", "SET", "maxmemory", "0")
    await wait_for(lambda: not own_buckets.away, seconds=5)


async def test_an_answer_nobody_can_read_leaves_nobody_waiting(
    own_buckets: SharedBuckets, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rubbish(*command: object) -> list[int]:
        return [1]

    monkeypatch.setattr("control.ratelimit.shared.execute", rubbish)
    assert (await asyncio.wait_for(own_buckets.take([Draw(TEN, "k")]), 5)).admitted
    assert own_buckets.away
    monkeypatch.undo()
    await wait_for(lambda: not own_buckets.away, seconds=5)


async def test_buckets_are_not_written_to_the_disk(own_server: RedisServer, own_buckets: SharedBuckets) -> None:
    client = connect_redis(own_server.url)
    await own_buckets.take([Draw(TEN, "a-bucket-of-somebody")])
    await client.set("something-else", "1")

    files = list(own_server.socket.parent.glob("appendonlydir/*"))
    written = await wait_for(lambda: b"something-else" in b"".join(path.read_bytes() for path in files), seconds=5)

    assert written
    assert b"a-bucket-of-somebody" not in b"".join(path.read_bytes() for path in files)
    await client.aclose()


async def test_one_that_is_closed_lets_nobody_wait(shared_server: RedisServer, key: str) -> None:
    buckets = SharedBuckets(connect_redis(shared_server.url, connections=1), patience=PATIENT)
    tasks = [asyncio.ensure_future(buckets.take([Draw(TEN, key)])) for _ in range(3)]
    await asyncio.sleep(0)

    await buckets.close()

    assert all(verdict.admitted for verdict in await asyncio.gather(*tasks))
