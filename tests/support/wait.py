"""Waits for a condition instead of for a time."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any


async def wait_for(
    condition: Callable[[], Any], *, seconds: float = 5.0, every: float = 0.005, what: str | Callable[[], str] = ""
) -> Any:
    """Return the first true value of `condition`, a function or coroutine function.

    AssertionError, with `what` (a text or a function that makes one), when there is none in time. every: seconds
    between two looks, for a condition that costs something.
    """
    ends = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        if time.monotonic() > ends:
            said = what() if callable(what) else what
            raise AssertionError(f"not within {seconds} s: {said or inspect.getsource(condition).strip()}")
        await asyncio.sleep(every)
