"""An API key as it is stored: all of it but the key itself."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

import orjson

from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import GRANTABLE_SCOPES, Scope


class KeyState(StrEnum):
    """Whether a key opens anything."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """One key. Times are unix milliseconds.

    digest: SHA-256 of the key in hex; with 131
    random bits in it no slow hash is needed. previous_digest: of the key before the last rotation, which opens
    until previous_until_ms. created_by: key id of who made it. tenants: sorted; None for all.
    """

    id: str
    name: str
    tenants: tuple[str, ...] | None
    scopes: tuple[Scope, ...]
    digest: str
    created_ms: int
    created_by: str
    expires_ms: int | None = None
    rotated_ms: int | None = None
    previous_digest: str | None = None
    previous_until_ms: int | None = None
    revoked_ms: int | None = None

    def matches(self, digest: str, now_ms: int) -> bool:
        """Whether this is the hash of the key, or of the one before while that may be used."""
        current = hmac.compare_digest(digest, self.digest)
        previous = hmac.compare_digest(digest, self.previous_digest or _NOTHING)
        return current or (previous and self.previous_until_ms is not None and now_ms < self.previous_until_ms)

    def state(self, now_ms: int) -> KeyState:
        """Return whether it opens anything now."""
        if self.revoked_ms is not None:
            return KeyState.REVOKED
        if self.expires_ms is not None and self.expires_ms <= now_ms:
            return KeyState.EXPIRED
        return KeyState.ACTIVE

    def principal(self) -> Principal:
        """Return its holder."""
        return Principal(
            kind=PrincipalKind.KEY,
            key_id=self.id,
            tenants=frozenset(self.tenants) if self.tenants is not None else None,
            scopes=frozenset(self.scopes),
        )

    def dumped(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps({name: value for name, value in asdict(self).items() if value is not None})

    @classmethod
    def loaded(cls, value: bytes) -> Self:
        """Return the key of some JSON; raises ValueError, KeyError or TypeError when it is none.

        A scope this version does not know gives nothing, and so does one that no key may have.
        """
        known: dict[str, Any] = {name: found for name, found in orjson.loads(value).items() if name in _FIELDS}
        tenants = known.pop("tenants", None)
        scopes = known.pop("scopes")
        return cls(
            tenants=tuple(tenants) if tenants is not None else None,
            scopes=tuple(scope for scope in _ORDER if scope in scopes),
            **known,
        )


def digest_of(key: str) -> str:
    """Return the hash a key is stored as."""
    return hashlib.sha256(key.encode()).hexdigest()


_FIELDS: Final = frozenset(field.name for field in fields(StoredKey))
_ORDER: Final = tuple(scope for scope in Scope if scope in GRANTABLE_SCOPES)
_NOTHING: Final = "0" * 64
