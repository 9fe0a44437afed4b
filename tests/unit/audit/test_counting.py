from __future__ import annotations

from control.audit.counting import BUCKETS_MAX, WINDOW_MS, Counting
from control.audit.entry import AuditEntry
from tests.support.audit_entry import entry


def test_the_same_within_a_minute_is_one_entry_with_its_first_and_last_time() -> None:
    counting = Counting()
    for at_ms in (5, 30_000, 59_000):
        counting.add(entry(at_ms=at_ms), place="203.0.113.0/24")

    assert counting.take(WINDOW_MS - 1) == []
    (one,) = counting.take(WINDOW_MS)
    assert (one.at_ms, one.until_ms, one.count) == (5, 59_000, 3)
    assert counting.take(None) == []


def test_what_differs_is_counted_apart() -> None:
    counting = Counting()
    for change in ({}, {"key_id": "3fWq8ZkT"}, {"status": 403}, {"tenant_id": "acme"}, {"action": "x"}):
        counting.add(entry(**change), place="203.0.113.0/24")
    counting.add(entry(), place="198.51.100.0/24")

    assert [one.count for one in counting.take(None)] == [1] * 6


def test_a_flood_from_everywhere_is_a_bounded_number_of_entries_that_miss_nobody() -> None:
    counting = Counting()
    for number in range(3 * BUCKETS_MAX):
        counting.add(entry(), place=f"10.{number >> 8}.{number & 255}.0/24")

    taken = counting.take(None)
    assert len(taken) == BUCKETS_MAX + 1
    assert sum(one.count for one in taken) == 3 * BUCKETS_MAX
    assert taken[-1].address is None


def test_an_entry_is_the_same_after_it_was_stored() -> None:
    one = entry(target="x", count=4, until_ms=9)

    assert AuditEntry.loaded(one.dumped()) == one
    assert AuditEntry.loaded(entry(request_id=None).dumped()).request_id is None
