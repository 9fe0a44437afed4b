"""Waits for a condition instead of for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], object], *, seconds: float = 10.0, what: str = "") -> None:
    """Return as soon as the condition holds; fail with `what` when it does not within `seconds`."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds} s in vain{': ' + what if what else ''}")
        await asyncio.sleep(0.005)


async def until_async(
    condition: Callable[[], Awaitable[object]], *, seconds: float = 10.0, what: str = ""
) -> None:
    """The same for a condition that has to ask somebody."""
    ends = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds} s in vain{': ' + what if what else ''}")
        await asyncio.sleep(0.01)
