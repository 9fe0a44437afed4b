"""Addresses of messages and batches."""

from __future__ import annotations

from typing import Final

from control.api import batches, messages
from control.api.route import SEND_SECONDS, Route
from control.auth.scopes import Scope

ROUTES: Final = (
    Route(
        "POST", "/api/v1/messages/{tenantId}/send", messages.send, scope=Scope.MESSAGES_SEND, seconds=SEND_SECONDS
    ),
    Route(
        "POST",
        "/api/v1/messages/{tenantId}/batch",
        batches.create,
        scope=Scope.MESSAGES_SEND,
        seconds=SEND_SECONDS,
    ),
    Route("GET", "/api/v1/messages/{tenantId}/batches", batches.page, scope=Scope.MESSAGES_READ, seconds=15),
    Route(
        "GET", "/api/v1/messages/{tenantId}/batches/{batchId}", batches.get, scope=Scope.MESSAGES_READ, seconds=15
    ),
    Route(
        "GET",
        "/api/v1/messages/{tenantId}/batches/{batchId}/messages",
        batches.messages,
        scope=Scope.MESSAGES_READ,
        seconds=15,
    ),
    Route(
        "POST",
        "/api/v1/messages/{tenantId}/batches/{batchId}/pause",
        batches.pause,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
    ),
    Route(
        "POST",
        "/api/v1/messages/{tenantId}/batches/{batchId}/resume",
        batches.resume,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
    ),
    Route(
        "POST",
        "/api/v1/messages/{tenantId}/batches/{batchId}/cancel",
        batches.cancel,
        scope=Scope.MESSAGES_SEND,
        seconds=25,
    ),
    Route("GET", "/api/v1/messages/{tenantId}", messages.page, scope=Scope.MESSAGES_READ, seconds=15),
    Route("GET", "/api/v1/messages/{tenantId}/{messageId}", messages.get, scope=Scope.MESSAGES_READ, seconds=15),
    Route(
        "DELETE", "/api/v1/messages/{tenantId}/{messageId}", messages.cancel, scope=Scope.MESSAGES_SEND, seconds=15
    ),
    Route(
        "GET", "/api/v1/messages/{tenantId}/{messageId}/raw", messages.raw, scope=Scope.MESSAGES_READ, seconds=15
    ),
)
