"""A fetcher with a real spool, for tests of URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from control.egress.addresses import AddressPolicy
from control.egress.client import Egress
from control.media.fetching import Fetcher
from control.media.pace import Pace
from control.media.spool import Spool
from control.media.threads import Threads

MB = 1024 * 1024


@asynccontextmanager
async def fetcher(
    directory: Path,
    policy: AddressPolicy,
    *,
    total_seconds: float = 5.0,
    window_seconds: float = 0.3,
    **egress: Any,
) -> AsyncIterator[Fetcher]:
    threads = Threads()
    spool = Spool(directory / "spool", 64 * MB, threads)
    await spool.start()
    pace = partial(Pace, window_seconds=window_seconds, min_bytes=1000)
    async with Egress(policy, total_seconds=total_seconds, **egress) as way_out:
        yield Fetcher(way_out, policy, spool, total_seconds=total_seconds, pace=pace)
    threads.close()


def names(spool: Path) -> list[str]:
    """What lies in a spool."""
    return [path.name for path in spool.iterdir()]
