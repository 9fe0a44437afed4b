"""When a webhook that failed is tried again, and when it is given up.

Attempts 1 … 11 come 0 s, 5 s, 30 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h after the one before, each
±20 %: about three days. After the eleventh the webhook is a dead letter. While the endpoint's circuit is open
(circuit.py) attempts come more often than that; an event is given up only when its days are over too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SCHEDULE_SECONDS = (0, 5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2
OVERLOADED_SECONDS = 60.0
LONGEST_SECONDS = 86_400.0

TRIED_FOR_SECONDS = sum(SCHEDULE_SECONDS) * (1 - JITTER) - 60
"""The least time between the first and the eleventh attempt, so that only quicker ones are held back by it."""

BEYOND_SECONDS = 7_200.0
"""Between attempts past the eleventh."""


def next_delay(
    attempts: int,
    *,
    tried_for: float = float("inf"),
    overloaded: bool = False,
    retry_after: float | None = None,
    spread: Callable[[], float] = random.random,
) -> float | None:
    """Return the seconds until the next attempt, or None when there is none.

    attempts: how many were made, the failed one included. tried_for: seconds since the first. overloaded: it timed
    out or was answered with 429, which asks for a minute at least. retry_after: what the customer's app asked for,
    in seconds; never earlier than that, up to 24 hours. spread: a number from 0 to 1 that places the delay within
    its jitter.
    """
    if attempts >= len(SCHEDULE_SECONDS) and tried_for >= TRIED_FOR_SECONDS:
        return None
    planned = SCHEDULE_SECONDS[attempts] if attempts < len(SCHEDULE_SECONDS) else BEYOND_SECONDS
    delay = planned * (1 + JITTER * (2 * spread() - 1))
    if overloaded:
        delay = max(delay, OVERLOADED_SECONDS)
    if retry_after is not None:
        delay = max(delay, retry_after)
    return min(delay, LONGEST_SECONDS)


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date. now: unix seconds. None for anything else."""
    if value is None or len(value) > 64:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, min((moment - datetime.fromtimestamp(now, UTC)).total_seconds(), LONGEST_SECONDS))
