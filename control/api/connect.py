"""What the connect page asks, by the link's token or by that of its visit, and only for the link's own tenant.

    POST /api/v1/connect/visits          by the link: opens it; answers with the brand and a token for the others
    POST /api/v1/connect/start           makes the session run where it does not
    POST /api/v1/connect/pairing-code    {"phoneNumber":"+55…"}: a code to type on the phone
    GET  /api/v1/connect/state           what to show now
    GET  /api/v1/connect/events          the same as server-sent events, from now on

    event: state                         data: {"phase":"waiting","qrCode":"data:image/png;base64,…",…}
    event: ended                         data: {"code":"connect_link_revoked"}: nothing works any more

No address says which tenant it is about: the credential does (control/api/authentication.py puts the link into the
request). The session starts when the link is opened and not when it is made: QR codes that nobody looks at would
use up WhatsApp's patience.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

from aiohttp import web
from redis.exceptions import RedisError

from control.api.admission import admit_visitor
from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.connect_view import ConnectStateOut, ConnectVisitOut, Phase
from control.api.context import CONNECT_LINKS, FEED, SESSIONS, VISITOR
from control.api.phone import given_phone
from control.api.schemas import PairingCodeIn
from control.auth.connect_link import ConnectLink, ConnectMethod
from control.errors import GatewayError
from control.events.feed import FeedEnded, Watcher

LOOK_SECONDS: Final = 5.0
"""A page learns so soon at the latest that its link was revoked or is over."""

WRITE_SECONDS: Final = 10.0
_BEGIN: Final = b"retry: 1000\n\n"
_HEARTBEAT: Final = b": still here\n\n"


async def visit(request: web.Request) -> web.Response:
    """POST …/visits: open a link. Raises `connect_link_used`."""
    link = request[VISITOR].link
    token = await request.app[CONNECT_LINKS].visit(link)
    return json_answer(ConnectVisitOut.of(link, token), status=201)


async def start(request: web.Request) -> web.Response:
    """POST …/start. Raises what starting a session raises."""
    link = request[VISITOR].link
    now = await _state(request, link)
    if now.phase in (Phase.IDLE, Phase.FAILED):
        now = ConnectStateOut.of(link, await request.app[SESSIONS].start(link.tenant_id))
    return json_answer(now)


async def pairing_code(request: web.Request) -> web.Response:
    """POST …/pairing-code. Raises `too_many_pairing_codes`, `forbidden`, and what asking for a code raises."""
    link = request[VISITOR].link
    if link.record.method is ConnectMethod.QR:
        raise GatewayError("forbidden", "This link shows the QR code only.")
    number = given_phone(checked(PairingCodeIn, await read_object(request)).phone_number, "phoneNumber")
    await request.app[CONNECT_LINKS].count_code(link)
    return json_answer(ConnectStateOut.of(link, await request.app[SESSIONS].pairing_code(link.tenant_id, number)))


async def state(request: web.Request) -> web.Response:
    """GET …/state."""
    return json_answer(await _state(request, request[VISITOR].link))


async def events(request: web.Request) -> web.StreamResponse:
    """GET …/events. Raises `too_many_streams`."""
    link = request[VISITOR].link
    # Before the state is asked for: a change in between is told twice rather than never.
    with request.app[CONNECT_LINKS].streaming(link.tenant_id), request.app[FEED].watching(link.tenant_id) as news:
        first = _frame(await _state(request, link))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        try:
            await _write(response, _BEGIN + first)
            await _tell(request, response, link, news, first)
            async with asyncio.timeout(WRITE_SECONDS):
                await response.write_eof()
        except (TimeoutError, ConnectionError):
            # A reader that is gone, or takes nothing: its buffers are not worth keeping.
            if request.transport is not None:
                request.transport.abort()
    return response


async def _tell(
    request: web.Request, response: web.StreamResponse, link: ConnectLink, news: Watcher, shown: bytes
) -> None:
    """Write each new state until the link is over; the page comes again when this ends for another reason."""
    links = request.app[CONNECT_LINKS]
    with suppress(FeedEnded, RedisError):
        while True:
            left = (link.expires_at_ms - time.time_ns() // 1_000_000) / 1000
            event = await news.next(min(LOOK_SECONDS, max(left, 0.0) + 0.1))
            try:
                link = await links.still_open(link.tenant_id, link.id)
                await admit_visitor(request.app, link.tenant_id)
            except GatewayError as over:
                code = over.code.encode()
                await _write(response, b'event: ended\ndata: {"code":"' + code + b'"}\n\n')
                return
            if event is None:
                await _write(response, _HEARTBEAT)
            try:
                frame = _frame(await _state(request, link))
            except GatewayError:
                # The bridge is away for the moment: the next look says how things are.
                continue
            if frame != shown:
                await _write(response, frame)
                shown = frame


async def _state(request: web.Request, link: ConnectLink) -> ConnectStateOut:
    try:
        view = await request.app[SESSIONS].status(link.tenant_id)
    except GatewayError as error:
        if error.code != "session_not_found":
            raise
        view = None
    if view is not None and view.truth.connected and link.awaits(view.truth.since_ms):
        # The event says so too, unless Redis was away when it came.
        with suppress(RedisError):
            await request.app[CONNECT_LINKS].connected(link.tenant_id, view.truth.since_ms)
    return ConnectStateOut.of(link, view)


async def _write(response: web.StreamResponse, frame: bytes) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        await response.write(frame)


def _frame(now: ConnectStateOut) -> bytes:
    # JSON has no raw line breaks, so one data line is enough.
    return b"event: state\ndata: " + now.model_dump_json(by_alias=True).encode() + b"\n\n"
