"""Asks every part how it is, all at once and each within a second, whatever hangs."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.rpc.contract_gen import HealthResult, HelloResult
from control.rpc.link import LinkView
from control.storage.keys import Keys

PROBE_SECONDS = 1.0


class HealthBridge(Protocol):
    """What health needs of the bridge's client."""

    async def system_health(self) -> HealthResult:
        """Return the bridge's view of itself."""


class HealthLink(Protocol):
    """What health needs of the link."""

    @property
    def hello(self) -> HelloResult | None:
        """Who the bridge is."""

    @property
    def view(self) -> LinkView:
        """Where the link stands."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. bridge_problem, redis_problem: None when the part answers. uptime: seconds.

    copy_broken: where webhooks go is kept in Redis only, because the disk fails. webhooks_behind: seconds by
    which the worker is late with what is due, None when Redis does not say. disk_free, disk_size: bytes of the
    disk of DATA_DIR, None when it does not say.
    """

    environment: str
    uptime: float
    hello: HelloResult | None
    bridge: HealthResult | None
    bridge_problem: str | None
    redis_ms: float | None
    redis_problem: str | None
    copy_broken: bool
    webhooks_behind: float | None = None
    disk_free: int | None = None
    disk_size: int | None = None

    @property
    def ready(self) -> bool:
        """Whether requests can be served."""
        return self.bridge_problem is None and self.redis_problem is None


class HealthProbe:
    """Probes on demand; those who ask at the same time share one probe, as nobody needs a key to ask."""

    def __init__(
        self,
        link: HealthLink,
        bridge: HealthBridge,
        redis: Redis,
        keys: Keys,
        *,
        environment: str,
        data_dir: Path,
        copy_broken: Callable[[], bool] = lambda: False,
    ) -> None:
        self._environment = environment
        self._link = link
        self._bridge = bridge
        self._redis = redis
        self._keys = keys
        self._data_dir = data_dir
        self._copy_broken = copy_broken
        self._began = time.monotonic()
        self._probing: asyncio.Task[Health] | None = None

    async def look(self) -> Health:
        """Return the health of everything, within PROBE_SECONDS and a little."""
        if self._probing is None or self._probing.done():
            self._probing = asyncio.create_task(self._probe())
        return await asyncio.shield(self._probing)

    async def _probe(self) -> Health:
        (bridge, bridge_problem), (redis_ms, redis_problem, behind), (free, size) = await asyncio.gather(
            self._ask_bridge(), self._ask_redis(), self._ask_disk()
        )
        return Health(
            environment=self._environment,
            uptime=time.monotonic() - self._began,
            hello=self._link.hello,
            bridge=bridge,
            bridge_problem=bridge_problem,
            redis_ms=redis_ms,
            redis_problem=redis_problem,
            copy_broken=self._copy_broken(),
            webhooks_behind=behind,
            disk_free=free,
            disk_size=size,
        )

    async def _ask_bridge(self) -> tuple[HealthResult | None, str | None]:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return await self._bridge.system_health(), None
        except TimeoutError:
            return None, "it does not answer"
        except GatewayError as error:
            return None, self._link.view.problem or error.code

    async def _ask_redis(self) -> tuple[float | None, str | None, float | None]:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                # The first tenant that is due: a worker that runs has moved it on.
                hinted = await self._redis.zrange(self._keys.webhook_hints(), 0, 0, withscores=True)
        except TimeoutError:
            return None, "it does not answer", None
        except (RedisError, OSError) as error:
            return None, _reason(error), None
        behind = max(0.0, time.time() - hinted[0][1] / 1000) if hinted else 0.0
        return (time.perf_counter() - began) * 1000, None, behind

    async def _ask_disk(self) -> tuple[int | None, int | None]:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                found = await asyncio.to_thread(os.statvfs, self._data_dir)
        except (TimeoutError, OSError):
            return None, None
        return found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize


def _reason(error: Exception) -> str:
    # The library's texts carry addresses and paths, which a page without a key must not show.
    return {"ConnectionError": "it is not reachable", "TimeoutError": "it does not answer"}.get(
        type(error).__name__, type(error).__name__
    )
