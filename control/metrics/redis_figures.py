"""How Redis is doing, and how much of the webhooks waits in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client.metrics_core import Metric
from redis.asyncio import Redis

from control.metrics.families import counter, gauge, gauges
from control.storage.keys import Keys

LOOKED_AT: Final = 500
"""Tenants whose lanes are counted, those due longest first; past it the figures say `at least`."""


@dataclass(frozen=True, slots=True)
class RedisFigures:
    """What Redis told.

    info: its own figures by name. waiting: deliveries. oldest_ms: when the event of the oldest was stored, unix
    ms. due_ms: when the first tenant was to be looked at, unix ms; None when nothing waits.
    """

    info: Mapping[str, Any]
    latency: float
    tenants: int
    waiting: int
    oldest_ms: float | None
    due_ms: float | None


async def read_redis(redis: Redis, keys: Keys) -> RedisFigures:
    """Ask in two round trips; raises redis.RedisError."""
    began = time.perf_counter()
    async with redis.pipeline(transaction=False) as pipe:
        pipe.info()
        pipe.zcard(keys.webhook_hints())
        pipe.zrange(keys.webhook_hints(), 0, LOOKED_AT - 1, withscores=True)
        info, tenants, hinted = await pipe.execute()
    latency = time.perf_counter() - began
    waiting, oldest = 0, None
    if hinted:
        async with redis.pipeline(transaction=False) as pipe:
            for name, _ in hinted:
                pipe.zcard(keys.lane_queue(name.decode()))
                pipe.zrange(keys.lane_heads(name.decode()), 0, 0, withscores=True)
            answers = await pipe.execute()
        waiting = sum(answers[::2])
        # A head's score is its time in ms times 1000 and its number within the ms, see storage/lanes.py.
        heads = [found[0][1] / 1000 for found in answers[1::2] if found]
        oldest = min(heads, default=None)
    due = hinted[0][1] if hinted else None
    return RedisFigures(info, latency, tenants, waiting, oldest, due)


def redis_families(found: RedisFigures, now_ms: float) -> Iterator[Metric]:
    """Yield every family that comes from Redis."""
    info = found.info
    yield gauge("gateway_redis_latency_seconds", "How long Redis took to answer the scrape.", found.latency)
    memory = {
        "used": info.get("used_memory", 0),
        "rss": info.get("used_memory_rss", 0),
        "max": info.get("maxmemory", 0),
    }
    yield gauges(
        "gateway_redis_memory_bytes", "Memory of Redis: data, resident, allowed (0: no limit).", "kind", memory
    )
    yield gauge(
        "gateway_redis_aof_enabled", "1 when Redis writes what it holds to disk.", info.get("aof_enabled", 0)
    )
    written = [info.get(name, "ok") for name in ("aof_last_write_status", "aof_last_bgrewrite_status")]
    yield gauge(
        "gateway_redis_aof_ok", "0 when the last write or rewrite of that file failed.", written == ["ok", "ok"]
    )
    yield gauge("gateway_redis_aof_bytes", "Size of that file.", info.get("aof_current_size", 0))
    yield gauge("gateway_redis_clients", "Connections to Redis.", info.get("connected_clients", 0))
    yield counter(
        "gateway_redis_evicted_keys", "Keys Redis threw away for room; must stay 0.", info.get("evicted_keys", 0)
    )
    yield counter("gateway_redis_commands", "Commands Redis ran.", info.get("total_commands_processed", 0))
    yield gauge(
        "gateway_webhook_tenants_waiting", "Tenants with events for a webhook that takes them.", found.tenants
    )
    yield gauge(
        "gateway_webhook_waiting", f"Deliveries that wait, of the {LOOKED_AT} tenants due longest.", found.waiting
    )
    oldest = 0.0 if found.oldest_ms is None else max(0.0, (now_ms - found.oldest_ms) / 1000)
    yield gauge("gateway_webhook_oldest_waiting_seconds", "How long the oldest of those has waited.", oldest)
    behind = 0.0 if found.due_ms is None else max(0.0, (now_ms - found.due_ms) / 1000)
    yield gauge("gateway_webhook_worker_behind_seconds", "How late the worker is with what is due.", behind)
