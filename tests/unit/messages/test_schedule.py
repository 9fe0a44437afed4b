from __future__ import annotations

import pytest

from control.errors import GatewayError
from control.messages.schedule import FARTHEST_MS, PAST_TOLERANCE_MS, Schedule, Times

NOW = 1_795_435_218_000


@pytest.mark.parametrize(
    ("schedule", "times"),
    [
        (Schedule(), Times(None, None)),
        (Schedule(send_at_ms=NOW + 1), Times(NOW + 1, None)),
        (Schedule(send_at_ms=NOW - PAST_TOLERANCE_MS), Times(NOW - PAST_TOLERANCE_MS, None)),
        (Schedule(send_at_ms=NOW + FARTHEST_MS), Times(NOW + FARTHEST_MS, None)),
        (Schedule(expires_in_seconds=5), Times(None, NOW + 5_000)),
        (Schedule(send_at_ms=NOW + 10, expires_in_seconds=5), Times(NOW + 10, NOW + 5_010)),
        # One that is a little late counts from now, not from then.
        (Schedule(send_at_ms=NOW - 10_000, expires_in_seconds=5), Times(NOW - 10_000, NOW + 5_000)),
        (Schedule(expires_at_ms=NOW + 1), Times(None, NOW + 1)),
    ],
)
def test_a_schedule_becomes_times(schedule: Schedule, times: Times) -> None:
    assert schedule.times(NOW) == times


@pytest.mark.parametrize(
    ("schedule", "field", "sentence"),
    [
        (Schedule(send_at_ms=NOW - PAST_TOLERANCE_MS - 1), "sendAt", "lies in the past"),
        (Schedule(send_at_ms=NOW + FARTHEST_MS + 1), "sendAt", "is more than a year away"),
        (Schedule(expires_at_ms=NOW), "expiresAt", "is not after now"),
        (Schedule(send_at_ms=NOW + 9, expires_at_ms=NOW + 9), "expiresAt", "is not after sendAt"),
        (Schedule(expires_at_ms=NOW + FARTHEST_MS + 1), "expiresAt", "is more than a year away"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(schedule: Schedule, field: str, sentence: str) -> None:
    with pytest.raises(GatewayError) as refused:
        schedule.times(NOW)

    assert refused.value.errors == [{"field": field, "message": sentence}]
