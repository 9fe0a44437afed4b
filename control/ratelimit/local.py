"""The same buckets inside this process: what decides while Redis does not answer, and what stands in front of it.

They know nothing of other control processes. With one process, as the gateway runs today, they allow what Redis
would; several would allow that much each while Redis is away.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from control.ratelimit.policy import Draw, Level, Verdict

MAX_BUCKETS: Final = 20_000
"""Past it the bucket that was used least recently is forgotten, which is the same as full."""


def microseconds() -> int:
    """The time of a clock that nobody sets."""
    return time.monotonic_ns() // 1000


class LocalBuckets:
    """Buckets by key. now: microseconds of a clock that never goes back."""

    def __init__(self, *, now: Callable[[], int] = microseconds, most: int = MAX_BUCKETS) -> None:
        self._now = now
        self._most = most
        self._full: OrderedDict[str, int] = OrderedDict()

    def take(self, draws: Sequence[Draw]) -> Verdict:
        """Draw from all of these buckets or from none."""
        now = self._now()
        fulls = [max(self._full.get(draw.key, now), now) for draw in draws]
        denying = tuple(
            draw.policy.name
            for draw, full in zip(draws, fulls, strict=True)
            if full + draw.policy.interval * draw.taken > now + draw.policy.span
        )
        levels = []
        for draw, full in zip(draws, fulls, strict=True):
            policy, after = draw.policy, draw.taken
            if not denying:
                full += policy.interval * draw.taken
                after = 1
                self._keep(draw.key, full)
            latest = now + policy.span
            wait = max(0, full + policy.interval * after - latest)
            levels.append(Level(policy, (latest - full) // policy.interval, wait, full - now))
        return Verdict(tuple(levels), denying)

    def _keep(self, key: str, full: int) -> None:
        self._full[key] = full
        self._full.move_to_end(key)
        if len(self._full) > self._most:
            self._full.popitem(last=False)
