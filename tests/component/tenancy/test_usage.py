"""Usage is summed exactly, whatever becomes of Redis, and leaves nothing of a tenant that is gone."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.storage.keys import Keys
from control.tenancy.usage import DAYS_KEPT, Counted, Usage
from control.tenancy.usage_copy import UsageCopy, added
from tests.support.redis_server import RedisServer

TODAY = date(2026, 11, 23)


class Clock:
    """The time, which a test sets."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> float:
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC).timestamp()


def over(redis: Redis, keys: Keys, folder: Path, clock: Clock) -> Usage:
    return Usage(redis, keys, UsageCopy(folder), exists=lambda tenant: tenant != "nobody", clock=clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def usage(own_redis: Redis, keys: Keys, tmp_path: Path, clock: Clock) -> AsyncIterator[Usage]:
    usage = over(own_redis, keys, tmp_path, clock)
    await usage.open()
    yield usage
    usage._copy.close()


async def sum_of(usage: Usage, what: Counted, tenant: str = "acme", days: int = 30) -> int:
    found = await usage.days(tenant, TODAY - timedelta(days), TODAY + timedelta(days))
    return added(*found.values()).get(what, 0)


async def test_counts_are_read_at_once_and_after_each_step_to_the_disk(usage: Usage, own_redis: Redis) -> None:
    usage.count("acme", Counted.SENT, 3)
    usage.count("acme", Counted.MEDIA_SENT, 5_000_000_000)
    assert await sum_of(usage, Counted.SENT) == 3
    await usage.flush()
    usage.count("acme", Counted.SENT)
    assert await sum_of(usage, Counted.SENT) == 4
    await usage.flush()
    await usage.copy()
    assert await sum_of(usage, Counted.SENT) == 4
    await own_redis.flushall()
    assert await sum_of(usage, Counted.SENT) == 4
    assert await usage.days("acme", TODAY, TODAY) == {"2026-11-23": {"sent": 4, "media_sent": 5_000_000_000}}


async def test_a_wiped_redis_counts_on_from_what_the_disk_has(usage: Usage, own_redis: Redis) -> None:
    for _ in range(3):
        usage.count("acme", Counted.RECEIVED, 5)
        await usage.flush()
        await usage.copy()
        await own_redis.flushall()
    usage.count("acme", Counted.RECEIVED, 100)
    await usage.flush()
    assert await sum_of(usage, Counted.RECEIVED) == 115
    await usage.copy()
    assert await sum_of(usage, Counted.RECEIVED) == 115


async def test_what_was_counted_while_redis_was_away_arrives_once(
    usage: Usage, own_redis: Redis, own_server: RedisServer
) -> None:
    usage.count("acme", Counted.SENT)
    await usage.flush()
    own_server.kill()
    usage.count("acme", Counted.SENT, 10)
    for _ in range(2):
        with pytest.raises((RedisError, OSError)):
            await usage.flush()
        usage.count("acme", Counted.SENT, 100)
    own_server.start()
    await usage.flush()
    await usage.flush()
    assert await sum_of(usage, Counted.SENT) == 211


async def test_a_batch_that_redis_ran_without_an_answer_is_not_added_twice(
    usage: Usage, own_redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage.count("acme", Counted.SENT, 7)
    await usage.flush()
    usage.count("acme", Counted.SENT, 1)
    sent = usage._send

    async def unanswered(flying: list[object]) -> None:
        kept = dict(usage._flying)
        await sent(flying)  # type: ignore[arg-type]
        usage._flying.update(kept)
        raise ConnectionError

    monkeypatch.setattr(usage, "_send", unanswered)
    with pytest.raises(ConnectionError):
        await usage.flush()
    monkeypatch.undo()
    await usage.flush()
    await usage.copy()
    assert (await usage._sums([("acme", str(TODAY))]))[("acme", str(TODAY))][1] == {"sent": 8}


async def test_two_processes_and_a_restart_count_together(
    usage: Usage, own_redis: Redis, keys: Keys, tmp_path: Path, clock: Clock
) -> None:
    other = over(own_redis, keys, tmp_path, clock)
    usage.count("acme", Counted.REQUESTS, 2)
    other.count("acme", Counted.REQUESTS, 3)
    await asyncio.gather(usage.flush(), other.flush())
    assert await sum_of(other, Counted.REQUESTS) == 5
    await other.close()
    after = over(own_redis, keys, tmp_path, clock)
    assert await sum_of(after, Counted.REQUESTS) == 5
    await after.close()


async def test_events_of_yesterday_count_yesterday_and_redis_forgets_days_the_disk_keeps(
    usage: Usage, own_redis: Redis, keys: Keys, clock: Clock
) -> None:
    yesterday_ms = int(clock() - 86_400) * 1000
    usage.count("acme", Counted.SENT, 4, at_ms=yesterday_ms)
    usage.count("acme", Counted.SENT, 1)
    await usage.flush()
    await usage.copy()
    assert {
        day: counts["sent"] for day, counts in (await usage.days("acme", TODAY - timedelta(3), TODAY)).items()
    } == {
        "2026-11-22": 4,
        "2026-11-23": 1,
    }
    assert 0 < await own_redis.ttl(keys.usage("acme", "2026-11-23")) <= 4 * 86_400
    clock.day = TODAY + timedelta(20)
    assert await sum_of(usage, Counted.SENT) == 5


async def test_days_past_the_keeping_are_removed_from_the_disk(usage: Usage, clock: Clock) -> None:
    usage.count("acme", Counted.SENT)
    await usage.flush()
    await usage.copy()
    assert await usage._copy.prune(str(TODAY - timedelta(DAYS_KEPT))) == 0
    clock.day = TODAY + timedelta(DAYS_KEPT + 1)
    assert await usage._copy.prune(usage._day_before(DAYS_KEPT)) == 1


async def test_a_tenant_that_is_gone_leaves_nothing_and_is_not_counted(
    usage: Usage, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    tenant = "tenant-to-forget-31415"
    usage.count(tenant, Counted.SENT)
    await usage.flush()
    await usage.copy()
    usage.count(tenant, Counted.SENT)
    usage.count("nobody", Counted.SENT)
    await usage.erase(tenant)
    await usage.flush()
    await usage.copy()
    assert await own_redis.keys(f"{keys.prefix}:*") == []
    path = tmp_path / "usage.sqlite"
    assert tenant.encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await usage.days(tenant, TODAY, TODAY) == {}


async def test_a_damaged_file_is_set_aside(own_redis: Redis, keys: Keys, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "usage.sqlite").write_bytes(b"this is no database" * 100)
    usage = over(own_redis, keys, tmp_path, clock)
    await usage.open()
    usage.count("acme", Counted.SENT)
    await usage.flush()
    await usage.copy()
    assert await sum_of(usage, Counted.SENT) == 1
    assert [path for path in tmp_path.iterdir() if "damaged" in path.name]  # noqa: ASYNC240
    await usage.close()
