"""Addresses of chats."""

from __future__ import annotations

from typing import Final

from control.api import chats
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("POST", "/api/v1/chats/{tenantId}/read", chats.read, scope=Scope.MESSAGES_SEND, seconds=25),
    Route("POST", "/api/v1/chats/{tenantId}/presence", chats.presence, scope=Scope.MESSAGES_SEND, seconds=25),
    Route(
        "POST",
        "/api/v1/chats/{tenantId}/follow-presence",
        chats.follow_presence,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
    ),
)
