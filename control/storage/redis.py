"""The connection to Redis: bounded in time and number, with no hidden retries.

redis-py retries a dead server by itself for several seconds unless told otherwise, and its default pool
raises when it is used up. Both are set here, so that a caller hears within REDIS_TIMEOUT_SECONDS.
"""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

REDIS_TIMEOUT_SECONDS = 1.0
MAX_CONNECTIONS = 64


def connect_redis(
    url: str, *, timeout: float = REDIS_TIMEOUT_SECONDS, connections: int = MAX_CONNECTIONS
) -> Redis:
    """Return a client that connects lazily and raises redis.RedisError within `timeout` seconds.

    Blocking reads (XREADGROUP BLOCK …) need a client of their own with a longer timeout.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        decode_responses=False,
        health_check_interval=30,
        # Else every new connection reads the library's version from disk, on the event loop.
        driver_info=None,
    )
    # The client owns the pool this way, and closing one closes the other.
    return Redis.from_pool(pool)


async def execute(redis: Redis, *command: str | bytes | int | float) -> Any:
    """Run one command and return its reply, strings as bytes; raises redis.RedisError.

    The client's own methods are typed as if they might not be coroutines, which makes their results hard to await
    in checked code.
    """
    return await redis.execute_command(*command)  # type: ignore[no-untyped-call]


def leave_if_cancelled() -> None:
    """Raise CancelledError in a task that was cancelled; for loops that speak to Redis, once a round.

    redis-py waits with asyncio.wait_for, which up to Python 3.11 drops a cancellation that comes in the moment the
    inner call ends. Without this a loop would go on for ever and the process would not stop.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
