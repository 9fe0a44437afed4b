"""Every address of the REST API, on one page.

A route needs a key unless it is declared public here, and so does every address that is no route.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from control.api import (
    batches,
    channels,
    chats,
    contacts,
    events,
    groups,
    health,
    labels,
    limits,
    live,
    media,
    messages,
    numbers,
    proxy,
    qr,
    session_settings,
    sessions,
    webhooks,
)
from control.api.cors import Cors
from control.api.middleware import authentication, deadline, errors, request_id, set_headers

SEND_SECONDS: Final = 400.0
"""Of a send with a file: its parts have limits of their own, which together may be this long. A file is uploaded
or fetched, waits for its turn, is converted, and WhatsApp's answer is waited for."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    seconds: the deadline of a request, above what its own parts may take; None for a stream.
    ticket: a ticket in the address opens it too.
    """

    method: str
    path: str
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    seconds: float | None
    public: bool = False
    ticket: bool = False


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
    Route("GET", "/api/v1/sessions/{tenantId}/limits", limits.get, seconds=15),
    Route("PUT", "/api/v1/sessions/{tenantId}/limits", limits.put, seconds=15),
    Route("GET", "/api/v1/sessions/{tenantId}/settings", session_settings.get, seconds=15),
    Route("PATCH", "/api/v1/sessions/{tenantId}/settings", session_settings.patch, seconds=15),
    Route("POST", "/api/v1/sessions/{tenantId}/stop", sessions.stop, seconds=25),
    Route("POST", "/api/v1/sessions/{tenantId}/logout", sessions.logout, seconds=30),
    Route("DELETE", "/api/v1/sessions/{tenantId}", sessions.delete, seconds=35),
    Route("GET", "/api/v1/sessions", sessions.page, seconds=15),
    Route("POST", "/api/v1/messages/{tenantId}/send", messages.send, seconds=SEND_SECONDS),
    Route("POST", "/api/v1/messages/{tenantId}/batch", batches.create, seconds=SEND_SECONDS),
    Route("GET", "/api/v1/messages/{tenantId}/batches", batches.page, seconds=15),
    Route("GET", "/api/v1/messages/{tenantId}/batches/{batchId}", batches.get, seconds=15),
    Route("GET", "/api/v1/messages/{tenantId}/batches/{batchId}/messages", batches.messages, seconds=15),
    Route("POST", "/api/v1/messages/{tenantId}/batches/{batchId}/pause", batches.pause, seconds=25),
    Route("POST", "/api/v1/messages/{tenantId}/batches/{batchId}/resume", batches.resume, seconds=25),
    Route("POST", "/api/v1/messages/{tenantId}/batches/{batchId}/cancel", batches.cancel, seconds=25),
    Route("GET", "/api/v1/messages/{tenantId}", messages.page, seconds=15),
    Route("GET", "/api/v1/messages/{tenantId}/{messageId}", messages.get, seconds=15),
    Route("DELETE", "/api/v1/messages/{tenantId}/{messageId}", messages.cancel, seconds=15),
    Route("POST", "/api/v1/chats/{tenantId}/read", chats.read, seconds=25),
    Route("POST", "/api/v1/chats/{tenantId}/presence", chats.presence, seconds=25),
    Route("POST", "/api/v1/numbers/{tenantId}/check", numbers.check, seconds=95),
    Route("GET", "/api/v1/contacts/{tenantId}/blocked", contacts.blocked, seconds=35),
    Route("GET", "/api/v1/contacts/{tenantId}/{contact}", contacts.get, seconds=45),
    Route("POST", "/api/v1/contacts/{tenantId}/{contact}/block", contacts.block, seconds=35),
    Route("DELETE", "/api/v1/contacts/{tenantId}/{contact}/block", contacts.unblock, seconds=35),
    Route("GET", "/api/v1/groups/{tenantId}", groups.page, seconds=55),
    Route("POST", "/api/v1/groups/{tenantId}", groups.create, seconds=55),
    Route("POST", "/api/v1/groups/{tenantId}/join", groups.join, seconds=35),
    Route("GET", "/api/v1/groups/{tenantId}/invites/{code}", groups.invite_info, seconds=35),
    Route("GET", "/api/v1/groups/{tenantId}/{groupId}", groups.get, seconds=35),
    Route("PATCH", "/api/v1/groups/{tenantId}/{groupId}", groups.update, seconds=55),
    Route("DELETE", "/api/v1/groups/{tenantId}/{groupId}", groups.leave, seconds=35),
    Route("PUT", "/api/v1/groups/{tenantId}/{groupId}/picture", groups.set_picture, seconds=SEND_SECONDS),
    Route("DELETE", "/api/v1/groups/{tenantId}/{groupId}/picture", groups.delete_picture, seconds=55),
    Route("POST", "/api/v1/groups/{tenantId}/{groupId}/participants", groups.participants, seconds=55),
    Route("GET", "/api/v1/groups/{tenantId}/{groupId}/invite", groups.invite, seconds=35),
    Route("POST", "/api/v1/groups/{tenantId}/{groupId}/invite", groups.revoke_invite, seconds=35),
    Route("GET", "/api/v1/groups/{tenantId}/{groupId}/join-requests", groups.join_requests, seconds=35),
    Route("POST", "/api/v1/groups/{tenantId}/{groupId}/join-requests", groups.decide, seconds=55),
    Route("GET", "/api/v1/messages/{tenantId}/{messageId}/raw", messages.raw, seconds=15),
    Route("GET", "/api/v1/media/{tenantId}/{mediaId}", media.get, seconds=None),
    Route("POST", "/api/v1/chats/{tenantId}/follow-presence", chats.follow_presence, seconds=25),
    Route("GET", "/api/v1/events/{tenantId}", events.page, seconds=45),
    Route("GET", "/api/v1/events/{tenantId}/stream", events.stream, seconds=None, ticket=True),
    Route("GET", "/api/v1/events/{tenantId}/ws", events.websocket, seconds=None, ticket=True),
    Route("POST", "/api/v1/events/{tenantId}/tickets", events.ticket, seconds=10),
    Route("GET", "/api/v1/channels/{tenantId}", channels.page, seconds=45),
    Route("POST", "/api/v1/channels/{tenantId}", channels.create, seconds=45),
    Route("GET", "/api/v1/channels/{tenantId}/invites/{code}", channels.by_invite, seconds=35),
    Route("GET", "/api/v1/channels/{tenantId}/{channelId}", channels.get, seconds=35),
    Route("POST", "/api/v1/channels/{tenantId}/{channelId}/follow", channels.follow, seconds=35),
    Route("DELETE", "/api/v1/channels/{tenantId}/{channelId}/follow", channels.unfollow, seconds=35),
    Route("GET", "/api/v1/channels/{tenantId}/{channelId}/messages", channels.messages, seconds=45),
    Route("GET", "/api/v1/labels/{tenantId}", labels.page, seconds=15),
    Route("POST", "/api/v1/labels/{tenantId}", labels.create, seconds=45),
    Route("PUT", "/api/v1/labels/{tenantId}/{labelId}", labels.update, seconds=45),
    Route("DELETE", "/api/v1/labels/{tenantId}/{labelId}", labels.delete, seconds=45),
    Route("POST", "/api/v1/labels/{tenantId}/{labelId}/assign", labels.assign, seconds=85),
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
_VARIABLE: Final = re.compile(r"\{(\w+)\}")
_NO_MESSAGE_IDS: Final = ("send", "batch", "batches")


def new_application(cors: Cors) -> web.Application:
    """Return an application with all routes, middlewares and limits, still without what handlers use."""
    app = web.Application(
        middlewares=[
            request_id,
            cors.middleware(),
            errors,
            deadline(_seconds),
            authentication(_is_public, _takes_ticket),
        ],
    )
    for route in ROUTES:
        path = _VARIABLE.sub(_pattern, route.path)
        if route.method == "GET":
            app.router.add_get(path, route.handler)  # and HEAD, which monitors like
        else:
            app.router.add_route(route.method, path, route.handler)
    app.on_response_prepare.append(set_headers)
    app.on_response_prepare.append(cors.set_headers)
    return app


def _pattern(variable: re.Match[str]) -> str:
    name = variable[1]
    # A message's id stands where names of addresses stand, and those are no ids.
    taken = f"(?!(?:{'|'.join(_NO_MESSAGE_IDS)})$)" if name == "messageId" else ""
    # By itself a variable takes no braces, and such a tenant id would be "not found" instead of "not valid".
    return f"{{{name}:{taken}[^/]+}}"


def _route(request: web.Request) -> Route | None:
    resource = request.match_info.route.resource
    method = "GET" if request.method == "HEAD" else request.method
    return _BY_ADDRESS.get((method, resource.canonical)) if resource is not None else None


def _seconds(request: web.Request) -> float | None:
    route = _route(request)
    return route.seconds if route is not None else _OTHER_SECONDS


def _takes_ticket(request: web.Request) -> bool:
    route = _route(request)
    return route is not None and route.ticket


def _is_public(request: web.Request) -> bool:
    route = _route(request)
    return route is not None and route.public
