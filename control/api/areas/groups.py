"""Addresses of groups."""

from __future__ import annotations

from typing import Final

from control.api import groups
from control.api.route import SEND_SECONDS, Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("GET", "/api/v1/groups/{tenantId}", groups.page, scope=Scope.GROUPS_READ, seconds=55),
    Route("POST", "/api/v1/groups/{tenantId}", groups.create, scope=Scope.GROUPS_WRITE, seconds=55),
    Route("POST", "/api/v1/groups/{tenantId}/join", groups.join, scope=Scope.GROUPS_WRITE, seconds=35),
    Route(
        "GET", "/api/v1/groups/{tenantId}/invites/{code}", groups.invite_info, scope=Scope.GROUPS_READ, seconds=35
    ),
    Route("GET", "/api/v1/groups/{tenantId}/{groupId}", groups.get, scope=Scope.GROUPS_READ, seconds=35),
    Route("PATCH", "/api/v1/groups/{tenantId}/{groupId}", groups.update, scope=Scope.GROUPS_WRITE, seconds=55),
    Route("DELETE", "/api/v1/groups/{tenantId}/{groupId}", groups.leave, scope=Scope.GROUPS_WRITE, seconds=35),
    Route(
        "PUT",
        "/api/v1/groups/{tenantId}/{groupId}/picture",
        groups.set_picture,
        scope=Scope.GROUPS_WRITE,
        seconds=SEND_SECONDS,
    ),
    Route(
        "DELETE",
        "/api/v1/groups/{tenantId}/{groupId}/picture",
        groups.delete_picture,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
    ),
    Route(
        "POST",
        "/api/v1/groups/{tenantId}/{groupId}/participants",
        groups.participants,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
    ),
    Route("GET", "/api/v1/groups/{tenantId}/{groupId}/invite", groups.invite, scope=Scope.GROUPS_READ, seconds=35),
    Route(
        "POST",
        "/api/v1/groups/{tenantId}/{groupId}/invite",
        groups.revoke_invite,
        scope=Scope.GROUPS_WRITE,
        seconds=35,
    ),
    Route(
        "GET",
        "/api/v1/groups/{tenantId}/{groupId}/join-requests",
        groups.join_requests,
        scope=Scope.GROUPS_READ,
        seconds=35,
    ),
    Route(
        "POST",
        "/api/v1/groups/{tenantId}/{groupId}/join-requests",
        groups.decide,
        scope=Scope.GROUPS_WRITE,
        seconds=55,
    ),
)
