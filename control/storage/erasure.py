"""Removes a tenant from Redis: every key that carries its hash tag, whichever room wrote it.

The keys are looked for instead of listed, so that a key somebody adds later is not left behind. That reads the
names of all keys once, which is some milliseconds for each ten thousand; deletions are rare.
"""

from __future__ import annotations

import re

from redis.asyncio import Redis

from control.storage.keys import Keys
from control.storage.redis import execute, leave_if_cancelled

_NAMES_AT_ONCE = 1_000
_GLOB = re.compile(rb"([*?\[\]\\^-])")


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
    found = [name for name in await names_that_begin(redis, keys.of_tenant(tenant_id)) if name not in kept]
    if found:
        await execute(redis, "UNLINK", *found)
    await execute(redis, "SREM", keys.tenants(), tenant_id)
    await execute(redis, "ZREM", keys.webhook_hints(), tenant_id)
    return len(found)
