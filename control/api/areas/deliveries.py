"""Addresses of what was sent to webhooks and what was not."""

from __future__ import annotations

from typing import Final

from control.api import webhooks
from control.api.operation import Operation, Parameter, Tag, after, limit
from control.api.route import Route
from control.api.webhook_schemas import (
    DeadLetterPageOut,
    DeliveryPageOut,
    RecoveryIn,
    RecoveryOut,
    RetryOut,
    WebhookTestOut,
)
from control.auth.scopes import Scope

_WEBHOOK: Final = "/api/v1/webhooks/{tenantId}/{webhookId}"
_PAGE: Final = (
    after("The `next` of the page before."),
    limit(most=webhooks.PAGE_MAX, default=webhooks.PAGE_DEFAULT),
)

ROUTES: Final = (
    Route(
        "POST",
        f"{_WEBHOOK}/test",
        webhooks.test,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=45,
        operation=Operation(
            "testWebhook",
            Tag.WEBHOOKS,
            "Test a webhook",
            description="Sends a test event now and says what became of it.",
            answers={200: WebhookTestOut},
            errors=("webhook_not_found", "webhook_busy", "webhook_secret_lost", "webhook_url_refused"),
        ),
    ),
    Route(
        "GET",
        f"{_WEBHOOK}/deliveries",
        webhooks.deliveries,
        scope=Scope.WEBHOOKS_READ,
        seconds=10,
        operation=Operation(
            "listDeliveries",
            Tag.WEBHOOKS,
            "List delivery attempts",
            description="The last ones, newest first, with what the application answered to those that failed.",
            parameters=(
                Parameter(
                    "status",
                    "Only attempts that ended so.",
                    {"type": "string", "enum": ["delivered", "failed"]},
                ),
                *_PAGE,
            ),
            answers={200: DeliveryPageOut},
            errors=("webhook_not_found",),
        ),
    ),
    Route(
        "GET",
        f"{_WEBHOOK}/dead-letters",
        webhooks.dead_letters,
        scope=Scope.WEBHOOKS_READ,
        seconds=10,
        operation=Operation(
            "listDeadLetters",
            Tag.WEBHOOKS,
            "List events that were given up",
            description="Newest first, each as it would have been sent.",
            parameters=_PAGE,
            answers={200: DeadLetterPageOut},
            errors=("webhook_not_found",),
        ),
    ),
    Route(
        "POST",
        f"{_WEBHOOK}/deliveries/{{eventId}}/retry",
        webhooks.retry,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=20,
        operation=Operation(
            "retryDelivery",
            Tag.WEBHOOKS,
            "Send one event again",
            description="Whether it was delivered, given up or waits.",
            answers={200: RetryOut},
            errors=("webhook_not_found", "delivery_not_found"),
        ),
    ),
    Route(
        "POST",
        f"{_WEBHOOK}/recover",
        webhooks.recover,
        scope=Scope.WEBHOOKS_WRITE,
        seconds=40,
        operation=Operation(
            "recoverDeliveries",
            Tag.WEBHOOKS,
            "Send many events again",
            description=(
                "Those of a time that were given up, or all. When `complete` is false, ask again with "
                "`continueFrom` as `since`."
            ),
            body=RecoveryIn,
            answers={200: RecoveryOut},
            errors=("webhook_not_found",),
        ),
    ),
)
