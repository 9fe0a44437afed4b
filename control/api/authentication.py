"""Who is let in: the middleware between the route table's word and the handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from control.api.admission import admit, admit_visitor
from control.api.caller_address import caller_address
from control.api.context import (
    AUDIT_TARGET,
    AUDIT_TENANT,
    AUTHENTICATOR,
    CONNECT_LINKS,
    PRINCIPAL,
    STANDING,
    TICKETS,
    VISITOR,
)
from control.api.route import Route
from control.auth.credential import credential_in, refuse_in_address
from control.auth.jwt import Purpose
from control.auth.principal import Principal
from control.auth.scopes import Scope

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def authentication(route_of: Callable[[web.Request], Route | None]) -> Middleware:
    """Make the middleware that lets in who has a key or a ticket for what the route table asks, nobody else.

    An address that is no route needs a valid key, so that nobody else learns what there is.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        route = route_of(request)
        if route is not None and route.public:
            return await handler(request)
        if route is not None and route.link is not None:
            await _visitor(request, route, route.link)
            return await handler(request)
        tenant_id = request.match_info.get("tenantId")
        principal = await _principal(request, route, tenant_id)
        request[PRINCIPAL] = principal
        if route is not None and route.any_scope:
            return await handler(request)
        if route is not None:
            # A row that names no scope is the operator's alone.
            principal.require(route.scope or Scope.INSTALLATION, tenant_id)
        await admit(request, route, principal, tenant_id)
        return await handler(request)

    return middleware


async def _visitor(request: web.Request, route: Route, purpose: Purpose) -> None:
    """Let in who shows a connect link, or the token of its visit; the tenant is the link's."""
    refuse_in_address(request.query.items())
    visitor = await request.app[CONNECT_LINKS].visitor(purpose, credential_in(request.headers))
    request[VISITOR] = visitor
    request[PRINCIPAL] = visitor.principal
    request[AUDIT_TENANT], request[AUDIT_TARGET] = visitor.link.tenant_id, visitor.link.id
    await admit_visitor(request.app, visitor.link.tenant_id, creating=route.creates_tenant)


async def _principal(request: web.Request, route: Route | None, tenant_id: str | None) -> Principal:
    refuse_in_address(request.query.items())
    if route is not None and route.ticket and tenant_id is not None and "ticket" in request.query:
        principal, request[STANDING] = await request.app[TICKETS].redeem(request.query["ticket"], tenant_id)
        # Whoever asked for it may have been shut out since.
        (await request.app[AUTHENTICATOR].still(request[STANDING])).require(Scope.EVENTS_READ, tenant_id)
        return principal
    return await request.app[AUTHENTICATOR].authenticate(request.headers, address=caller_address(request))
