"""API keys: made, changed, rotated and revoked by somebody who may do at least as much as the key.

Nobody gets more by making a key than they have: a key's scopes, tenants and life lie within its maker's, also
after every change. A maker that is bound to tenants sees only keys that are bound within these; any other is
`key_not_found`, whether it exists or not.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from control.auth.key_format import new_key_id, new_secret
from control.auth.key_registry import KeyRegistry
from control.auth.key_use import KeyUse, LastUse
from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import GRANTABLE_SCOPES, Scope
from control.auth.stored_key import KeyState, StoredKey, digest_of
from control.errors import GatewayError

KEYS_MAX: Final = 10_000
MADE_MAX: Final = 1_000
"""Keys that work and were made by one key: one that is bound must not use up everybody's."""

OVERLAP_MAX_SECONDS: Final = 7 * 86_400
_AT_ONCE: Final = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key and how it stands."""

    key: StoredKey
    state: KeyState
    used: LastUse | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new key is to be. expires_ms: unix ms; None for no end."""

    name: str
    tenants: tuple[str, ...] | None
    scopes: frozenset[Scope]
    expires_ms: int | None


class ApiKeys:
    """Makes and changes keys. Every method raises redis.RedisError when Redis does."""

    def __init__(
        self,
        registry: KeyRegistry,
        use: KeyUse,
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._registry = registry
        self._use = use
        self._now_ms = now_ms

    async def create(self, by: Principal, wanted: Wanted) -> tuple[KeyView, str]:
        """Make a key; return it and the key itself, which nobody can be told again.

        Raises `forbidden`, `tenant_not_found`, `invalid_request`, `too_many_keys`, `disk_unavailable`.
        """
        await self._refuse_too_many(by)
        now, key_id = self._now_ms(), new_key_id()
        secret = new_secret(key_id)
        stored = StoredKey(
            id=key_id,
            name=wanted.name,
            tenants=_sorted(wanted.tenants),
            scopes=_ordered(wanted.scopes),
            digest=digest_of(secret),
            created_ms=now,
            created_by=by.key_id,
            expires_ms=wanted.expires_ms,
        )
        _refuse_more_than(by, await self._ends(by), stored)

        def made(before: StoredKey | None) -> StoredKey:
            if before is not None and before != stored:
                # One in 10^14 for each key there is.
                raise GatewayError("internal_error")
            return stored

        await self._registry.change(key_id, made)
        log.info("API key made", extra={"keyId": key_id, "by": by.key_id})
        return KeyView(stored, stored.state(now), None), secret

    async def get(self, by: Principal, key_id: str) -> KeyView:
        """Return a key; raises `key_not_found`."""
        stored = await self._seen(by, key_id)
        return await self._view(stored)

    async def page(
        self, by: Principal, *, after: str | None, limit: int, tenant_id: str | None, created_by: str | None
    ) -> tuple[list[KeyView], str | None]:
        """Return keys in the order of their ids, and the id the next page begins after; None on the last.

        tenant_id: only those that open this tenant. created_by: only those that this key made.
        """
        ids = [key_id for key_id in await self._registry.ids() if after is None or key_id > after]
        shown: list[StoredKey] = []
        for begin in range(0, len(ids), _AT_ONCE):
            for stored in await self._registry.many(ids[begin : begin + _AT_ONCE]):
                if (
                    _sees(by, stored)
                    and (tenant_id is None or stored.tenants is None or tenant_id in stored.tenants)
                    and (created_by is None or stored.created_by == created_by)
                ):
                    shown.append(stored)
            if len(shown) > limit:
                break
        page, now = shown[:limit], self._now_ms()
        used = await self._use.of([stored.id for stored in page])
        views = [KeyView(stored, stored.state(now), used.get(stored.id)) for stored in page]
        return views, page[-1].id if len(shown) > limit else None

    async def change(self, by: Principal, key_id: str, values: Mapping[str, Any]) -> KeyView:
        """Change name, tenants, scopes or expires_ms; what is not in values stays.

        Raises `key_not_found`, `key_revoked` and what `create` raises.
        """

        def changed(stored: StoredKey) -> StoredKey:
            after = replace(stored, **values)
            return replace(after, scopes=_ordered(after.scopes), tenants=_sorted(after.tenants))

        return await self._view(await self._alter(by, key_id, changed))

    async def rotate(self, by: Principal, key_id: str, *, overlap_seconds: int) -> tuple[KeyView, str]:
        """Give the key a new secret; return it. The one before opens for overlap_seconds more.

        One that was still open from a rotation before ends now. Raises what `change` raises.
        """
        secret = new_secret(key_id)
        now = self._now_ms()

        def rotated(stored: StoredKey) -> StoredKey:
            return replace(
                stored,
                digest=digest_of(secret),
                previous_digest=stored.digest if overlap_seconds else None,
                previous_until_ms=now + overlap_seconds * 1000 if overlap_seconds else None,
                rotated_ms=now,
            )

        stored = await self._alter(by, key_id, rotated)
        log.info("API key rotated", extra={"keyId": key_id, "by": by.key_id})
        return await self._view(stored), secret

    async def revoke(self, by: Principal, key_id: str) -> KeyView:
        """End a key now and for good; one that is revoked stays so. Raises what `change` raises."""
        now = self._now_ms()

        def revoked(stored: StoredKey) -> StoredKey:
            return stored if stored.revoked_ms is not None else replace(stored, revoked_ms=now)

        stored = await self._alter(by, key_id, revoked, even_revoked=True)
        log.info("API key revoked", extra={"keyId": key_id, "by": by.key_id})
        return await self._view(stored)

    async def forget_tenant(self, tenant_id: str) -> None:
        """Take a tenant that was deleted from all keys; revoke those that open nothing else.

        A tenant made later under the same id is another one. Raises `disk_unavailable`.
        """
        ids = await self._registry.ids()
        for begin in range(0, len(ids), _AT_ONCE):
            for stored in await self._registry.many(ids[begin : begin + _AT_ONCE]):
                if stored.tenants is not None and tenant_id in stored.tenants:
                    await self._unbind(stored.id, tenant_id)

    async def _unbind(self, key_id: str, tenant_id: str) -> None:
        now = self._now_ms()

        def unbound(stored: StoredKey | None) -> StoredKey:
            if stored is None:
                raise GatewayError("key_not_found")
            if stored.tenants is None:
                return stored
            left = tuple(tenant for tenant in stored.tenants if tenant != tenant_id)
            if left:
                return replace(stored, tenants=left)
            # What it was called may tell of the tenant.
            return replace(stored, name=key_id, tenants=left, revoked_ms=stored.revoked_ms or now)

        await self._registry.change(key_id, unbound)

    async def _alter(
        self,
        by: Principal,
        key_id: str,
        change: Callable[[StoredKey], StoredKey],
        *,
        even_revoked: bool = False,
    ) -> StoredKey:
        ends_ms = await self._ends(by)

        def altered(before: StoredKey | None) -> StoredKey:
            if before is None or not _sees(by, before):
                raise GatewayError("key_not_found")
            if before.revoked_ms is not None and not even_revoked:
                raise GatewayError("key_revoked")
            # Of what it was too: whoever may not make such a key may not get it by rotation either.
            _refuse_more_than(by, None, before)
            after = change(before)
            if after.revoked_ms is None:
                _refuse_more_than(by, ends_ms, after)
            return after

        return await self._registry.change(key_id, altered)

    async def _ends(self, by: Principal) -> int | None:
        """When the key ends that somebody holds; None for never, and for the operator's."""
        held = await self._registry.get(by.key_id) if by.kind is not PrincipalKind.OPERATOR else None
        return held.expires_ms if held is not None else None

    async def _seen(self, by: Principal, key_id: str) -> StoredKey:
        stored = await self._registry.get(key_id)
        if stored is None or not _sees(by, stored):
            raise GatewayError("key_not_found")
        return stored

    async def _view(self, stored: StoredKey) -> KeyView:
        used = await self._use.of([stored.id])
        return KeyView(stored, stored.state(self._now_ms()), used.get(stored.id))

    async def _refuse_too_many(self, by: Principal) -> None:
        ids = await self._registry.ids()
        if len(ids) >= KEYS_MAX:
            raise GatewayError("too_many_keys")
        if by.tenants is None:
            return
        made, now = 0, self._now_ms()
        for begin in range(0, len(ids), _AT_ONCE):
            for stored in await self._registry.many(ids[begin : begin + _AT_ONCE]):
                made += stored.created_by == by.key_id and stored.state(now) is KeyState.ACTIVE
        if made >= MADE_MAX:
            raise GatewayError("too_many_keys")


def _sees(by: Principal, key: StoredKey) -> bool:
    if by.tenants is None:
        return True
    # One whose last tenant was deleted is bound to none, and nobody's but those who see all.
    return bool(key.tenants) and by.tenants.issuperset(key.tenants or ())


def _refuse_more_than(by: Principal, ends_ms: int | None, key: StoredKey) -> None:
    """Raise unless the key may do no more than who makes, changes or rotates it, whose own key ends then."""
    if by.tenants is not None:
        if key.tenants is None:
            raise GatewayError("forbidden", "A key that is bound to tenants cannot make one for all tenants.")
        if not by.tenants.issuperset(key.tenants):
            raise GatewayError("tenant_not_found")
    beyond = sorted(set(key.scopes) - (by.scopes & GRANTABLE_SCOPES))
    if beyond:
        raise GatewayError("forbidden", f"This key lacks what the other one has or gets: {', '.join(beyond)}.")
    if ends_ms is not None and (key.expires_ms is None or key.expires_ms > ends_ms):
        raise GatewayError("forbidden", "A key cannot make one that lives longer than itself.")


def _ordered(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    wanted = frozenset(scopes)
    return tuple(scope for scope in Scope if scope in wanted)


def _sorted(tenants: Iterable[str] | None) -> tuple[str, ...] | None:
    return tuple(sorted(set(tenants))) if tenants is not None else None
