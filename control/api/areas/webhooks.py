"""Addresses of webhooks."""

from __future__ import annotations

from typing import Final

from control.api import webhooks
from control.api.route import Route
from control.auth.scopes import Scope

_WEBHOOK: Final = "/api/v1/webhooks/{tenantId}/{webhookId}"

ROUTES: Final = (
    Route("GET", "/api/v1/webhooks/{tenantId}", webhooks.page, scope=Scope.WEBHOOKS_READ, seconds=10),
    Route(
        "POST",
        "/api/v1/webhooks/{tenantId}",
        webhooks.add,
        scope=Scope.WEBHOOKS_WRITE,
        creates_tenant=True,
        seconds=15,
    ),
    Route("GET", _WEBHOOK, webhooks.look, scope=Scope.WEBHOOKS_READ, seconds=10),
    Route("PATCH", _WEBHOOK, webhooks.change, scope=Scope.WEBHOOKS_WRITE, seconds=15),
    Route("DELETE", _WEBHOOK, webhooks.remove, scope=Scope.WEBHOOKS_WRITE, seconds=15),
    Route("POST", f"{_WEBHOOK}/rotate-secret", webhooks.rotate_secret, scope=Scope.WEBHOOKS_WRITE, seconds=15),
    Route("POST", f"{_WEBHOOK}/enable", webhooks.enable, scope=Scope.WEBHOOKS_WRITE, seconds=15),
    Route("POST", f"{_WEBHOOK}/test", webhooks.test, scope=Scope.WEBHOOKS_WRITE, seconds=45),
    Route("GET", f"{_WEBHOOK}/deliveries", webhooks.deliveries, scope=Scope.WEBHOOKS_READ, seconds=10),
    Route("GET", f"{_WEBHOOK}/dead-letters", webhooks.dead_letters, scope=Scope.WEBHOOKS_READ, seconds=10),
    Route(
        "POST",
        "/api/v1/webhooks/{tenantId}/{webhookId}/deliveries/{eventId}/retry",
        webhooks.retry,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=20,
    ),
    Route("POST", f"{_WEBHOOK}/recover", webhooks.recover, scope=Scope.WEBHOOKS_WRITE, seconds=40),
)
