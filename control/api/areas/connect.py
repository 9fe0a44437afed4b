"""Addresses of connect links: those an application makes, and those the page behind one asks."""

from __future__ import annotations

from typing import Final

from control.api import connect, connect_links
from control.api.route import Route
from control.auth.jwt import Purpose
from control.auth.scopes import Scope

_LINKS: Final = "/api/v1/sessions/{tenantId}/connect-links"

ROUTES: Final = (
    Route(
        "POST",
        "/api/v1/sessions/{tenantId}/connect-link",
        connect_links.create,
        scope=Scope.SESSIONS_WRITE,
        seconds=15,
    ),
    Route("GET", _LINKS, connect_links.page, scope=Scope.SESSIONS_READ, seconds=15),
    Route("DELETE", f"{_LINKS}/{{linkId}}", connect_links.revoke, scope=Scope.SESSIONS_WRITE, seconds=15),
    Route("POST", "/api/v1/connect/visits", connect.visit, seconds=15, link=Purpose.CONNECT_LINK),
    Route("POST", "/api/v1/connect/start", connect.start, seconds=35, link=Purpose.CONNECT_VISIT),
    Route("POST", "/api/v1/connect/pairing-code", connect.pairing_code, seconds=35, link=Purpose.CONNECT_VISIT),
    Route("GET", "/api/v1/connect/state", connect.state, seconds=15, link=Purpose.CONNECT_VISIT),
    Route("GET", "/api/v1/connect/events", connect.events, seconds=None, link=Purpose.CONNECT_VISIT),
)
