"""The middleware that tells the audit log what was done, and who was not let in."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from control.api.caller_address import caller_address
from control.api.context import AUDIT, AUDIT_TARGET, AUDIT_TENANT, PRINCIPAL, REQUEST_ID
from control.api.route import Route
from control.audit.entry import NOBODY, REFUSED, AuditEntry
from control.auth.credential import claimed_key_id
from control.log import mask_phone

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})

# What a thing is called in an address. A contact is a phone number, which no log needs in full.
_TARGETS: Final = (
    "keyId",
    "webhookId",
    "linkId",
    "messageId",
    "batchId",
    "mediaId",
    "labelId",
    "channelId",
    "groupId",
)
_PEOPLE: Final = "contact"
_TARGET_MAX: Final = 128


def auditing(route_of: Callable[[web.Request], Route | None]) -> Middleware:
    """Make the middleware. It stands outside the one that turns errors into answers, so it sees every status."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        status = 0
        try:
            response = await handler(request)
            status = response.status
            return response
        finally:
            if status == 401 and PRINCIPAL not in request:
                request.app[AUDIT].record(_refused(request))
            elif request.method not in _READING and PRINCIPAL in request:
                route = route_of(request)
                request.app[AUDIT].record(_done(request, route, status), each=route is None or route.audited_each)

    return middleware


def _done(request: web.Request, route: Route | None, status: int) -> AuditEntry:
    principal = request[PRINCIPAL]
    return AuditEntry(
        at_ms=time.time_ns() // 1_000_000,
        kind=principal.kind.value,
        key_id=principal.key_id,
        address=caller_address(request),
        method=request.method,
        route=route.path if route is not None else None,
        action=route.operation.id if route is not None and route.operation is not None else None,
        tenant_id=request.get(AUDIT_TENANT) or _tenant(request),
        target=request.get(AUDIT_TARGET) or _target(request),
        status=status,
        request_id=request[REQUEST_ID],
    )


def _refused(request: web.Request) -> AuditEntry:
    # Nothing an unknown caller wrote is kept but what has the shape of an id: not the tenant, not the address.
    return AuditEntry(
        at_ms=time.time_ns() // 1_000_000,
        kind=NOBODY,
        key_id=claimed_key_id(request.headers),
        address=caller_address(request),
        method=request.method,
        route=None,
        action=REFUSED,
        tenant_id=None,
        target=None,
        status=401,
        request_id=request[REQUEST_ID],
    )


def _tenant(request: web.Request) -> str | None:
    """Return the tenant in the address, or the only one of the holder's.

    Not another's in the address: those who may read of that tenant do not hear of who tried it.
    """
    principal, tenant_id = request[PRINCIPAL], request.match_info.get("tenantId")
    if tenant_id is None and principal.tenants is not None and len(principal.tenants) == 1:
        (tenant_id,) = principal.tenants
    return tenant_id if tenant_id is not None and principal.sees(tenant_id) else None


def _target(request: web.Request) -> str | None:
    asked = request.match_info.get("tenantId")
    if asked is not None and not request[PRINCIPAL].sees(asked):
        return asked[:_TARGET_MAX]
    if _PEOPLE in request.match_info:
        return mask_phone(request.match_info[_PEOPLE])
    found = next((request.match_info[name] for name in _TARGETS if name in request.match_info), None)
    return found[:_TARGET_MAX] if found is not None else None
