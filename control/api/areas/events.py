"""Addresses of events."""

from __future__ import annotations

from typing import Final

from control.api import events
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("GET", "/api/v1/events/{tenantId}", events.page, scope=Scope.EVENTS_READ, seconds=45),
    Route(
        "GET",
        "/api/v1/events/{tenantId}/stream",
        events.stream,
        scope=Scope.EVENTS_READ,
        seconds=None,
        ticket=True,
    ),
    Route(
        "GET", "/api/v1/events/{tenantId}/ws", events.websocket, scope=Scope.EVENTS_READ, seconds=None, ticket=True
    ),
    Route("POST", "/api/v1/events/{tenantId}/tickets", events.ticket, scope=Scope.EVENTS_READ, seconds=10),
)
