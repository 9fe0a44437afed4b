"""Addresses of phone numbers."""

from __future__ import annotations

from typing import Final

from control.api import numbers
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("POST", "/api/v1/numbers/{tenantId}/check", numbers.check, scope=Scope.CONTACTS_READ, seconds=95),
)
