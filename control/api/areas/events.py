"""Addresses of events."""

from __future__ import annotations

from typing import Final

from control.api import events
from control.api.event_shapes import EventPageOut, StreamTicketOut
from control.api.operation import Answer, Content, Operation, Parameter, Tag, after, limit
from control.api.route import Route
from control.auth.scopes import Scope

_EVENTS: Final = "/api/v1/events/{tenantId}"
_AFTER: Final = after(
    "The cursor after which to go on; `latest` for what comes next.",
    {"type": "string", "pattern": r"^([0-9]{1,20}-[0-9]{1,20}|latest)$"},
)

ROUTES: Final = (
    Route(
        "GET",
        _EVENTS,
        events.page,
        scope=Scope.EVENTS_READ,
        seconds=45,
        operation=Operation(
            "listEvents",
            Tag.EVENTS,
            "Fetch events",
            description=(
                "Events after a cursor, oldest first, with the very bodies of the webhooks. With `wait` an empty "
                "page waits for the next event. `gap` says that events between the cursor and this page are gone."
            ),
            parameters=(
                _AFTER,
                limit(most=events.LIMIT_MAX),
                Parameter(
                    "wait",
                    "Seconds to wait for an event when there is none.",
                    {"type": "integer", "minimum": 0, "maximum": events.WAIT_MAX_SECONDS, "default": 0},
                ),
            ),
            answers={200: EventPageOut},
            errors=("too_many_streams",),
        ),
    ),
    Route(
        "GET",
        f"{_EVENTS}/stream",
        events.stream,
        scope=Scope.EVENTS_READ,
        seconds=None,
        ticket=True,
        operation=Operation(
            "streamEvents",
            Tag.EVENTS,
            "Stream events",
            description=(
                "Server-sent events: `id` is the cursor, `event` the kind, `data` the body of the webhook. The "
                "event `gap` says that some are gone. A comment every 15 seconds keeps the connection; "
                "EventSource comes again by itself and goes on where it was."
            ),
            parameters=(
                _AFTER,
                Parameter(
                    "Last-Event-ID",
                    "The cursor after which to go on; wins over `after`.",
                    _AFTER.schema,
                    "header",
                ),
            ),
            answers={200: Content("The stream.", ("text/event-stream",), {"type": "string"})},
            errors=("too_many_streams",),
        ),
    ),
    Route(
        "GET",
        f"{_EVENTS}/ws",
        events.websocket,
        scope=Scope.EVENTS_READ,
        seconds=None,
        ticket=True,
        operation=Operation(
            "openEventSocket",
            Tag.EVENTS,
            "Stream events over a WebSocket",
            description=(
                'Each text frame is `{"cursor":"…","event":{…}}`, or `{"gap":true}` where events are gone. The '
                "cursor of the last one is where to go on after a break."
            ),
            parameters=(_AFTER,),
            answers={101: Answer("The WebSocket is open.")},
            errors=("invalid_request", "too_many_streams"),
        ),
    ),
    Route(
        "POST",
        f"{_EVENTS}/tickets",
        events.ticket,
        scope=Scope.EVENTS_READ,
        seconds=10,
        audited_each=False,
        operation=Operation(
            "createStreamTicket",
            Tag.EVENTS,
            "Get a ticket for a stream",
            description="Browsers send no headers with a stream: the ticket opens one in the address, once.",
            answers={201: StreamTicketOut},
        ),
    ),
)
