"""How late control's event loop is: something that takes long in one task holds up every request."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

EVERY_SECONDS = 0.1
_KEPT = 36_000


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds: half of the time, in the worst hundredth, at worst."""

    p50: float = 0.0
    p99: float = 0.0
    max: float = 0.0


class LoopLag:
    """Measures while `run` runs."""

    def __init__(self, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._every = every_seconds
        # An hour between two looks at most, then the oldest is forgotten.
        self._late: deque[float] = deque(maxlen=_KEPT)

    async def run(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self._every
            await asyncio.sleep(self._every)
            self._late.append(max(0.0, loop.time() - due))

    def take(self) -> Lag:
        """Return how late it was since the last call."""
        late = sorted(self._late)
        self._late.clear()
        if not late:
            return Lag()
        return Lag(late[len(late) // 2], late[min(len(late) - 1, int(len(late) * 0.99))], late[-1])
