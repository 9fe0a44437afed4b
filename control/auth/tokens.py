"""Tokens that stand for an API key for a quarter of an hour, so that a page need not keep the key itself.

    API key ──sign in──▶ token, 15 min ──renew──▶ token, 15 min … at most 12 hours after the sign-in

A token may do what its key may do now, or less where less was asked for: every request looks the key up, so a
token ends with its key, with a key that was narrowed it is narrowed, and one made by a key that was rotated ends
when the key before it does. Signing out ends every token of one sign-in, also those renewed from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from redis.asyncio import Redis

from control.auth.jwt import LEEWAY_SECONDS, Claims, Purpose, Signer, TokenExpired, TokenInvalid, new_id
from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import Scope
from control.auth.standing import DIGEST_LENGTH, Standing, TokenStanding
from control.errors import GatewayError
from control.storage.keys import Keys
from control.storage.redis import execute

TOKEN_SECONDS: Final = 15 * 60
SIGN_IN_SECONDS: Final = 12 * 60 * 60
"""How long after a sign-in its tokens can be renewed and are good."""


class KeyHolders(Protocol):
    """Knows API keys by their id."""

    async def holder(self, key_id: str, digest: str) -> Principal | None:
        """Return who holds the key whose hash begins so, if it opens anything now."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and what it may do until then (unix seconds). sign_in_ends_at: when renewing it ends."""

    token: str
    expires_at: int
    sign_in_ends_at: int
    principal: Principal


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a token may do at most; None for all that its key may."""

    tenants: frozenset[str] | None = None
    scopes: frozenset[Scope] | None = None

    def of(self, principal: Principal) -> Principal:
        """Return what is left of what the key's holder may do now."""
        tenants = principal.tenants
        if self.tenants is not None:
            tenants = self.tenants if tenants is None else self.tenants & tenants
        scopes = principal.scopes if self.scopes is None else self.scopes & principal.scopes
        return Principal(kind=PrincipalKind.TOKEN, key_id=principal.key_id, tenants=tenants, scopes=scopes)


class Tokens:
    """Gives out tokens and knows them again. Raises redis.RedisError when Redis does."""

    def __init__(
        self,
        signer: Signer,
        holders: Sequence[KeyHolders],
        redis: Redis,
        keys: Keys,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """holders: asked one after the other whose key it is."""
        self._signer = signer
        self._holders = tuple(holders)
        self._redis = redis
        self._keys = keys
        self._clock = clock

    async def sign_in(self, holder: Principal, digest: str, narrowing: Narrowing) -> IssuedToken:
        """Return a token for who holds an API key. digest: hash of the key in hex.

        Raises `forbidden` or `tenant_not_found` when more is asked for than the key may do.
        """
        return self._issued(
            holder, narrowing, sign_in=new_id(), digest=digest[:DIGEST_LENGTH], since=int(self._clock())
        )

    async def renew(self, token: str) -> IssuedToken:
        """Return a token for another quarter of an hour, which may do the same; raises `unauthorized`."""
        claims = self._claims(token)
        holder = await self._holder(claims)
        since = _whole(claims, "auth_time")
        if since + SIGN_IN_SECONDS <= self._clock():
            raise GatewayError("unauthorized", "The sign-in is too long ago. Sign in again with the API key.")
        # What the key lost since then is not asked for again, and not refused either.
        narrowing = _narrowing(claims)
        kept = narrowing.of(holder)
        narrowing = Narrowing(
            kept.tenants if narrowing.tenants is not None else None,
            kept.scopes if narrowing.scopes is not None else None,
        )
        return self._issued(
            holder, narrowing, sign_in=_text(claims, "sid"), digest=_text(claims, "fpr"), since=since
        )

    async def sign_out(self, token: str) -> None:
        """End every token of this one's sign-in; raises `unauthorized`."""
        claims = self._claims(token)
        left = _whole(claims, "auth_time") + SIGN_IN_SECONDS + LEEWAY_SECONDS - int(self._clock())
        await execute(self._redis, "SET", self._keys.signed_out(_text(claims, "sid")), 1, "EX", max(1, left))

    async def principal(self, token: str) -> Principal:
        """Return what the holder of a token may do; raises `unauthorized`."""
        claims = self._claims(token)
        return _narrowing(claims).of(await self._holder(claims))

    def standing(self, token: str) -> Standing:
        """Return what being let in by a token rests on; raises `unauthorized`."""
        claims = self._claims(token)
        narrowing = _narrowing(claims)
        return Standing(
            key_id=claims.subject,
            digest=_text(claims, "fpr"),
            token=TokenStanding(
                sign_in=_text(claims, "sid"),
                expires_at=claims.expires_at,
                tenants=tuple(sorted(narrowing.tenants)) if narrowing.tenants is not None else None,
                scopes=tuple(sorted(narrowing.scopes)) if narrowing.scopes is not None else None,
            ),
        )

    async def still(self, standing: Standing) -> Principal:
        """Return what may be done now by who was let in so, by a token or by its key; raises `unauthorized`."""
        token = standing.token
        if token is None:
            return await self._holder_of(standing.key_id, standing.digest)
        if token.expires_at <= self._clock() - LEEWAY_SECONDS:
            raise _expired()
        await self._refuse_signed_out(token.sign_in)
        narrowing = Narrowing(
            frozenset(token.tenants) if token.tenants is not None else None,
            frozenset(scope for scope in Scope if scope in token.scopes) if token.scopes is not None else None,
        )
        return narrowing.of(await self._holder_of(standing.key_id, standing.digest))

    def _claims(self, token: str) -> Claims:
        try:
            return self._signer.read(Purpose.ACCESS, token)
        except TokenExpired:
            raise _expired() from None
        except TokenInvalid:
            raise _invalid() from None

    async def _holder(self, claims: Claims) -> Principal:
        await self._refuse_signed_out(_text(claims, "sid"))
        return await self._holder_of(claims.subject, _text(claims, "fpr"))

    async def _refuse_signed_out(self, sign_in: str) -> None:
        if await execute(self._redis, "EXISTS", self._keys.signed_out(sign_in)):
            raise GatewayError("unauthorized", "This token was signed out.")

    async def _holder_of(self, key_id: str, digest: str) -> Principal:
        for holders in self._holders:
            found = await holders.holder(key_id, digest)
            if found is not None:
                return found
        raise GatewayError("unauthorized", "The API key of this token is not valid any more.")

    def _issued(
        self, holder: Principal, narrowing: Narrowing, *, sign_in: str, digest: str, since: int
    ) -> IssuedToken:
        for tenant in sorted(narrowing.tenants or ()):
            if not holder.sees(tenant):
                raise GatewayError("tenant_not_found")
        for scope in sorted(narrowing.scopes or ()):
            if scope not in holder.scopes:
                raise GatewayError("forbidden", f"This key lacks the scope {scope}.")
        ends = since + SIGN_IN_SECONDS
        private: dict[str, Any] = {"sid": sign_in, "auth_time": since, "fpr": digest}
        if narrowing.tenants is not None:
            private["tenants"] = sorted(narrowing.tenants)
        if narrowing.scopes is not None:
            private["scope"] = " ".join(sorted(narrowing.scopes))
        token, claims = self._signer.sign(
            Purpose.ACCESS, holder.key_id, min(int(self._clock()) + TOKEN_SECONDS, ends), **private
        )
        return IssuedToken(token, claims.expires_at, ends, narrowing.of(holder))


def _narrowing(claims: Claims) -> Narrowing:
    tenants, scopes = claims.private.get("tenants"), claims.private.get("scope")
    return Narrowing(
        frozenset(map(str, tenants)) if isinstance(tenants, list) else None,
        # A scope that this version does not know gives nothing.
        frozenset(scope for scope in Scope if scope in scopes.split()) if isinstance(scopes, str) else None,
    )


def _text(claims: Claims, name: str) -> str:
    value = claims.private.get(name)
    if not isinstance(value, str) or not value:
        raise _invalid()
    return value


def _whole(claims: Claims, name: str) -> int:
    value = claims.private.get(name)
    if not isinstance(value, int):
        raise _invalid()
    return value


def _expired() -> GatewayError:
    return GatewayError("unauthorized", "The token has expired. Sign in again with the API key.")


def _invalid() -> GatewayError:
    return GatewayError("unauthorized", "This token is not valid here.")
