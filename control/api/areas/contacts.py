"""Addresses of contacts."""

from __future__ import annotations

from typing import Final

from control.api import contacts
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("GET", "/api/v1/contacts/{tenantId}/blocked", contacts.blocked, scope=Scope.CONTACTS_READ, seconds=35),
    Route("GET", "/api/v1/contacts/{tenantId}/{contact}", contacts.get, scope=Scope.CONTACTS_READ, seconds=45),
    Route(
        "POST",
        "/api/v1/contacts/{tenantId}/{contact}/block",
        contacts.block,
        scope=Scope.CONTACTS_WRITE,
        seconds=35,
    ),
    Route(
        "DELETE",
        "/api/v1/contacts/{tenantId}/{contact}/block",
        contacts.unblock,
        scope=Scope.CONTACTS_WRITE,
        seconds=35,
    ),
)
