"""Addresses of API keys."""

from __future__ import annotations

from typing import Final

from control.api import keys
from control.api.key_schemas import (
    KeyChangeIn,
    KeyIn,
    KeyOut,
    KeyPageOut,
    KeyRevokedOut,
    KeyRotateIn,
    KeyShownOut,
)
from control.api.operation import Body, Operation, Parameter, Tag, after, limit
from control.api.route import Route
from control.auth.scopes import Scope

_KEYS: Final = "/api/v1/keys"
_KEY: Final = f"{_KEYS}/{{keyId}}"
_KEY_ID: Final = {"type": "string", "pattern": "^[0-9A-Za-z]{8}$"}

ROUTES: Final = (
    Route(
        "GET",
        _KEYS,
        keys.page,
        scope=Scope.KEYS_READ,
        seconds=15,
        operation=Operation(
            "listKeys",
            Tag.KEYS,
            "List API keys",
            description=(
                "In the order of their ids. A key that is bound to tenants sees those bound within them."
            ),
            parameters=(
                after("`next` of the page before.", _KEY_ID),
                limit(most=keys.PAGE_MAX),
                Parameter(
                    "tenantId",
                    "Only keys that open this tenant, those of all tenants among them.",
                    {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"},
                ),
                Parameter("createdBy", "Only keys that this key made.", _KEY_ID),
            ),
            answers={200: KeyPageOut},
        ),
    ),
    Route(
        "POST",
        _KEYS,
        keys.create,
        scope=Scope.KEYS_WRITE,
        seconds=15,
        operation=Operation(
            "createKey",
            Tag.KEYS,
            "Make an API key",
            description=(
                "`key` in the answer is shown this once. `tenants: null` opens all tenants there are and will be. "
                "Nobody can give more than they have: the tenants, scopes and life of the new key lie within "
                "those of the key that makes it."
            ),
            body=KeyIn,
            answers={201: KeyShownOut},
            errors=("tenant_not_found", "too_many_keys", "disk_unavailable"),
        ),
    ),
    Route(
        "GET",
        _KEY,
        keys.get,
        scope=Scope.KEYS_READ,
        seconds=10,
        operation=Operation(
            "getKey",
            Tag.KEYS,
            "Look at an API key",
            description="What it opens, when it was used last, and whether it still works.",
            answers={200: KeyOut},
            errors=("key_not_found",),
        ),
    ),
    Route(
        "PATCH",
        _KEY,
        keys.change,
        scope=Scope.KEYS_WRITE,
        seconds=15,
        operation=Operation(
            "changeKey",
            Tag.KEYS,
            "Change an API key",
            description="What is left out stays as it is. It holds from the next request on.",
            body=KeyChangeIn,
            answers={200: KeyOut},
            errors=("key_not_found", "key_revoked", "tenant_not_found", "disk_unavailable"),
        ),
    ),
    Route(
        "DELETE",
        _KEY,
        keys.revoke,
        scope=Scope.KEYS_WRITE,
        seconds=15,
        operation=Operation(
            "revokeKey",
            Tag.KEYS,
            "Revoke an API key",
            description=(
                "It opens nothing any more, at once and for good, and can still be seen for 90 days. "
                "`disk_unavailable` says that it is revoked, but not on disk yet: ask again."
            ),
            answers={200: KeyRevokedOut},
            errors=("key_not_found", "tenant_not_found", "disk_unavailable"),
        ),
    ),
    Route(
        "POST",
        f"{_KEY}/rotate",
        keys.rotate,
        scope=Scope.KEYS_WRITE,
        seconds=15,
        operation=Operation(
            "rotateKey",
            Tag.KEYS,
            "Rotate an API key",
            description=(
                "Gives the key a new secret, shown this once; id, tenants and scopes stay. The one before opens "
                "for `overlapSeconds` more, a day when left out; one still open from a rotation before ends now."
            ),
            body=Body(KeyRotateIn, required=False),
            answers={200: KeyShownOut},
            errors=("key_not_found", "key_revoked", "tenant_not_found", "disk_unavailable"),
        ),
    ),
)
