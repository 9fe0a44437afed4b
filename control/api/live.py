"""GET …/events: a tenant's session as it changes, as server-sent events.

    event: session.status        first the state now, then each change, with the same body as the webhook
    data: {"event":"session.status","tenantId":"…","data":{…},…}

    event: session.qr            each new QR code; data.qrCode is its picture as a data URL
    data: {…}

    : still here                 every 15 s, so that proxies keep the connection

The stream ends when the tenant is deleted or suspended, when the key or token that opened it ends, when control
stops and when the reader is too slow; readers come again by themselves (EventSource does) and begin with the state
then.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any, Final

import orjson
from aiohttp import web

from control.api.context import FEED, SESSIONS
from control.api.lasting import Dismissed, while_admitted
from control.api.schemas import checked_tenant_id
from control.auth.scopes import Scope
from control.events.data import status_described
from control.events.envelope import described
from control.events.feed import FeedEnded
from control.events.shape import UnknownEvent, iso
from control.rpc.contract_gen import Event, QrCode, SessionQrEvent, SessionStatusEvent
from control.rpc.states import SessionTruth
from control.sessions.service import SessionService
from control.sessions.view import SessionView

HEARTBEAT_SECONDS = 15.0
WRITE_SECONDS = 10.0
"""How long one event may take to go out to a reader before the stream is cut."""

CONTENT_TYPE: Final = "text/event-stream"
_BEGIN: Final = b"retry: 1000\n\n"
_HEARTBEAT: Final = b": still here\n\n"


async def live(request: web.Request) -> web.StreamResponse:
    """GET …/events. Raises `session_not_found`, `too_many_streams`."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    sessions = request.app[SESSIONS]
    # Before the state is asked for: a change in between is told twice rather than never.
    with request.app[FEED].watching(tenant_id) as watcher:
        now = await sessions.status(tenant_id)
        stream = _Stream(sessions, now)
        response = web.StreamResponse(headers={"Content-Type": CONTENT_TYPE, "X-Accel-Buffering": "no"})
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        try:
            await _write(response, _BEGIN + stream.first())
            async with while_admitted(request, Scope.SESSIONS_READ, tenant_id):
                while True:
                    event = await watcher.next(HEARTBEAT_SECONDS)
                    frame = _HEARTBEAT if event is None else await _told(stream, event)
                    if frame:
                        await _write(response, frame)
        except (FeedEnded, Dismissed):
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(WRITE_SECONDS):
                    await response.write_eof()
        except (TimeoutError, ConnectionError):
            # A reader that is gone, or takes nothing: its buffers are not worth keeping.
            if request.transport is not None:
                request.transport.abort()
    return response


async def _told(stream: _Stream, event: Event) -> bytes:
    try:
        return await stream.frame(event)
    except UnknownEvent:
        # It is in quarantine (events/ingest.py); the reader misses nothing this version has words for.
        return b""


async def _write(response: web.StreamResponse, frame: bytes) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        await response.write(frame)


class _Stream:
    """What one reader was shown, so that an event that came late is not shown as news."""

    def __init__(self, sessions: SessionService, now: SessionView) -> None:
        self._sessions = sessions
        self._now = now
        self._shown = now.truth
        self._qr = now.session.qr

    def first(self) -> bytes:
        """The state now, and the code that can be scanned now."""
        session = self._now.session
        envelope = {"tenantId": session.tenant_id, "sessionId": session.session_id}
        status = status_described(self._now.truth, session.phone_number)
        frame = _frame({"event": "session.status", **envelope, "data": status})
        if session.qr is not None and self._now.qr is not None:
            frame += _frame({"event": "session.qr", **envelope, "data": _qr(session.qr, self._now.qr_code)})
        return frame

    async def frame(self, event: Event) -> bytes:
        """What goes out for an event; nothing for one that is older than what was shown."""
        if isinstance(event.data, SessionStatusEvent):
            truth = SessionTruth.of(event.data)
            before = self._shown
            same = (truth.since_ms, truth.state, truth.reason) == (before.since_ms, before.state, before.reason)
            if truth.since_ms < before.since_ms or same:
                return b""
            self._shown = truth
            return _frame(described(event, ""), event.event_id)
        if isinstance(event.data, SessionQrEvent) and event.data.qr is not None:
            qr = event.data.qr
            if qr.expires_at_ms <= time.time() * 1000 or (self._qr is not None and not _newer(qr, self._qr)):
                return b""
            self._qr = qr
            picture = await self._sessions.picture(qr.text)
            return _frame({**described(event, ""), "data": _qr(qr, picture)}, event.event_id)
        return b""


def _newer(code: QrCode, than: QrCode) -> bool:
    return code.text != than.text and code.expires_at_ms >= than.expires_at_ms


def _qr(code: QrCode, picture: str | None) -> dict[str, Any]:
    return {"qr": code.text, "qrCode": picture, "expiresAt": iso(code.expires_at_ms)}


def _frame(envelope: dict[str, Any], event_id: str | None = None) -> bytes:
    # JSON has no raw line breaks, so one data line is enough.
    name = str(envelope["event"]).encode()
    identity = b"id: " + event_id.encode() + b"\n" if event_id is not None else b""
    return identity + b"event: " + name + b"\ndata: " + orjson.dumps(envelope) + b"\n\n"
