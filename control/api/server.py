"""The HTTP server: how long connections live, and what is answered to those that do not speak HTTP."""

from __future__ import annotations

import logging
import uuid

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from control.api.middleware import HEADERS, SERVER
from control.api.problems import problem_response
from control.errors import GatewayError

KEEPALIVE_SECONDS = 30.0
"""Also bounds a connection that sends half a header and waits; aiohttp's own default is an hour."""

STOP_SECONDS = 2.0
"""aiohttp waits twice this long for requests under way before it cancels them."""

log = logging.getLogger(__name__)


class _Connection(RequestHandler):
    """A connection whose protocol errors look like all others and name no library."""

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
            error = GatewayError("internal_error")
        else:
            log.info("not HTTP", extra={"reason": type(exc).__name__})
            error = GatewayError("invalid_request", "This is not a valid HTTP request.")
        response = problem_response(error, uuid.uuid4().hex)
        response.headers.update({**HEADERS, "Server": SERVER})
        response.force_close()
        return response


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class GatewayRunner(web.AppRunner):
    """Runs the application with the limits of this file."""

    def __init__(self, app: web.Application) -> None:
        super().__init__(app, access_log=None, keepalive_timeout=KEEPALIVE_SECONDS, shutdown_timeout=STOP_SECONDS)

    async def _make_server(self) -> web.Server:
        # aiohttp has no public place for the class of a connection, so the server it made is made once more.
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            **made._kwargs,
        )
