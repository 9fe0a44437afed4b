"""What happens to every request, from outside to inside: its id and log line, its errors, its deadline.

Who is let in is decided in control/api/authentication.py.

The headers that every answer carries are set by `set_headers`, a signal and not a middleware, so that they are on
error answers too.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware
from redis.exceptions import RedisError

from control.api.context import INSTRUMENTS, REQUEST_ID
from control.api.problems import from_http_exception, problem_response
from control.api.security_headers import add_security_headers
from control.errors import GatewayError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

log = logging.getLogger(__name__)
access_log = logging.getLogger("control.access")


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, its caller's if that is a sane one, and write one line when it is answered."""
    given = request.headers.get("X-Request-Id", "")
    request[REQUEST_ID] = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
    began = time.perf_counter()
    status = 0
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        seconds = time.perf_counter() - began
        resource = request.match_info.route.resource
        request.app[INSTRUMENTS].request(
            request.method, resource.canonical if resource is not None else None, status, seconds
        )
        access_log.info(
            "request",
            extra={
                "requestId": request[REQUEST_ID],
                "method": request.method,
                # The pattern and not the address: an address may carry anything.
                "route": resource.canonical if resource is not None else None,
                "tenantId": request.match_info.get("tenantId"),
                # 0: the request was cancelled, because control stops.
                "status": status,
                "ms": round(seconds * 1000, 1),
            },
        )


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever is raised into a problem document; the log has what the caller must not see."""
    try:
        return await handler(request)
    except GatewayError as error:
        return _refused(request, error)
    except web.HTTPException as raised:
        response = _refused(request, from_http_exception(raised))
        if "Allow" in raised.headers:
            response.headers["Allow"] = raised.headers["Allow"]
        return response
    except RedisError as error:
        # Those who can do without Redis have caught this themselves.
        log.warning(
            "request needs redis", extra={"requestId": request[REQUEST_ID], "reason": type(error).__name__}
        )
        return _refused(request, GatewayError("redis_unavailable", retry_after=2))
    except Exception:
        log.exception("request failed", extra={"requestId": request[REQUEST_ID]})
        return _refused(request, GatewayError("internal_error"))


def _refused(request: web.Request, error: GatewayError) -> web.Response:
    request.app[INSTRUMENTS].problem(error.code)
    return problem_response(error, request[REQUEST_ID])


def deadline(seconds_of: Callable[[web.Request], float | None]) -> Middleware:
    """Make the middleware that ends a request after its route's seconds, if it has any."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with asyncio.timeout(seconds_of(request)) as limit:
                return await handler(request)
        except TimeoutError:
            if not limit.expired():
                raise
            raise GatewayError("deadline_exceeded") from None

    return middleware


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on an answer that every answer has."""
    add_security_headers(response.headers)
    if REQUEST_ID in request:
        response.headers["X-Request-Id"] = request[REQUEST_ID]
