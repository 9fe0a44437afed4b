"""Webhooks over HTTP: list, add, look, change, remove, rotate, test, and send again what was not delivered."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import WEBHOOK_SERVICE
from control.api.schemas import checked_tenant_id
from control.api.webhook_schemas import (
    DeadLetterOut,
    DeadLetterPageOut,
    DeliveryAttemptOut,
    DeliveryPageOut,
    RecoveryIn,
    RecoveryOut,
    RetryOut,
    SecretRotationIn,
    WebhookAddIn,
    WebhookChangeIn,
    WebhookOut,
    WebhookPageOut,
    WebhookRemovedOut,
    WebhookTestOut,
    WebhookWithSecretOut,
    ms_of,
)
from control.errors import GatewayError
from control.webhooks.history import AttemptStatus

PAGE_DEFAULT: Final = 50
PAGE_MAX: Final = 200

_WEBHOOK_ID: Final = re.compile(r"whe_[0-9a-f]{24}|default", re.ASCII)
_EVENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}", re.ASCII)
_STATUSES: Final[dict[str, AttemptStatus]] = {"delivered": "delivered", "failed": "failed"}


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/webhooks/{tenantId}: the tenant's webhooks and how they stand."""
    views = await request.app[WEBHOOK_SERVICE].page(_tenant(request))
    return json_answer(WebhookPageOut(webhooks=[WebhookOut.of(view) for view in views]))


async def add(request: web.Request) -> web.Response:
    """POST /api/v1/webhooks/{tenantId}: one more webhook; its events begin now."""
    tenant_id, service = _tenant(request), request.app[WEBHOOK_SERVICE]
    body = checked(WebhookAddIn, await read_object(request))
    stored, secret = await service.endpoints.add(
        tenant_id,
        secret=body.secret,
        headers=body.headers,
        url=body.url,
        events=body.events,
        ordering=body.ordering,
        inline_media_max_bytes=body.inline_media_max_bytes,
        description=body.description,
    )
    return json_answer(WebhookWithSecretOut.shown(await service.view(tenant_id, stored), secret), status=201)


async def look(request: web.Request) -> web.Response:
    """GET …/{webhookId}: one webhook."""
    return json_answer(WebhookOut.of(await request.app[WEBHOOK_SERVICE].get(*_address(request))))


async def change(request: web.Request) -> web.Response:
    """PATCH …/{webhookId}: change what is in the body."""
    tenant_id, webhook_id = _address(request)
    values = checked(WebhookChangeIn, await read_object(request)).given()
    if not values:
        raise GatewayError("invalid_request", "The body names nothing to change.")
    return json_answer(WebhookOut.of(await request.app[WEBHOOK_SERVICE].change(tenant_id, webhook_id, values)))


async def remove(request: web.Request) -> web.Response:
    """DELETE …/{webhookId}: remove it, with what waits for it."""
    return json_answer(WebhookRemovedOut(dropped=await request.app[WEBHOOK_SERVICE].remove(*_address(request))))


async def rotate_secret(request: web.Request) -> web.Response:
    """POST …/rotate-secret: a new secret; the one before signs too until the overlap ends."""
    tenant_id, webhook_id = _address(request)
    service = request.app[WEBHOOK_SERVICE]
    body = checked(SecretRotationIn, await read_object(request, optional=True))
    stored, secret = await service.endpoints.rotate(tenant_id, webhook_id, body.overlap_seconds)
    return json_answer(WebhookWithSecretOut.shown(await service.view(tenant_id, stored), secret))


async def enable(request: web.Request) -> web.Response:
    """POST …/enable: switch it on; what waits is sent."""
    tenant_id, webhook_id = _address(request)
    view = await request.app[WEBHOOK_SERVICE].change(tenant_id, webhook_id, {"enabled": True})
    return json_answer(WebhookOut.of(view))


async def test(request: web.Request) -> web.Response:
    """POST …/test: send a test event now and say what happened."""
    return json_answer(WebhookTestOut.of(*await request.app[WEBHOOK_SERVICE].test(*_address(request))))


async def deliveries(request: web.Request) -> web.Response:
    """GET …/deliveries?status=&after=&limit=: the last attempts, newest first."""
    service = request.app[WEBHOOK_SERVICE]
    status = request.query.get("status") or None
    if status is not None and status not in _STATUSES:
        raise _wrong("status", "must be delivered or failed")
    found, following = await service.history.attempts(
        await service.line(*_address(request)),
        status=_STATUSES[status] if status is not None else None,
        after=request.query.get("after") or None,
        limit=_limit(request),
    )
    return json_answer(
        DeliveryPageOut(deliveries=[DeliveryAttemptOut.of(attempt) for attempt in found], next=following)
    )


async def dead_letters(request: web.Request) -> web.Response:
    """GET …/dead-letters?after=&limit=: what was given up, newest first."""
    service = request.app[WEBHOOK_SERVICE]
    found, following = await service.history.dead_letters(
        await service.line(*_address(request)), after=request.query.get("after") or None, limit=_limit(request)
    )
    return json_answer(
        DeadLetterPageOut(dead_letters=[DeadLetterOut.of(letter) for letter in found], next=following)
    )


async def retry(request: web.Request) -> web.Response:
    """POST …/deliveries/{eventId}/retry: send one event again."""
    event_id = request.match_info["eventId"]
    if not _EVENT_ID.fullmatch(event_id):
        raise GatewayError("delivery_not_found")
    state = await request.app[WEBHOOK_SERVICE].retry(*_address(request), event_id)
    return json_answer(RetryOut(event_id=event_id, state=state))


async def recover(request: web.Request) -> web.Response:
    """POST …/recover {since, until?, status}: send again what was given up, or everything."""
    tenant_id, webhook_id = _address(request)
    body = checked(RecoveryIn, await read_object(request))
    if body.until is not None and body.until < body.since:
        raise _wrong("until", "must not be before since")
    done = await request.app[WEBHOOK_SERVICE].recover(
        tenant_id,
        webhook_id,
        body.status,
        since_ms=ms_of(body.since),
        until_ms=ms_of(body.until) if body.until is not None else None,
    )
    return json_answer(RecoveryOut.of(done))


def _tenant(request: web.Request) -> str:
    return checked_tenant_id(request.match_info["tenantId"])


def _address(request: web.Request) -> tuple[str, str]:
    tenant_id, webhook_id = _tenant(request), request.match_info["webhookId"]
    if not _WEBHOOK_ID.fullmatch(webhook_id):
        raise GatewayError("webhook_not_found")
    return tenant_id, webhook_id


def _limit(request: web.Request) -> int:
    given = request.query.get("limit") or str(PAGE_DEFAULT)
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= PAGE_MAX):
        raise _wrong("limit", f"must be a whole number from 1 to {PAGE_MAX}")
    return int(given)


def _wrong(name: str, problem: str) -> GatewayError:
    return GatewayError("invalid_request", f"{name} {problem}.", errors=[{"field": name, "message": problem}])
