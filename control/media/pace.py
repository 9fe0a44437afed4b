"""Cuts off a sender that stalls or drips: so many bytes in so many seconds, or it is over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

MIN_BYTES = 10 * 1024
WINDOW_SECONDS = 10.0


class TooSlow(Exception):
    """The sender is slower than it may be."""


class Pace:
    """Watches one stream."""

    def __init__(self, *, min_bytes: int = MIN_BYTES, window_seconds: float = WINDOW_SECONDS) -> None:
        self._min_bytes = min_bytes
        self._window_seconds = window_seconds
        self._began = time.monotonic()
        self._bytes = 0

    async def of(self, reading: Awaitable[bytes]) -> bytes:
        """Return what is read; raises TooSlow when it does not come, or too little came in the last window."""
        try:
            async with asyncio.timeout(self._window_seconds) as limit:
                data = await reading
        except TimeoutError:
            if not limit.expired():
                raise
            raise TooSlow from None
        self._bytes += len(data)
        now = time.monotonic()
        if now - self._began >= self._window_seconds:
            if data and self._bytes < self._min_bytes:
                raise TooSlow
            self._began, self._bytes = now, 0
        return data
