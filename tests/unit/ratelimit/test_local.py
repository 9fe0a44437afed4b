from __future__ import annotations

import random

import pytest

from control.ratelimit.denials import Denials
from control.ratelimit.local import LocalBuckets
from control.ratelimit.policy import MICROSECONDS, Draw, Level, Policy, Verdict

TEN = Policy("key", 10, 60)
THREE = Policy("tenant", 3, 1)


class Clock:
    """A clock the test sets."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    ("rate", "limit", "seconds", "interval"),
    [("600/60", 600, 60, 100_000), ("3/1", 3, 1, 333_334), ("1/99999", 1, 99_999, 99_999_000_000)],
)
def test_a_rate_is_so_many_requests_in_so_many_seconds(rate: str, limit: int, seconds: int, interval: int) -> None:
    policy = Policy.of("x", rate)
    assert policy is not None
    assert (policy.limit, policy.seconds, policy.interval) == (limit, seconds, interval)


@pytest.mark.parametrize("rate", ["", "0/60", "600/0", "600", "600/60/1", "-1/60", "1.5/60", "Off", "600/60\n"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Policy.of("x", rate)


def test_off_is_no_policy() -> None:
    assert Policy.of("x", "off") is None


def test_a_burst_is_exactly_as_large_as_the_limit_and_comes_back_one_by_one(clock: Clock) -> None:
    buckets = LocalBuckets(now=clock)
    assert [buckets.take([Draw(TEN, "k")]).admitted for _ in range(12)] == [True] * 10 + [False] * 2
    clock.now += TEN.interval - 1
    assert not buckets.take([Draw(TEN, "k")]).admitted
    clock.now += 1
    assert [buckets.take([Draw(TEN, "k")]).admitted for _ in range(2)] == [True, False]


def test_a_denial_takes_from_no_bucket(clock: Clock) -> None:
    buckets = LocalBuckets(now=clock)
    both = [Draw(TEN, "k"), Draw(THREE, "t")]
    for _ in range(3):
        assert buckets.take(both).admitted
    denied = buckets.take(both)
    assert denied.denying == ("tenant",)
    for _ in range(50):
        buckets.take(both)
    assert buckets.take([Draw(TEN, "k")]).levels[0].remaining == 6


def test_waiting_as_long_as_told_always_admits(clock: Clock) -> None:
    chance = random.Random(7)
    for _ in range(300):
        policy = Policy("p", chance.randint(1, 50), chance.randint(1, 100))
        buckets = LocalBuckets(now=clock)
        draw = Draw(policy, "k", chance.randint(1, 60))
        while (verdict := buckets.take([draw])).admitted:
            clock.now += chance.randint(0, policy.interval)
        clock.now += verdict.levels[0].wait - 1
        assert not buckets.take([draw]).admitted
        clock.now += 1
        assert buckets.take([draw]).admitted


def test_a_dear_request_counts_as_many_and_never_as_more_than_there_are(clock: Clock) -> None:
    buckets = LocalBuckets(now=clock)
    assert buckets.take([Draw(TEN, "k", 4)]).levels[0].remaining == 6
    assert buckets.take([Draw(TEN, "other", 1000)]).levels[0].remaining == 0


def test_buckets_are_bounded_and_the_one_used_least_recently_is_forgotten(clock: Clock) -> None:
    buckets = LocalBuckets(now=clock, most=2)
    for key in ("a", "b", "a", "c"):
        buckets.take([Draw(TEN, key)])
    assert buckets.take([Draw(TEN, "a")]).levels[0].remaining == 7
    assert buckets.take([Draw(TEN, "b")]).levels[0].remaining == 9


def test_an_empty_bucket_is_remembered_until_it_has_something_again(clock: Clock) -> None:
    denials = Denials(now=clock)
    draws = [Draw(TEN, "k")]
    assert denials.among(draws) is None
    denials.note(draws, Verdict((Level(TEN, 0, 6 * MICROSECONDS, 60 * MICROSECONDS),)))
    denied = denials.among([Draw(THREE, "t"), *draws])
    assert denied is not None
    assert (denied.denying, denied.retry_after) == (("key",), 6)
    dearer = denials.among([Draw(TEN, "k", 3)])
    assert dearer is not None
    assert dearer.retry_after == 18
    clock.now += 6 * MICROSECONDS
    assert denials.among(draws) is None


def test_what_is_remembered_of_denials_is_bounded(clock: Clock) -> None:
    denials = Denials(now=clock, most=2)
    for key in "abc":
        denials.note([Draw(TEN, key)], Verdict((Level(TEN, 0, 1, 1),)))
    assert [denials.among([Draw(TEN, key)]) is None for key in "abc"] == [True, False, False]
