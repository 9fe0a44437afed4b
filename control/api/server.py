"""The HTTP server: how long and how many connections live, and what is answered to those that do not speak HTTP.

A caller who is slow is cut off: who begins a request and does not finish its head within HEAD_SECONDS, who says
nothing for KEEPALIVE_SECONDS, who does not take an answer within STALL_SECONDS. Slow bodies are the business of
those who read them (body.py, large_bodies.py, uploads.py).
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

import orjson
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage, LineTooLong
from aiohttp.web_protocol import RequestHandler

from control.api.connections import Connections
from control.api.context import CONNECTIONS
from control.api.problems import problem_document, problem_response
from control.api.security_headers import add_security_headers
from control.errors import GatewayError

KEEPALIVE_SECONDS: Final = 30.0
"""A connection without a request; aiohttp's own default is an hour."""

HEAD_SECONDS = 15.0
"""From the first byte of a request to the end of its headers."""

STALL_SECONDS = 20.0
"""For an answer that the caller does not take: from when its buffers are full until they are a quarter full."""

MAX_LINE_BYTES: Final = 8190
MAX_FIELD_BYTES: Final = 8192
"""Not the same as MAX_LINE_BYTES, which is how the two are told apart in an error."""

LINGER_SECONDS: Final = 3.0
"""For the rest of a body that nobody wants, so that its sender gets to read why."""

STOP_SECONDS: Final = 2.0
"""aiohttp waits twice this long for requests under way before it cancels them."""

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


class _Connection(RequestHandler):
    """A connection with limits, whose protocol errors look like all others and name no library."""

    def __init__(self, manager: web.Server, *, connections: Connections | None, **options: Any) -> None:
        super().__init__(manager, **options)
        self._others = connections
        self._refused = False
        self._head: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether it has no request under way."""
        return self._waiter is not None and not self._waiter.done()

    def give_up(self) -> None:
        """Close it at once."""
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or turn it away."""
        peer = transport.get_extra_info("peername")
        if self._others is not None and not self._others.enter(self, peer[0] if peer else None):
            self._refused = True
            refused = cast(asyncio.Transport, transport)
            refused.write(_raw(GatewayError("too_many_connections", retry_after=5)))
            refused.close()
            return
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        if self._refused:
            return
        if self._others is not None:
            self._others.leave(self)
        for timer in (self._head, self._stall):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes, and see to it that a request that was begun is finished."""
        if self._refused:
            return
        super().data_received(data)
        if self.waits:
            if self._head is None and data:
                self._head = self._loop.call_later(HEAD_SECONDS, self._late)
        elif self._head is not None:
            self._head.cancel()
            self._head = None

    def pause_writing(self) -> None:
        """Give the caller a time to take what is there."""
        super().pause_writing()
        self._stall = self._loop.call_later(STALL_SECONDS, self.give_up)

    def resume_writing(self) -> None:
        """Go on."""
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
        super().resume_writing()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what never became a request of the application."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer was already begun")
        if status >= 500:
            log.error("connection failed", exc_info=exc)
        else:
            log.info("not HTTP", extra={"reason": type(exc).__name__})
        return _refusal(_error(status, exc))

    def _late(self) -> None:
        self._head = None
        if self.transport is not None and self.waits:
            self.transport.write(
                _raw(GatewayError("request_timeout", "The request's head did not arrive in time."))
            )
            self.force_close()


def _error(status: int, exc: BaseException | None) -> GatewayError:
    if status >= 500:
        return GatewayError("internal_error")
    if isinstance(exc, LineTooLong):
        return GatewayError("uri_too_long" if MAX_LINE_BYTES in exc.args else "header_too_large")
    if isinstance(exc, BadHttpMessage) and "Too many headers" in exc.message:
        return GatewayError("header_too_large")
    return GatewayError("invalid_request", "This is not a valid HTTP request.")


def _raw(error: GatewayError) -> bytes:
    """Return a whole answer, for a connection that has no request to answer."""
    request_id = uuid.uuid4().hex
    response = problem_response(error, request_id)
    body = orjson.dumps(problem_document(error, request_id))
    add_security_headers(response.headers)
    fields = {
        **response.headers,
        "X-Request-Id": request_id,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {response.status} {response.reason}\r\n{head}\r\n".encode() + body


def _expecting(handler: Handler) -> Handler:
    """Refuse what aiohttp would refuse by a text of its own, before any middleware."""

    def handle(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        expected = request.headers.get("Expect", "100-continue").lower() == "100-continue"
        return handler(request) if expected else _refused_expectation()

    return handle


async def _refused_expectation() -> web.Response:
    return _refusal(GatewayError("invalid_request", "Expect can only be 100-continue."))


def _refusal(error: GatewayError) -> web.Response:
    """Return the answer to what never became a request of the application."""
    request_id = uuid.uuid4().hex
    response = problem_response(error, request_id)
    add_security_headers(response.headers)
    response.headers["X-Request-Id"] = request_id
    response.force_close()
    return response


class _Server(web.Server):
    places: Connections | None = None

    def __call__(self) -> RequestHandler:
        return _Connection(self, connections=self.places, loop=self._loop, **self._kwargs)


class GatewayRunner(web.AppRunner):
    """Runs the application with the limits of this file, and those of its settings."""

    def __init__(self, app: web.Application) -> None:
        super().__init__(
            app,
            access_log=None,
            keepalive_timeout=KEEPALIVE_SECONDS,
            shutdown_timeout=STOP_SECONDS,
            lingering_time=LINGER_SECONDS,
            # Nobody needs packed requests, and what is packed may be a thousand times as large.
            auto_decompress=False,
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_FIELD_BYTES,
        )

    async def _make_server(self) -> web.Server:
        # aiohttp has no public place for the class of a connection, so the server it made is made once more.
        made = await super()._make_server()
        server = _Server(
            _expecting(made.request_handler),
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            **made._kwargs,
        )
        server.places = self.app.get(CONNECTIONS)
        return server
