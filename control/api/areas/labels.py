"""Addresses of labels."""

from __future__ import annotations

from typing import Final

from control.api import labels
from control.api.route import Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route("GET", "/api/v1/labels/{tenantId}", labels.page, scope=Scope.LABELS_READ, seconds=15),
    Route("POST", "/api/v1/labels/{tenantId}", labels.create, scope=Scope.LABELS_WRITE, seconds=45),
    Route("PUT", "/api/v1/labels/{tenantId}/{labelId}", labels.update, scope=Scope.LABELS_WRITE, seconds=45),
    Route("DELETE", "/api/v1/labels/{tenantId}/{labelId}", labels.delete, scope=Scope.LABELS_WRITE, seconds=45),
    Route(
        "POST", "/api/v1/labels/{tenantId}/{labelId}/assign", labels.assign, scope=Scope.LABELS_WRITE, seconds=85
    ),
)
