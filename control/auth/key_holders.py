"""Who holds the API key that a token was made by, for as long as that key opens anything."""

from __future__ import annotations

import time
from collections.abc import Callable

from control.auth.key_registry import KeyRegistry
from control.auth.principal import Principal
from control.auth.stored_key import KeyState


class StoredKeyHolders:
    """Holders of the keys made by API; see KeyHolders in control/auth/tokens.py."""

    def __init__(
        self, registry: KeyRegistry, *, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._registry = registry
        self._now_ms = now_ms

    async def holder(self, key_id: str, digest: str) -> Principal | None:
        """Return who holds the key of this id and of a hash that begins so; None when it opens nothing.

        After a rotation the hash of the key before is taken for as long as that key is. Raises redis.RedisError,
        `disk_unavailable`.
        """
        stored, now = await self._registry.get(key_id), self._now_ms()
        if stored is None or stored.state(now) is not KeyState.ACTIVE:
            return None
        known = next(
            (one for one in (stored.digest, stored.previous_digest) if one and one.startswith(digest)), ""
        )
        return stored.principal() if known and stored.matches(known, now) else None
