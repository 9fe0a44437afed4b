"""Every address of the REST API. The rows are in control/api/areas/.

A route needs a key unless it is declared public there, and so does every address that is no route.
"""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from control.api import rate_limits
from control.api.areas import (
    audit,
    batches,
    channels,
    chats,
    connect,
    contacts,
    deliveries,
    documents,
    events,
    group_members,
    groups,
    health,
    keys,
    labels,
    media,
    messages,
    metrics,
    numbers,
    pages,
    sandbox,
    session_settings,
    sessions,
    tenants,
    tokens,
    webhooks,
)
from control.api.auditing import auditing
from control.api.authentication import authentication
from control.api.context import INSTRUMENTS
from control.api.cors import Cors
from control.api.middleware import deadline, errors, request_id, set_headers
from control.api.openapi import OPENAPI, OpenApiDocument
from control.api.route import Route
from control.metrics.instruments import Instruments

ROUTES: Final[tuple[Route, ...]] = (
    *sessions.ROUTES,
    *session_settings.ROUTES,
    # Before those of messages: `batches` would be taken for the id of one.
    *batches.ROUTES,
    *messages.ROUTES,
    *chats.ROUTES,
    *numbers.ROUTES,
    *contacts.ROUTES,
    *group_members.ROUTES,
    *groups.ROUTES,
    *media.ROUTES,
    *events.ROUTES,
    *channels.ROUTES,
    *labels.ROUTES,
    *webhooks.ROUTES,
    *connect.ROUTES,
    *tokens.ROUTES,
    *tenants.ROUTES,
    *deliveries.ROUTES,
    *keys.ROUTES,
    *audit.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
    *documents.ROUTES,
    *pages.ROUTES,
    *sandbox.ROUTES,
)

_BY_ADDRESS: Final = {(route.method, route.path): route for route in ROUTES}
_OTHER_SECONDS: Final = 15.0
_VARIABLE: Final = re.compile(r"\{(\w+)\}")
_NO_IDS: Final = {"messageId": ("send", "batch", "batches"), "groupId": ("join",)}
"""Names of addresses that stand where ids stand."""


def new_application(cors: Cors) -> web.Application:
    """Return an application with all routes, middlewares and limits, still without what handlers use."""
    app = web.Application(
        middlewares=[
            request_id,
            cors.middleware(),
            auditing(_route),
            errors,
            deadline(_seconds),
            rate_limits.before_authentication(_route),
            authentication(_route),
            rate_limits.after_authentication(_route),
        ],
    )
    app[INSTRUMENTS] = Instruments()
    app[OPENAPI] = OpenApiDocument(ROUTES)
    for route in ROUTES:
        path = _VARIABLE.sub(_pattern, route.path)
        if route.method == "GET":
            app.router.add_get(path, route.handler)  # and HEAD, which monitors like
        else:
            app.router.add_route(route.method, path, route.handler)
    app.on_response_prepare.append(set_headers)
    app.on_response_prepare.append(rate_limits.set_headers)
    app.on_response_prepare.append(cors.set_headers)
    return app


def _pattern(variable: re.Match[str]) -> str:
    name = variable[1]
    taken = f"(?!(?:{'|'.join(_NO_IDS[name])})$)" if name in _NO_IDS else ""
    # By itself a variable takes no braces, and such a tenant id would be "not found" instead of "not valid".
    return f"{{{name}:{taken}[^/]+}}"


def _route(request: web.Request) -> Route | None:
    resource = request.match_info.route.resource
    method = "GET" if request.method == "HEAD" else request.method
    return _BY_ADDRESS.get((method, resource.canonical)) if resource is not None else None


def _seconds(request: web.Request) -> float | None:
    route = _route(request)
    return route.seconds if route is not None else _OTHER_SECONDS
