"""Addresses of received files."""

from __future__ import annotations

from typing import Final

from control.api import media
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("GET", "/api/v1/media/{tenantId}/{mediaId}", media.get, scope=Scope.EVENTS_READ, seconds=None),
)
