"""Many requests at once on one bucket from a process of its own; prints how many were admitted.

    python -m tests.component.ratelimit.many_takers <redis url> <key> <limit> <requests>

It begins when its standard input is closed, so that several begin together.
"""

from __future__ import annotations

import asyncio
import sys

from control.ratelimit.policy import Draw, Policy
from control.ratelimit.shared import SharedBuckets
from control.storage.redis import connect_redis


async def main(url: str, key: str, limit: int, requests: int) -> int:
    """Take from the bucket and return how often that worked."""
    buckets = SharedBuckets(connect_redis(url, connections=1), patience=10)
    await buckets.take([Draw(Policy("other", 1, 1), f"{key}-warm")])
    print("ready", flush=True)  # noqa: T201
    sys.stdin.read()
    draw = Draw(Policy("key", limit, 3600), key)
    verdicts = await asyncio.gather(*(buckets.take([draw]) for _ in range(requests)))
    await buckets.close()
    return sum(verdict.admitted for verdict in verdicts)


if __name__ == "__main__":
    given = sys.argv[1:]
    print(asyncio.run(main(given[0], given[1], int(given[2]), int(given[3]))))  # noqa: T201
