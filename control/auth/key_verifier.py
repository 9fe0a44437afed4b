"""Whose API key this is.

Redis is asked for every request, so that a revoked key opens nothing any more the moment it is revoked, in every
process. While Redis cannot be asked, a key that was found good within the last five minutes goes on opening; about
any other nothing can be said, which is `redis_unavailable` and never `unauthorized`.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from redis.exceptions import RedisError

from control.auth.key_format import key_id_of
from control.auth.key_registry import KeyRegistry
from control.auth.key_use import KeyUse
from control.auth.principal import Principal
from control.auth.stored_key import KeyState, StoredKey, digest_of
from control.errors import GatewayError

TRUST_SECONDS: Final = 300.0
"""How long a key found good is believed without Redis."""

PAUSE_SECONDS: Final = 1.0
"""How long Redis is not asked after it did not answer: requests would all wait for it."""

LOOK_UP_SECONDS: Final = 1.5
_REMEMBERED_MAX: Final = 10_000

# What became of a key is told to who holds it; to everybody else a key is not valid.
_SENTENCES: Final = {
    KeyState.ACTIVE: "This API key is not valid here.",
    KeyState.EXPIRED: "This API key has expired.",
    KeyState.REVOKED: "This API key was revoked.",
}


class KeyVerifier:
    """Knows good keys."""

    def __init__(
        self,
        registry: KeyRegistry,
        use: KeyUse,
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry = registry
        self._use = use
        self._now_ms = now_ms
        self._clock = clock
        # Hash of a key → what it opened and when Redis last said so.
        self._good: OrderedDict[str, tuple[StoredKey, float]] = OrderedDict()
        self._ask_again = 0.0

    async def principal(self, given: str, address: str | None) -> Principal:
        """Return whose key this is; raises `unauthorized`, `redis_unavailable`, `disk_unavailable`.

        address: of who sent it, for the key's last use.
        """
        key_id = key_id_of(given)
        if key_id is None:
            raise _refusal(KeyState.ACTIVE)
        digest, now = digest_of(given), self._now_ms()
        stored, fresh = await self._found(key_id, digest)
        matches = stored is not None and stored.matches(digest, now)
        if stored is None or not matches or stored.state(now) is not KeyState.ACTIVE:
            self._good.pop(digest, None)
            raise _refusal(stored.state(now) if stored is not None and matches else KeyState.ACTIVE)
        if fresh:
            self._remember(digest, stored)
        self._use.note(stored.id, address)
        return stored.principal()

    async def _found(self, key_id: str, digest: str) -> tuple[StoredKey | None, bool]:
        """Return the key, and whether Redis said so just now."""
        if self._clock() < self._ask_again:
            return self._remembered(digest), False
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                return await self._registry.get(key_id), True
        except (RedisError, TimeoutError, OSError):
            self._ask_again = self._clock() + PAUSE_SECONDS
            return self._remembered(digest), False

    def _remember(self, digest: str, stored: StoredKey) -> None:
        self._good[digest] = (stored, self._clock())
        self._good.move_to_end(digest)
        if len(self._good) > _REMEMBERED_MAX:
            self._good.popitem(last=False)

    def _remembered(self, digest: str) -> StoredKey:
        stored, at = self._good.get(digest, (None, 0.0))
        if stored is None or self._clock() - at > TRUST_SECONDS:
            raise GatewayError("redis_unavailable", retry_after=2)
        return stored


def _refusal(state: KeyState) -> GatewayError:
    return GatewayError("unauthorized", _SENTENCES[state])
