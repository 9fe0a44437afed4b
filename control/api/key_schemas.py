"""What requests and answers about API keys look like."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, StrictStr

from control.api.fields import NOT_BLANK, Moment
from control.api.schemas import TENANT_ID
from control.api.shape import In, Out, iso, iso_or_none
from control.auth.api_keys import OVERLAP_MAX_SECONDS, KeyView
from control.auth.key_format import PREFIX
from control.auth.scopes import GRANTABLE_SCOPES, Scope

TENANTS_MAX = 1_000
_OVERLAP_SECONDS = 86_400


def _scope(given: str) -> str:
    if given not in GRANTABLE_SCOPES:
        raise ValueError(f"is no scope a key may have; there are {', '.join(sorted(GRANTABLE_SCOPES))}")
    return given


def _tenant(given: str) -> str:
    if not TENANT_ID.fullmatch(given):
        raise ValueError("is no tenant id")
    return given


def _future(given: int) -> int:
    if given <= time.time_ns() // 1_000_000:
        raise ValueError("lies in the past")
    return given


_Name = Annotated[StrictStr, Field(min_length=1, max_length=100), NOT_BLANK]
_Tenants = Annotated[
    list[Annotated[StrictStr, AfterValidator(_tenant)]], Field(min_length=1, max_length=TENANTS_MAX)
]
_Scopes = Annotated[list[Annotated[StrictStr, AfterValidator(_scope)]], Field(min_length=1, max_length=50)]
_Expiry = Annotated[Moment, AfterValidator(_future)]


class KeyIn(In):
    """Body of POST /keys. tenants: null for all there are and will be, which has to be said."""

    name: _Name
    tenants: _Tenants | None
    scopes: _Scopes
    expires_at: _Expiry | None = None


class KeyChangeIn(In):
    """Body of PATCH /keys/{keyId}: what is left out stays; tenants: null is all, expiresAt: null is no end."""

    name: _Name = "-"
    tenants: _Tenants | None = None
    scopes: _Scopes = Field(default_factory=list)
    expires_at: _Expiry | None = None

    def given(self) -> dict[str, Any]:
        """Return the fields that are in the body, by the names of a stored key."""
        values = {name: getattr(self, name) for name in self.model_fields_set}
        if "expires_at" in values:
            values["expires_ms"] = values.pop("expires_at")
        if "scopes" in values:
            values["scopes"] = [Scope(scope) for scope in values["scopes"]]
        return values


class KeyRotateIn(In):
    """Body of POST …/rotate; may be left out. overlapSeconds: how long the key before goes on opening."""

    overlap_seconds: Annotated[StrictInt, Field(ge=0, le=OVERLAP_MAX_SECONDS)] = _OVERLAP_SECONDS


class KeyOut(Out):
    """A key, never the key itself. begins: what it begins with, to find it by where it was seen.

    tenants: null for all. lastUsedFrom: the network, not the address.
    """

    id: str
    begins: str
    name: str
    state: Literal["active", "expired", "revoked"]
    tenants: list[str] | None
    scopes: list[str]
    created_at: str
    created_by: str
    expires_at: str | None
    rotated_at: str | None
    previous_valid_until: str | None
    revoked_at: str | None
    last_used_at: str | None
    last_used_from: str | None

    @classmethod
    def of(cls, view: KeyView) -> Self:
        """Return the answer for a key."""
        return cls.model_validate(cls.fields_of(view))

    @classmethod
    def fields_of(cls, view: KeyView) -> dict[str, object]:
        """Return the values by the names of the fields."""
        key, used = view.key, view.used
        return {
            "id": key.id,
            "begins": PREFIX + key.id,
            "name": key.name,
            "state": view.state.value,
            "tenants": list(key.tenants) if key.tenants is not None else None,
            "scopes": [scope.value for scope in key.scopes],
            "created_at": iso(key.created_ms),
            "created_by": key.created_by,
            "expires_at": iso_or_none(key.expires_ms),
            "rotated_at": iso_or_none(key.rotated_ms),
            "previous_valid_until": iso_or_none(key.previous_until_ms),
            "revoked_at": iso_or_none(key.revoked_ms),
            "last_used_at": iso_or_none(used.at_ms if used is not None else None),
            "last_used_from": used.network if used is not None else None,
        }


class KeyShownOut(KeyOut):
    """A key with the key itself, which is shown this once."""

    success: Literal[True] = True
    key: str

    @classmethod
    def shown(cls, view: KeyView, secret: str) -> Self:
        """Return the answer for a key that was just made."""
        return cls.model_validate({**cls.fields_of(view), "key": secret})


class KeyRevokedOut(KeyOut):
    """A key that opens nothing any more."""

    success: Literal[True] = True


class KeyPageOut(Out):
    """Keys in the order of their ids. next: give it as `after` for the next page; null on the last."""

    keys: list[KeyOut]
    next: str | None
