from __future__ import annotations

import pytest

from control.webhooks.retry import SCHEDULE_SECONDS, next_delay, parse_retry_after

NOW = 1_795_435_200.0


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 5), (2, 30), (3, 300), (4, 1800), (5, 7200), (6, 18000), (7, 36000), (8, 50400), (9, 72000), (10, 86400)],
)
def test_each_failure_waits_longer_by_the_schedule(attempts: int, seconds: int) -> None:
    assert next_delay(attempts, spread=lambda: 0.5) == seconds
    assert next_delay(attempts, spread=lambda: 0.0) == pytest.approx(seconds * 0.8)
    assert next_delay(attempts, spread=lambda: 1.0) == pytest.approx(min(seconds * 1.2, 86_400))


def test_after_the_eleventh_attempt_there_is_no_other() -> None:
    assert len(SCHEDULE_SECONDS) == 11
    assert next_delay(10) is not None
    assert next_delay(11) is None
    assert next_delay(11, retry_after=5.0) is None


def test_attempts_that_came_quicker_than_planned_do_not_end_before_the_days_are_over() -> None:
    assert next_delay(11, tried_for=3600, spread=lambda: 0.5) == 7200
    assert next_delay(40, tried_for=60 * 3600, spread=lambda: 0.5) == 7200
    # What the schedule itself takes at its shortest is enough.
    assert next_delay(11, tried_for=sum(SCHEDULE_SECONDS) * 0.8) is None


def test_an_overloaded_app_gets_a_minute_at_least() -> None:
    assert next_delay(1, overloaded=True, spread=lambda: 0.0) == 60
    assert next_delay(4, overloaded=True, spread=lambda: 0.5) == 1800


def test_what_the_app_asks_for_is_never_undercut_and_ends_at_a_day() -> None:
    assert next_delay(1, retry_after=120.0) == 120
    assert next_delay(4, retry_after=1.0, spread=lambda: 0.5) == 1800
    assert next_delay(1, retry_after=10.0**9) == 86_400


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("99999999999999999999", 86_400.0),
        ("Mon, 23 Nov 2026 16:01:00 GMT", 60.0),
        ("Mon, 23 Nov 2026 15:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2099 15:00:00 GMT", 86_400.0),
        ("Mon, 23 Nov 2026 16:01:00 -0000", 60.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("9" * 5000, None),
        ("Mon, 99 Nov 2026 16:01:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, 1_795_449_600.0) == seconds
