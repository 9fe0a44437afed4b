"""When and from where a key was used last, which tells an operator which keys nobody needs.

Written at most once a minute for each key and beside the requests. Redis alone has it: after a loss it begins
anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.log import mask_address
from control.storage.keys import Keys
from control.storage.redis import execute, leave_if_cancelled

EVERY_MS: Final = 60_000
WRITE_SECONDS: Final = 2.0
_KEYS_MAX: Final = 10_000
"""Keys whose last writing is remembered; one past it is written a little more often."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastUse:
    """at_ms: unix ms. network: where from, masked; None when that is not known."""

    at_ms: int
    network: str | None


class KeyUse:
    """Notes uses and tells them."""

    def __init__(
        self, redis: Redis, keys: Keys, *, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._now_ms = now_ms
        self._noted: OrderedDict[str, int] = OrderedDict()
        self._waiting: dict[str, str] = {}

    def note(self, key_id: str, address: str | None) -> None:
        """Remember that a key was used now. Only takes note; run() writes."""
        now = self._now_ms()
        if now - self._noted.get(key_id, 0) < EVERY_MS:
            return
        self._noted[key_id] = now
        self._noted.move_to_end(key_id)
        if len(self._noted) > _KEYS_MAX:
            self._noted.popitem(last=False)
        if key_id in self._waiting or len(self._waiting) < _KEYS_MAX:
            self._waiting[key_id] = f"{now} {mask_address(address) or ''}"

    async def of(self, key_ids: Sequence[str]) -> dict[str, LastUse]:
        """Return the last use of those keys that were used. Raises redis.RedisError."""
        if not key_ids:
            return {}
        values = await execute(self._redis, "HMGET", self._keys.api_keys_used(), *key_ids)
        found = {}
        for key_id, value in zip(key_ids, values, strict=True):
            at, _, network = value.decode().partition(" ") if value is not None else ("", "", "")
            if at.isdigit():
                found[key_id] = LastUse(int(at), network or None)
        return found

    async def forget(self, key_id: str) -> None:
        """Remove the last use of a key that is dropped. Raises redis.RedisError."""
        await execute(self._redis, "HDEL", self._keys.api_keys_used(), key_id)

    async def run(self) -> None:
        """Write what was noted, every few seconds, until cancelled."""
        while True:
            leave_if_cancelled()
            await self.write()
            await asyncio.sleep(WRITE_SECONDS)

    async def write(self) -> None:
        """Write what was noted; without Redis it waits for the next time."""
        if not self._waiting:
            return
        taken, self._waiting = self._waiting, {}
        try:
            flat = [part for pair in taken.items() for part in pair]
            await execute(self._redis, "HSET", self._keys.api_keys_used(), *flat)
        except (RedisError, OSError) as error:
            self._waiting = {**taken, **self._waiting}
            log.info("last uses of keys not written yet", extra={"reason": type(error).__name__})
