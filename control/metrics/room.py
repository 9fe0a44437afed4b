"""Puts the room together: what answers scrapes, and what has to run for that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis

from control.metrics.instruments import Instruments
from control.metrics.loop_lag import LoopLag
from control.metrics.scrape import Scrape
from control.rpc.client import BridgeClient
from control.rpc.link import BridgeLink
from control.settings import Settings
from control.storage.keys import Keys


@asynccontextmanager
async def metrics_room(
    settings: Settings, instruments: Instruments, link: BridgeLink, bridge: BridgeClient, redis: Redis, keys: Keys
) -> AsyncIterator[Scrape]:
    """Give what answers scrapes, for as long as the context lasts."""
    lag = LoopLag()
    measuring = asyncio.create_task(lag.run(), name="event loop lag")
    try:
        yield Scrape(
            instruments,
            lag,
            link,
            bridge,
            redis,
            keys,
            data_dir=settings.data_dir,
            max_tenants=settings.metrics_tenants_max,
        )
    finally:
        measuring.cancel()
        with suppress(asyncio.CancelledError):
            await measuring
