"""Events over HTTP, for those who fetch them: pages from a cursor, server-sent events and WebSocket.

    GET /api/v1/events/{tenantId}?after=&limit=&wait=    {"events":[…],"cursor":"…","hasMore":…,"gap":…}
    GET /api/v1/events/{tenantId}/stream?after=          server-sent events, `id:` is the cursor
    GET /api/v1/events/{tenantId}/ws?after=              WebSocket, {"cursor":"…","event":{…}} each
    POST /api/v1/events/{tenantId}/tickets               opens one stream without a header: ?ticket=…

The events are the bytes of the webhooks. `after=latest` begins with what comes next. Streams end within seconds
when what opened them does (control/api/lasting.py): a WebSocket with 1008, an EventSource finds out when it comes
again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import Final

import orjson
from aiohttp import WSCloseCode, web

from control.api.answers import json_answer
from control.api.context import AUTHENTICATOR, READER, TICKETS
from control.api.event_shapes import StreamTicketOut
from control.api.lasting import Dismissed, refuse_dismissed, while_admitted
from control.api.query import known_only, limit, whole_number
from control.api.schemas import checked_tenant_id
from control.api.shape import iso
from control.auth.scopes import Scope
from control.errors import GatewayError
from control.events.reader import BEGINNING, EventReader
from control.events.stream import LoggedEvent
from control.storage.redis import leave_if_cancelled

LIMIT_MAX: Final = 500
WAIT_MAX_SECONDS: Final = 30
HEARTBEAT_SECONDS: Final = 15.0
WRITE_SECONDS: Final = 10.0
MESSAGE_MAX_BYTES: Final = 4096
"""A reader has nothing to say over the WebSocket."""


class Gap:
    """Events between the cursor asked for and the next one told are gone."""


Told = LoggedEvent | Gap | None


async def page(request: web.Request) -> web.Response:
    """GET …/events/{tenantId}. Raises `invalid_request`, `too_many_streams` when it waits."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    known_only(request, "after", "limit", "wait")
    reader = request.app[READER]
    after = await _after(request, tenant_id, request.query.get("after"))
    size = limit(request, most=LIMIT_MAX)
    within = whole_number(request, "wait", least=0, most=WAIT_MAX_SECONDS, default=0)
    found = await reader.page(tenant_id, after, size)
    if not found.events and within > 0:
        with reader.reading(tenant_id) as news:
            came = await reader.next_page(news, tenant_id, found.cursor, limit=size, within=within)
        # It may have waited long.
        await refuse_dismissed(request, Scope.EVENTS_READ, tenant_id)
        found = came or found
    body = orjson.dumps(
        {
            "success": True,
            "events": [orjson.Fragment(event.body) for event in found.events],
            "cursor": found.cursor,
            "hasMore": len(found.events) == size,
            "gap": found.gap,
        }
    )
    return web.Response(body=body, content_type="application/json")


async def ticket(request: web.Request) -> web.Response:
    """POST …/tickets: something that opens one stream within a minute."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    standing = request.app[AUTHENTICATOR].standing(request.headers)
    value, expires_at_ms = await request.app[TICKETS].issue(tenant_id, standing)
    return json_answer(StreamTicketOut(ticket=value, expires_at=iso(expires_at_ms)), status=201)


async def stream(request: web.Request) -> web.StreamResponse:
    """GET …/stream. EventSource comes again by itself with Last-Event-ID, and goes on after it."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    reader = request.app[READER]
    given = request.headers.get("Last-Event-ID") or request.query.get("after") or "latest"
    with reader.reading(tenant_id) as news:
        after = await _after(request, tenant_id, given) or BEGINNING
        await reader.page(tenant_id, after, 1)  # a wrong cursor is refused before the stream begins
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        try:
            await _in_time(response.write(b"retry: 1000\n\n"))
            with suppress(Dismissed):
                async with while_admitted(request, Scope.EVENTS_READ, tenant_id):
                    async for told in _follow(reader, news, tenant_id, after):
                        await _in_time(response.write(_frame(told)))
            with suppress(TimeoutError, ConnectionError):
                await _in_time(response.write_eof())
        except (TimeoutError, ConnectionError):
            # A reader that is gone, or takes nothing: its buffers are not worth keeping.
            if request.transport is not None:
                request.transport.abort()
    return response


async def websocket(request: web.Request) -> web.StreamResponse:
    """GET …/ws. The cursor of the last message is where to go on after a break."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    reader = request.app[READER]
    with reader.reading(tenant_id) as news:
        after = await _after(request, tenant_id, request.query.get("after") or "latest") or BEGINNING
        await reader.page(tenant_id, after, 1)
        # Compressed, each socket would keep some 300 KB for it.
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MESSAGE_MAX_BYTES, compress=False)
        if not socket.can_prepare(request).ok:
            raise GatewayError("invalid_request", "This address takes WebSockets only.")
        await socket.prepare(request)
        sending = asyncio.create_task(_send_all(socket, _follow(reader, news, tenant_id, after)))
        dismissed = False
        try:
            async with while_admitted(request, Scope.EVENTS_READ, tenant_id):
                async for _ in socket:
                    pass  # What a reader says is of no interest; that it is there is.
        except Dismissed:
            dismissed = True
        finally:
            sending.cancel()
            await asyncio.wait({sending})
        if dismissed:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION, drain=False)
    return socket


async def _send_all(socket: web.WebSocketResponse, followed: AsyncIterator[Told]) -> None:
    try:
        async for told in followed:
            if told is not None:  # pings keep the connection by themselves
                await _in_time(socket.send_str(_message(told).decode()))
        await _in_time(socket.close(code=WSCloseCode.GOING_AWAY))
    except (TimeoutError, ConnectionError):
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER, drain=False)


async def _follow(reader: EventReader, news: asyncio.Event, tenant_id: str, after: str) -> AsyncIterator[Told]:
    """All after a cursor and all that comes, None when nothing came for a while; ends with control."""
    cursor, told_gap = after, False
    while not reader.closed:
        leave_if_cancelled()
        page = await reader.next_page(news, tenant_id, cursor, limit=LIMIT_MAX, within=HEARTBEAT_SECONDS)
        if page is None:
            yield None
            continue
        if page.gap and not told_gap:
            yield Gap()
        told_gap = True
        for event in page.events:
            yield event
        cursor = page.cursor


def _frame(told: Told) -> bytes:
    match told:
        case None:
            return b": still here\n\n"
        case Gap():
            return b"event: gap\ndata: {}\n\n"
        case event:
            # JSON has no raw line breaks, so one data line is enough.
            return b"id: %b\nevent: %b\ndata: %b\n\n" % (event.cursor.encode(), event.type.encode(), event.body)


def _message(told: LoggedEvent | Gap) -> bytes:
    if isinstance(told, Gap):
        return b'{"gap":true}'
    return orjson.dumps({"cursor": told.cursor, "event": orjson.Fragment(told.body)})


async def _in_time(writing: Awaitable[object]) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        await writing


async def _after(request: web.Request, tenant_id: str, given: str | None) -> str | None:
    return await request.app[READER].latest(tenant_id) if given == "latest" else given
