"""Removes what the bucket has of tenants that were deleted: listed by their prefix, object by object.

What is still to be removed stands in Redis and on disk, so that a bucket that is away when a tenant is deleted is
emptied later, whatever restarts meanwhile. Objects that were put after the deletion, by a tenant of the same name,
stay.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.media.bucket import Bucket, BucketError
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.storage.records import DurableRecords
from control.storage.redis import leave_if_cancelled

FILE_NAME: Final = "bucket-removals.sqlite"
AT_ONCE: Final = 8
RETRY_FIRST_SECONDS: Final = 5.0
RETRY_LAST_SECONDS: Final = 600.0
CLOCKS_MAY_DIFFER_MS: Final = 60_000
"""An object that is so much younger than the deletion is still removed: the bucket's clock is another one."""

_FIELD: Final = "asked_ms"

log = logging.getLogger(__name__)


class OffsiteRemovals:
    """What is to be removed, and the loop that does it."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        copy: DurableCopy,
        bucket: Bucket,
        *,
        prefix: str,
        retry_seconds: float = RETRY_FIRST_SECONDS,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """prefix: what every key in the bucket begins with."""
        self._records = DurableRecords(redis, copy, key_of=keys.bucket_removal, index=keys.bucket_removals())
        self._bucket = bucket
        self._prefix = prefix
        self._retry_seconds = retry_seconds
        self._now_ms = now_ms
        self._news = asyncio.Event()

    async def open(self) -> None:
        """Read the copy. Never raises."""
        await self._records.open()

    def close(self) -> None:
        """Close the copy."""
        self._records.close()

    async def add(self, tenant_id: str) -> None:
        """Have a tenant's objects removed, soon. Raises redis.RedisError."""
        await self._records.change(tenant_id, lambda before: {_FIELD: str(self._now_ms()).encode()})
        self._news.set()

    async def waiting(self) -> list[str]:
        """Return whose objects are still to be removed. Raises redis.RedisError."""
        return await self._records.owners()

    async def run(self) -> None:
        """Remove until cancelled. A bucket that fails is tried again, less and less often."""
        failures = 0
        while True:
            leave_if_cancelled()
            self._news.clear()
            try:
                for tenant_id in await self.waiting():
                    leave_if_cancelled()
                    await self._remove(tenant_id)
                failures = 0
            except (BucketError, RedisError, OSError, GatewayError) as error:
                failures += 1
                reason = str(error) if isinstance(error, BucketError) else type(error).__name__
                log.warning("objects of a deleted tenant are not removed yet", extra={"reason": reason})
            if failures:
                await asyncio.sleep(min(RETRY_LAST_SECONDS, self._retry_seconds * 2 ** min(failures - 1, 10)))
            else:
                await self._news.wait()

    async def _remove(self, tenant_id: str) -> None:
        asked = int((await self._records.load(tenant_id)).get(_FIELD, b"0"))
        if not asked:
            return
        # With the slash: no tenant's prefix is the beginning of another's.
        prefix, removed, after = f"{self._prefix}{tenant_id}/", 0, None
        while True:
            leave_if_cancelled()
            page = await self._bucket.listed(prefix, after=after)
            gone = [
                item.key
                for item in page
                if item.key.startswith(prefix) and item.at_ms <= asked + CLOCKS_MAY_DIFFER_MS
            ]
            for at in range(0, len(gone), AT_ONCE):
                await asyncio.gather(*(self._bucket.delete(key) for key in gone[at : at + AT_ONCE]))
            removed += len(gone)
            if not page:
                break
            after = page[-1].key
        if int((await self._records.load(tenant_id)).get(_FIELD, b"0")) == asked:
            await self._records.erase(tenant_id)
        log.info("objects of a deleted tenant removed", extra={"objects": removed})
