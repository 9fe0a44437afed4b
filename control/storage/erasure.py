"""Removes a tenant from Redis: every key that carries its hash tag, whichever room wrote it.

The keys are looked for instead of listed, so that a key somebody adds later is not left behind. That reads the
names of all keys once, which is some milliseconds for each ten thousand; deletions are rare.

Redis itself forgets at once, but its append-only file still holds the commands that wrote the keys. So the file is
written anew after a deletion, without them.
"""

from __future__ import annotations

import asyncio
import logging
import re

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from control.storage.keys import Keys
from control.storage.lanes import DEFAULT_WEBHOOK, lane_keys, webhook_keys
from control.storage.redis import execute, leave_if_cancelled

REWRITE_WITHIN_SECONDS = 5.0
REWRITE_RETRY_SECONDS = 0.05

_NAMES_AT_ONCE = 1_000
_GLOB = re.compile(rb"([*?\[\]\\^-])")

log = logging.getLogger(__name__)


async def names_that_begin(redis: Redis, begin: str) -> list[bytes]:
    """Return every key that begins so, sorted. Raises redis.RedisError."""
    pattern = _GLOB.sub(rb"\\\1", begin.encode()) + b"*"
    found: set[bytes] = set()
    cursor = 0
    while True:
        leave_if_cancelled()
        cursor, names = await execute(redis, "SCAN", cursor, "MATCH", pattern, "COUNT", _NAMES_AT_ONCE)
        found.update(names)
        if int(cursor) == 0:
            return sorted(found)


async def erase_tenant(redis: Redis, keys: Keys, tenant_id: str, *, keep: frozenset[str] = frozenset()) -> int:
    """Remove the tenant's keys in one command, and the tenant from the lists; return how many keys there were.

    keep: keys to leave. Raises redis.RedisError.
    """
    kept = {name.encode() for name in keep}
    found = {*await names_that_begin(redis, keys.of_tenant(tenant_id))}
    # Also those of the lanes that are not there yet: the lanes live and die together, whoever works on them now.
    found |= {name.encode() for name in lane_keys(keys, tenant_id)}
    for webhook in [DEFAULT_WEBHOOK, *map(bytes.decode, await execute(redis, "HKEYS", keys.webhooks(tenant_id)))]:
        found |= {name.encode() for name in webhook_keys(keys, tenant_id, webhook)}
    removed = int(await execute(redis, "UNLINK", *sorted(found - kept)))
    await execute(redis, "SREM", keys.tenants(), tenant_id)
    await execute(redis, "ZREM", keys.webhook_hints(), tenant_id)
    return removed


async def rewrite_history(redis: Redis) -> None:
    """Have Redis write its append-only file anew, without what was removed; waits while one is being written.

    A Redis that does not allow it, or is busy for long, is left alone with a line in the log: its next rewrite
    does the same. Raises redis.RedisError.
    """
    try:
        async with asyncio.timeout(REWRITE_WITHIN_SECONDS):
            while True:
                leave_if_cancelled()
                if await _began_rewrite(redis):
                    return
                await asyncio.sleep(REWRITE_RETRY_SECONDS)
    except (TimeoutError, ResponseError) as error:
        log.warning(
            "what was deleted stays in Redis' append-only file until its next rewrite",
            extra={"reason": type(error).__name__},
        )


async def _began_rewrite(redis: Redis) -> bool:
    try:
        await execute(redis, "BGREWRITEAOF")
    except ResponseError as error:
        # It was begun before the deletion and may hold what was deleted.
        if "already in progress" in str(error):
            return False
        raise
    return True
