"""Addresses of API keys."""

from __future__ import annotations

from typing import Final

from control.api import keys
from control.api.route import Route
from control.auth.scopes import Scope

_KEY: Final = "/api/v1/keys/{keyId}"

ROUTES: Final = (
    Route("GET", "/api/v1/keys", keys.page, scope=Scope.KEYS_READ, seconds=15),
    Route("POST", "/api/v1/keys", keys.create, scope=Scope.KEYS_WRITE, seconds=15),
    Route("GET", _KEY, keys.get, scope=Scope.KEYS_READ, seconds=10),
    Route("PATCH", _KEY, keys.change, scope=Scope.KEYS_WRITE, seconds=15),
    Route("DELETE", _KEY, keys.revoke, scope=Scope.KEYS_WRITE, seconds=15),
    Route("POST", f"{_KEY}/rotate", keys.rotate, scope=Scope.KEYS_WRITE, seconds=15),
)
