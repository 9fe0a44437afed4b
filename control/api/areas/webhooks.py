"""Addresses of webhooks. Those of their deliveries are in deliveries.py."""

from __future__ import annotations

from typing import Final

from control.api import webhooks
from control.api.operation import Body, Operation, Tag
from control.api.route import Route
from control.api.webhook_schemas import (
    SecretRotationIn,
    WebhookAddIn,
    WebhookChangeIn,
    WebhookOut,
    WebhookPageOut,
    WebhookRemovedOut,
    WebhookWithSecretOut,
)
from control.auth.scopes import Scope

_WEBHOOKS: Final = "/api/v1/webhooks/{tenantId}"
_WEBHOOK: Final = f"{_WEBHOOKS}/{{webhookId}}"

ROUTES: Final = (
    Route(
        "GET",
        _WEBHOOKS,
        webhooks.page,
        scope=Scope.WEBHOOKS_READ,
        seconds=10,
        operation=Operation(
            "listWebhooks",
            Tag.WEBHOOKS,
            "List webhooks",
            description="All of the tenant and how they stand, oldest first.",
            answers={200: WebhookPageOut},
        ),
    ),
    Route(
        "POST",
        _WEBHOOKS,
        webhooks.add,
        scope=Scope.WEBHOOKS_WRITE,
        creates_tenant=True,
        seconds=15,
        operation=Operation(
            "addWebhook",
            Tag.WEBHOOKS,
            "Add a webhook",
            description=(
                "Its events begin now. Without a `secret` one is made, which is in this answer and in no other. "
                "How to check signatures: docs/webhooks.md."
            ),
            body=WebhookAddIn,
            answers={201: WebhookWithSecretOut},
            errors=("webhook_url_refused", "too_many_webhooks", "disk_unavailable"),
        ),
    ),
    Route(
        "GET",
        _WEBHOOK,
        webhooks.look,
        scope=Scope.WEBHOOKS_READ,
        seconds=10,
        operation=Operation(
            "getWebhook",
            Tag.WEBHOOKS,
            "Look at a webhook",
            description="Whether it is healthy, what waits for it and why it failed last.",
            answers={200: WebhookOut},
            errors=("webhook_not_found",),
        ),
    ),
    Route(
        "PATCH",
        _WEBHOOK,
        webhooks.change,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=15,
        operation=Operation(
            "changeWebhook",
            Tag.WEBHOOKS,
            "Change a webhook",
            description="What is left out stays as it is.",
            body=WebhookChangeIn,
            answers={200: WebhookOut},
            errors=("webhook_not_found", "webhook_is_default", "webhook_url_refused", "disk_unavailable"),
        ),
    ),
    Route(
        "DELETE",
        _WEBHOOK,
        webhooks.remove,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=15,
        operation=Operation(
            "removeWebhook",
            Tag.WEBHOOKS,
            "Remove a webhook",
            description="With the events that wait for it.",
            answers={200: WebhookRemovedOut},
            errors=("webhook_not_found", "webhook_is_default", "disk_unavailable"),
        ),
    ),
    Route(
        "POST",
        f"{_WEBHOOK}/rotate-secret",
        webhooks.rotate_secret,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=15,
        operation=Operation(
            "rotateWebhookSecret",
            Tag.WEBHOOKS,
            "Give a webhook a new secret",
            description="The secret before signs too until the overlap ends, so that no event is refused.",
            body=Body(SecretRotationIn, required=False),
            answers={200: WebhookWithSecretOut},
            errors=("webhook_not_found", "webhook_is_default", "disk_unavailable"),
        ),
    ),
    Route(
        "POST",
        f"{_WEBHOOK}/enable",
        webhooks.enable,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=15,
        operation=Operation(
            "enableWebhook",
            Tag.WEBHOOKS,
            "Enable a webhook",
            description="One that was disabled, by hand or because it failed for long. What waits is sent.",
            answers={200: WebhookOut},
            errors=("webhook_not_found", "webhook_is_default", "disk_unavailable"),
        ),
    ),
)
