"""What this process knows to be empty, so that a flood of requests that are denied anyway costs Redis nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from control.ratelimit.local import microseconds
from control.ratelimit.policy import Draw, Level, Verdict

MOST: Final = 20_000
"""Past it the one that was noted first is forgotten and asked about again."""


class Denials:
    """Buckets from which nothing can be drawn for a while. now: see LocalBuckets."""

    def __init__(self, *, now: Callable[[], int] = microseconds, most: int = MOST) -> None:
        self._now = now
        self._most = most
        self._until: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def among(self, draws: Sequence[Draw]) -> Verdict | None:
        """Return a denial when one of these buckets is known to be empty."""
        if not self._until:
            return None
        now = self._now()
        levels = []
        for draw in draws:
            found = self._until.get(draw.key)
            if found is None:
                continue
            until, full = found
            if until > now:
                # `until` is when there is one; further ones follow by the interval.
                wait = until - now + draw.policy.interval * (draw.taken - 1)
                levels.append(Level(draw.policy, 0, wait, full - now))
            else:
                del self._until[draw.key]
        return Verdict(tuple(levels), tuple(level.policy.name for level in levels)) if levels else None

    def note(self, draws: Sequence[Draw], verdict: Verdict) -> None:
        """Remember the buckets that have nothing left after a verdict."""
        now: int | None = None
        for draw, level in zip(draws, verdict.levels, strict=True):
            if level.remaining == 0 and level.wait > 0 and (verdict.admitted or draw.taken == 1):
                now = self._now() if now is None else now
                self._until[draw.key] = (now + level.wait, now + level.reset)
                self._until.move_to_end(draw.key)
                if len(self._until) > self._most:
                    self._until.popitem(last=False)
