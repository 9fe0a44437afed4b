"""One answer to Prometheus: what control counted, and what bridge, Redis and disk say now.

A part that does not answer within PART_SECONDS has gateway_up 0 and none of its figures; the others are there. Who
asks at the same time, or right after another, gets the same answer.
"""

from __future__ import annotations

import asyncio
import platform
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from redis.asyncio import Redis
from redis.exceptions import RedisError

from control import __version__
from control.errors import GatewayError
from control.metrics.bridge_families import bridge_families
from control.metrics.families import counters, gauges, seconds, table
from control.metrics.instruments import Instruments
from control.metrics.loop_lag import LoopLag
from control.metrics.own_figures import OwnFigures, disk_families, read_own
from control.metrics.redis_figures import RedisFigures, read_redis, redis_families
from control.rpc.client import BridgeClient
from control.rpc.contract_gen import MetricsResult
from control.rpc.link import BridgeLink
from control.storage.keys import Keys

PART_SECONDS: Final = 1.0
FRESH_SECONDS: Final = 1.0
"""An answer this old is given again: nobody scrapes more often on purpose."""


class Scrape:
    """Puts answers together."""

    def __init__(
        self,
        instruments: Instruments,
        lag: LoopLag,
        link: BridgeLink,
        bridge: BridgeClient,
        redis: Redis,
        keys: Keys,
        *,
        data_dir: Path,
        max_tenants: int,
    ) -> None:
        """max_tenants: how many tenants have series of their own, 0 for none."""
        self._instruments = instruments
        self._lag = lag
        self._link = link
        self._bridge = bridge
        self._redis = redis
        self._keys = keys
        self._data_dir = data_dir
        self._max_tenants = max_tenants
        self._began = time.monotonic()
        self._gathering: asyncio.Task[list[Metric]] | None = None
        self._gathered_at = -FRESH_SECONDS

    async def text(self, accept: str) -> tuple[bytes, str]:
        """Return the answer and its content type: OpenMetrics if `accept` asks for it, else Prometheus' own."""
        now = time.monotonic()
        if self._gathering is None or (self._gathering.done() and now - self._gathered_at >= FRESH_SECONDS):
            self._gathering = asyncio.create_task(self._gather())
            self._gathered_at = now
        families = await asyncio.shield(self._gathering)
        encode, content_type = choose_encoder(accept)
        return encode(_Gathered(families)), content_type

    async def _gather(self) -> list[Metric]:
        bridge, redis, own, disk = await asyncio.gather(
            self._ask_bridge(), self._ask_redis(), asyncio.to_thread(read_own), self._ask_disk()
        )
        families = [
            *self._instruments.registry.collect(),
            gauges(
                "gateway_up",
                "1 for a part that answers.",
                "part",
                {"bridge": bridge is not None, "redis": redis is not None},
            ),
            self._info(),
            *self._processes(own, bridge),
            *disk,
        ]
        if bridge is not None:
            families += bridge_families(bridge)
        if redis is not None:
            families += redis_families(redis, time.time() * 1000)
        return families

    async def _ask_bridge(self) -> MetricsResult | None:
        try:
            async with asyncio.timeout(PART_SECONDS):
                return await self._bridge.system_metrics(self._max_tenants)
        except (TimeoutError, GatewayError):
            return None

    async def _ask_redis(self) -> RedisFigures | None:
        try:
            async with asyncio.timeout(PART_SECONDS):
                return await read_redis(self._redis, self._keys)
        except (TimeoutError, RedisError, OSError):
            return None

    async def _ask_disk(self) -> list[Metric]:
        try:
            async with asyncio.timeout(PART_SECONDS):
                return await asyncio.to_thread(lambda: list(disk_families(self._data_dir)))
        except TimeoutError:
            return []

    def _info(self) -> Metric:
        hello = self._link.hello
        labels = {
            "version": __version__,
            "python": platform.python_version(),
            "bridge": hello.bridge_version if hello else "",
            "baileys": hello.baileys_version if hello else "",
            "node": hello.node_version if hello else "",
            "sandbox": str(hello.sandbox).lower() if hello else "",
        }
        return table("gateway_info", "What runs here.", tuple(labels), [(tuple(labels.values()), 1.0)])

    def _processes(self, own: OwnFigures, bridge: MetricsResult | None) -> Iterator[Metric]:
        """The same figures of both processes; of the bridge only while it answers."""
        lag = self._lag.take()
        rss, cpu, files = {"control": own.rss}, {"control": own.cpu_seconds}, {"control": own.open_files}
        uptime = {"control": time.monotonic() - self._began}
        late = {("control", "p50"): lag.p50, ("control", "p99"): lag.p99, ("control", "max"): lag.max}
        if bridge is not None:
            process, delay = bridge.process, bridge.process.event_loop_delay_ms
            rss["bridge"], cpu["bridge"] = process.rss_bytes, seconds(process.cpu_ms)
            files["bridge"], uptime["bridge"] = process.open_files, seconds(bridge.uptime_ms)
            late[("bridge", "p50")], late[("bridge", "p99")] = seconds(delay.p50), seconds(delay.p99)
            late[("bridge", "max")] = seconds(delay.max)
        yield gauges("gateway_process_resident_memory_bytes", "Resident memory.", "process", rss)
        yield counters("gateway_process_cpu_seconds", "Processor time, user and system.", "process", cpu)
        yield gauges("gateway_process_open_files", "Open file descriptors.", "process", files)
        yield gauges("gateway_process_uptime_seconds", "How long the process has been running.", "process", uptime)
        yield table(
            "gateway_event_loop_delay_seconds",
            "How late the event loop was since the last scrape: half of the time, worst hundredth, at worst.",
            ("process", "at"),
            late.items(),
        )


class _Gathered:
    """What an encoder takes for a registry."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the families."""
        return self._families
