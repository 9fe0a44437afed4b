"""Every address of the REST API, on one page.

A route needs a key unless it is declared public here, and so does every address that is no route.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control.api import health, live, messages, proxy, qr, sessions, webhooks
from control.api.cors import Cors
from control.api.middleware import authentication, deadline, errors, request_id, set_headers

MAX_BODY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Route:
    """One address. seconds: the deadline of a request, above what its own parts may take; None for a stream."""

    method: str
    path: str
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    seconds: float | None
    public: bool = False


_WEBHOOK: Final = "/api/v1/webhooks/{tenantId}/{webhookId}"

ROUTES: Final = (
    Route("POST", "/api/v1/sessions/{tenantId}/start", sessions.start, seconds=35),
    Route("GET", "/api/v1/sessions/{tenantId}/status", sessions.status, seconds=15),
    Route("GET", "/api/v1/sessions/{tenantId}/qr", qr.qr, seconds=20),
    Route("GET", "/api/v1/sessions/{tenantId}/events", live.live, seconds=None),
    Route("POST", "/api/v1/sessions/{tenantId}/pairing-code", sessions.pairing_code, seconds=35),
    Route("POST", "/api/v1/sessions/{tenantId}/restart", sessions.restart, seconds=35),
    Route("PUT", "/api/v1/sessions/{tenantId}/proxy", proxy.put, seconds=35),
    Route("DELETE", "/api/v1/sessions/{tenantId}/proxy", proxy.delete, seconds=35),
    Route("POST", "/api/v1/sessions/{tenantId}/stop", sessions.stop, seconds=25),
    Route("POST", "/api/v1/sessions/{tenantId}/logout", sessions.logout, seconds=30),
    Route("DELETE", "/api/v1/sessions/{tenantId}", sessions.delete, seconds=35),
    Route("GET", "/api/v1/sessions", sessions.page, seconds=15),
    Route("POST", "/api/v1/messages/{tenantId}/send", messages.send, seconds=35),
    Route("GET", "/api/v1/webhooks/{tenantId}", webhooks.page, seconds=10),
    Route("POST", "/api/v1/webhooks/{tenantId}", webhooks.add, seconds=15),
    Route("GET", _WEBHOOK, webhooks.look, seconds=10),
    Route("PATCH", _WEBHOOK, webhooks.change, seconds=15),
    Route("DELETE", _WEBHOOK, webhooks.remove, seconds=15),
    Route("POST", f"{_WEBHOOK}/rotate-secret", webhooks.rotate_secret, seconds=15),
    Route("POST", f"{_WEBHOOK}/enable", webhooks.enable, seconds=15),
    Route("POST", f"{_WEBHOOK}/test", webhooks.test, seconds=45),
    Route("GET", f"{_WEBHOOK}/deliveries", webhooks.deliveries, seconds=10),
    Route("GET", f"{_WEBHOOK}/dead-letters", webhooks.dead_letters, seconds=10),
    Route(
        "POST", "/api/v1/webhooks/{tenantId}/{webhookId}/deliveries/{eventId}/retry", webhooks.retry, seconds=20
    ),
    Route("POST", f"{_WEBHOOK}/recover", webhooks.recover, seconds=40),
    Route("GET", "/health", health.health, seconds=5, public=True),
    Route("GET", "/health/live", health.live, seconds=5, public=True),
    Route("GET", "/health/ready", health.ready, seconds=5, public=True),
)

_BY_ADDRESS: Final = {(route.method, route.path): route for route in ROUTES}
_OTHER_SECONDS: Final = 15.0


def new_application(cors: Cors) -> web.Application:
    """Return an application with all routes, middlewares and limits, still without what handlers use."""
    app = web.Application(
        client_max_size=MAX_BODY_BYTES,
        middlewares=[request_id, cors.middleware(), errors, deadline(_seconds), authentication(_is_public)],
    )
    for route in ROUTES:
        # By itself a variable takes no braces, and such a tenant id would be "not found" instead of "not valid".
        path = route.path.replace("{tenantId}", "{tenantId:[^/]+}")
        if route.method == "GET":
            app.router.add_get(path, route.handler)  # and HEAD, which monitors like
        else:
            app.router.add_route(route.method, path, route.handler)
    app.on_response_prepare.append(set_headers)
    app.on_response_prepare.append(cors.set_headers)
    return app


def _route(request: web.Request) -> Route | None:
    resource = request.match_info.route.resource
    method = "GET" if request.method == "HEAD" else request.method
    return _BY_ADDRESS.get((method, resource.canonical)) if resource is not None else None


def _seconds(request: web.Request) -> float | None:
    route = _route(request)
    return route.seconds if route is not None else _OTHER_SECONDS


def _is_public(request: web.Request) -> bool:
    route = _route(request)
    return route is not None and route.public
