"""Addresses of channels."""

from __future__ import annotations

from typing import Final

from control.api import channels
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("GET", "/api/v1/channels/{tenantId}", channels.page, scope=Scope.CHANNELS_READ, seconds=45),
    Route("POST", "/api/v1/channels/{tenantId}", channels.create, scope=Scope.CHANNELS_WRITE, seconds=45),
    Route(
        "GET",
        "/api/v1/channels/{tenantId}/invites/{code}",
        channels.by_invite,
        scope=Scope.CHANNELS_READ,
        seconds=35,
    ),
    Route("GET", "/api/v1/channels/{tenantId}/{channelId}", channels.get, scope=Scope.CHANNELS_READ, seconds=35),
    Route(
        "POST",
        "/api/v1/channels/{tenantId}/{channelId}/follow",
        channels.follow,
        scope=Scope.CHANNELS_WRITE,
        seconds=35,
    ),
    Route(
        "DELETE",
        "/api/v1/channels/{tenantId}/{channelId}/follow",
        channels.unfollow,
        scope=Scope.CHANNELS_WRITE,
        seconds=35,
    ),
    Route(
        "GET",
        "/api/v1/channels/{tenantId}/{channelId}/messages",
        channels.messages,
        scope=Scope.CHANNELS_READ,
        seconds=45,
    ),
)
