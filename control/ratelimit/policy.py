"""What a limit is, what a request draws from, and what it is told.

A limit is a bucket of `limit` requests that fills up evenly within `seconds`: all of it may be used at once, and
what was used comes back one by one. The algorithm is GCRA: of a bucket only the moment is kept at which it would
be full again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from control.settings import RATE_PATTERN

OFF: Final = "off"
MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """One limit. name: as callers see it in headers and problem documents. seconds: of the window."""

    name: str
    limit: int
    seconds: int
    interval: int = field(init=False)
    """Microseconds in which one request comes back. Whole, so that sums are exact; rounded up, so that never more
    than `limit` fit."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval", -(-self.seconds * MICROSECONDS // self.limit))

    @property
    def span(self) -> int:
        """Microseconds in which an empty bucket fills up."""
        return self.interval * self.limit

    @classmethod
    def of(cls, name: str, rate: str) -> Policy | None:
        """Return the policy of a setting such as `600/60`; None for `off`. Raises ValueError for anything else."""
        if not re.fullmatch(RATE_PATTERN, rate):
            raise ValueError(f"{rate!r} is no rate such as 600/60")
        if rate == OFF:
            return None
        limit, seconds = rate.split("/")
        return cls(name, int(limit), int(seconds))


@dataclass(frozen=True, slots=True)
class Draw:
    """What a request takes from one bucket. key: of Redis. cost: requests it counts as, 1 or more."""

    policy: Policy
    key: str
    cost: int = 1

    @property
    def taken(self) -> int:
        """The cost, never more than there can be: else waiting would not help."""
        return min(self.cost, self.policy.limit)


@dataclass(frozen=True, slots=True)
class Level:
    """How a bucket stands after a decision. Times are in microseconds from then on.

    remaining: requests it has. wait: until this draw would succeed, or after it did the next of cost 1; 0 when at
    once. reset: until the bucket is full.
    """

    policy: Policy
    remaining: int
    wait: int
    reset: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may go on. A denied one took nothing from any bucket.

    levels: of the buckets it draws from; where they are known already to deny it, of those alone.
    denying: names of the policies that denied it.
    """

    levels: tuple[Level, ...]
    denying: tuple[str, ...] = ()

    @property
    def admitted(self) -> bool:
        """Whether it may go on."""
        return not self.denying

    @property
    def retry_after(self) -> int:
        """Whole seconds after which the same request is admitted if nobody else comes; 0 when admitted."""
        waits = [level.wait for level in self.levels if level.policy.name in self.denying]
        return -(-max(waits, default=0) // MICROSECONDS)


ADMITTED: Final = Verdict(())
"""Of a request that no limit holds for."""
