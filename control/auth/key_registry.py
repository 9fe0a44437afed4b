"""Keeps the API keys: in Redis, which decides, and in a copy on disk for the day Redis loses them.

A revoked key stays for a while, so that what is put back after a loss is that it was revoked. The records' copy
may fail without a word, because most of what is kept so can be written later; of a revoked key it may not.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from redis.exceptions import RedisError

from control.auth.stored_key import StoredKey
from control.errors import GatewayError
from control.storage.records import RECONCILE_SECONDS, RETRY_SECONDS, DurableRecords
from control.storage.redis import leave_if_cancelled

KEEP_REVOKED_DAYS: Final = 90
"""How long a revoked key can still be seen."""

_KEY: Final = "key"
_DAY_MS: Final = 86_400_000

log = logging.getLogger(__name__)


class KeyRegistry:
    """Reads and changes keys. Every method raises redis.RedisError when Redis does."""

    def __init__(
        self,
        records: DurableRecords,
        *,
        on_dropped: Callable[[str], Awaitable[None]] | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """on_dropped: removes what others keep of a key that is dropped; raises redis.RedisError."""
        self._records = records
        self._on_dropped = on_dropped
        self._now_ms = now_ms

    @property
    def copy_broken(self) -> bool:
        """Whether the copy could not be read or written the last time."""
        return self._records.copy_broken

    async def open(self) -> None:
        """Read from the copy what Redis has to have. Never raises: without the copy Redis alone is believed."""
        await self._records.open()

    def close(self) -> None:
        """Close the copy."""
        self._records.close()

    async def get(self, key_id: str) -> StoredKey | None:
        """Return a key, None when there is none; put back first if Redis lost it.

        Raises `disk_unavailable` when Redis does not have it and the copy that may have it cannot be read: whether
        there is such a key is not known then.
        """
        values = await self._records.load(key_id)
        if not values and self._records.copy_broken:
            raise GatewayError("disk_unavailable", retry_after=5)
        return _loaded(key_id, values)

    async def ids(self) -> list[str]:
        """Return the ids of all keys, sorted."""
        return await self._records.owners()

    async def many(self, key_ids: Iterable[str]) -> list[StoredKey]:
        """Return these keys, without those that are gone meanwhile."""
        found = await self._records.load_many(list(key_ids))
        return [stored for key_id, values in found.items() if (stored := _loaded(key_id, values)) is not None]

    async def change(self, key_id: str, alter: Callable[[StoredKey | None], StoredKey]) -> StoredKey:
        """Replace a key by what `alter` makes of it, and return that.

        alter: may be called again when somebody else changed it meanwhile; what it raises is passed on. Raises
        `disk_unavailable` when Redis has the change and the copy has not; asking again does no harm.
        """
        made: list[StoredKey] = []

        def altered(values: dict[str, bytes]) -> dict[str, bytes]:
            after = alter(_loaded(key_id, values))
            made[:] = [after]
            return {_KEY: after.dumped()}

        await self._records.change(key_id, altered)
        if self._records.copy_broken:
            raise GatewayError(
                "disk_unavailable", "This is in force, but not on disk yet. Ask again.", retry_after=2
            )
        return made[0]

    async def run(self) -> None:
        """Compare Redis and the copy at the start and from time to time, until cancelled."""
        while True:
            leave_if_cancelled()
            try:
                await self.reconcile()
                pause = RECONCILE_SECONDS
            except (RedisError, OSError, GatewayError) as error:
                log.warning("API keys cannot be compared, trying again", extra={"reason": type(error).__name__})
                pause = RETRY_SECONDS
            await asyncio.sleep(pause)

    async def reconcile(self) -> None:
        """Put back what Redis lost, bring the copy up to date, drop the keys that were revoked long ago."""
        for key_id, values in (await self._records.reconcile()).items():
            stored = _loaded(key_id, values)
            gone = stored.revoked_ms if stored is not None else None
            if gone is not None and self._now_ms() - gone > KEEP_REVOKED_DAYS * _DAY_MS:
                leave_if_cancelled()
                if self._on_dropped is not None:
                    await self._on_dropped(key_id)
                await self._records.erase(key_id)


def _loaded(key_id: str, values: Mapping[str, bytes]) -> StoredKey | None:
    if not values:
        return None
    try:
        return StoredKey.loaded(values[_KEY])
    except (ValueError, KeyError, TypeError) as error:
        # It opens nothing then; whoever has it hears that it is not valid.
        log.error("a stored API key is damaged", extra={"keyId": key_id, "reason": type(error).__name__})
        return None
