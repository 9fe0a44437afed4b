"""No message above the quota is let through, by any number of requests, and none below it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.storage.keys import Keys
from control.tenancy import quotas
from control.tenancy.quotas import DAY_SECONDS, MIB, QuotaBook, Taken
from control.tenancy.tenant import Quotas, Tenant
from tests.support.redis_server import RedisServer


class Book:
    """A book over one tenant, whose surroundings a test sets."""

    def __init__(self, redis: Redis, keys: Keys, quotas: Quotas, defaults: Quotas | None = None) -> None:
        self.now = 20_000.0 * DAY_SECONDS + 3600
        self.accepted = 0
        self.storage: int | GatewayError = 0
        self.asked = 0
        self.tenant = Tenant("acme", quotas=quotas)
        self.book = QuotaBook(
            redis,
            keys,
            defaults=defaults or Quotas(),
            tenant_of=lambda tenant: self.tenant if tenant == "acme" else None,
            storage_of=self._storage,
            accepted_today=self._accepted,
            clock=lambda: self.now,
        )

    async def take(self, number: int = 1) -> Taken | GatewayError:
        try:
            return await self.book.take("acme", number)
        except GatewayError as error:
            return error

    async def _storage(self, tenant: str) -> int:
        self.asked += 1
        if isinstance(self.storage, GatewayError):
            raise self.storage
        return self.storage

    async def _accepted(self, tenant: str) -> int:
        return self.accepted


Make = Callable[..., Book]


@pytest.fixture
def make(own_redis: Redis, keys: Keys) -> Make:
    def made(quotas: Quotas, defaults: Quotas | None = None) -> Book:
        return Book(own_redis, keys, quotas, defaults)

    return made


def granted(answers: list[Taken | GatewayError]) -> int:
    return sum(isinstance(answer, Taken) for answer in answers)


async def test_of_many_at_once_by_two_processes_exactly_the_quota_is_granted(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine a hundred new connections take longer than anybody waits before counting alone.
    monkeypatch.setattr(quotas, "TAKE_SECONDS", 30.0)
    one, two = make(Quotas(messages_per_day=50)), make(Quotas(messages_per_day=50))
    answers = await asyncio.gather(*(book.take() for book in (one, two) for _ in range(60)))
    assert granted(list(answers)) == 50
    refused = next(answer for answer in answers if isinstance(answer, GatewayError))
    assert (refused.code, refused.extra["quota"], refused.extra["limit"]) == (
        "quota_exceeded",
        "messagesPerDay",
        50,
    )
    # 23 hours are left of the day, and not a second earlier is it worth asking.
    assert refused.retry_after == 23 * 3600 + 1
    one.now += refused.retry_after
    assert isinstance(await one.take(), Taken)


async def test_a_batch_is_granted_whole_or_not_at_all(make: Make) -> None:
    book = make(Quotas(messages_per_day=10))
    assert granted([await book.take(8), await book.take(3), await book.take(2)]) == 2
    larger = await book.take(11)
    assert isinstance(larger, GatewayError)
    assert larger.retry_after is None


async def test_what_is_given_back_can_be_taken_again_but_not_yesterdays(make: Make) -> None:
    book = make(Quotas(messages_per_day=2))
    first = await book.take()
    second = await book.take()
    assert isinstance(first, Taken)
    assert isinstance(second, Taken)
    assert granted([await book.take()]) == 0
    await book.book.give_back(second)
    assert granted([await book.take(), await book.take()]) == 1
    book.now += DAY_SECONDS
    assert granted([await book.take()]) == 1
    await book.book.give_back(first)
    assert granted([await book.take(), await book.take()]) == 1


async def test_the_tenants_own_quota_wins_over_the_installations_and_zero_is_no_limit(
    make: Make, own_redis: Redis, keys: Keys
) -> None:
    assert granted([await make(Quotas(), Quotas(messages_per_day=1)).take(2)]) == 0
    assert granted([await make(Quotas(messages_per_day=5), Quotas(messages_per_day=1)).take(2)]) == 1
    unlimited = make(Quotas(messages_per_day=0), Quotas(messages_per_day=1))
    assert granted([await unlimited.take(1000)]) == 1
    assert unlimited.book.webhooks_of("acme") is None
    assert make(Quotas(webhooks=3), Quotas(webhooks=7)).book.webhooks_of("acme") == 3
    assert make(Quotas(), Quotas(webhooks=7)).book.webhooks_of("another") == 7


async def test_a_quota_that_is_set_at_noon_counts_the_morning(make: Make) -> None:
    book = make(Quotas())
    await book.take(7)
    book.accepted = 7
    book.tenant = Tenant("acme", quotas=Quotas(messages_per_day=10))
    assert granted([await book.take(4), await book.take(3)]) == 1


async def test_a_flushed_redis_gives_no_second_quota(make: Make, own_redis: Redis) -> None:
    book = make(Quotas(messages_per_day=10))
    assert granted([await book.take(9)]) == 1
    await own_redis.flushall()
    assert granted([await book.take(), await book.take()]) == 1
    assert await book.book.used("acme") == 10


async def test_without_redis_the_process_counts_alone_and_tells_it_afterwards(
    make: Make, own_redis: Redis, own_server: RedisServer
) -> None:
    book = make(Quotas(messages_per_day=10))
    assert granted([await book.take(4)]) == 1
    own_server.kill()
    answers = [await book.take(2) for _ in range(4)]
    assert granted(answers) == 3
    taken = next(answer for answer in answers if isinstance(answer, Taken))
    await book.book.give_back(taken)
    own_server.start()
    # Another process on the same Redis sees what this one counted alone, once it has told it.
    assert granted([await book.take(1)]) == 1
    other = make(Quotas(messages_per_day=10))
    assert granted([await other.take(2), await other.take(1)]) == 1
    assert await other.book.used("acme") == 10


async def test_the_count_is_under_no_name_and_goes_with_the_day(make: Make, own_redis: Redis, keys: Keys) -> None:
    book = make(Quotas(messages_per_day=10))
    await book.take()
    (name,) = await own_redis.keys(f"{keys.prefix}:*")
    assert b"acme" not in name
    assert 0 < await own_redis.ttl(name) <= 2 * DAY_SECONDS
    await book.book.erase("acme")
    assert await own_redis.keys(f"{keys.prefix}:*") == []


async def test_files_are_refused_when_the_storage_is_full_and_not_when_it_is_unknown(make: Make) -> None:
    book = make(Quotas(storage_mb=2))
    book.storage = 2 * MIB - 1
    await book.book.refuse_files_beyond("acme")
    book.storage = 2 * MIB
    # Known for some seconds.
    await book.book.refuse_files_beyond("acme")
    assert book.asked == 1
    fresh = make(Quotas(storage_mb=2))
    fresh.storage = 2 * MIB
    with pytest.raises(GatewayError, match="storage_quota_exceeded"):
        await fresh.book.refuse_files_beyond("acme")
    away = make(Quotas(storage_mb=2))
    away.storage = GatewayError("bridge_unavailable")
    await away.book.refuse_files_beyond("acme")
    await make(Quotas()).book.refuse_files_beyond("acme")
