"""Which browsers' pages may call the API: those of ALLOWED_ORIGINS, compared as they are, none by default.

Pages authenticate by a header like everybody else; cookies play no part, so no answer allows credentials. That is
also why `*` may be set: a page of anybody can then ask, but has no key of its visitor to ask with.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

ANY_ORIGIN: Final = "*"
REQUEST_HEADERS: Final = (
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Range, X-API-Key, X-Request-Id"
)
METHODS: Final = "GET, POST, PUT, PATCH, DELETE"
EXPOSED: Final = (
    "X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, Allow, "
    "ETag, Content-Disposition, Content-Range"
)
PREFLIGHT_SECONDS: Final = "600"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Cors:
    """The policy of one installation."""

    def __init__(self, allowed_origins: tuple[str, ...]) -> None:
        self._allowed = frozenset(allowed_origins)

    def middleware(self) -> Middleware:
        """Make the middleware that answers preflights, which browsers send without the key."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            wants = request.headers.get("Access-Control-Request-Method")
            if request.method == "OPTIONS" and wants is not None and self._allows(request) is not None:
                return web.Response(
                    status=204,
                    headers={
                        "Access-Control-Allow-Methods": METHODS,
                        "Access-Control-Allow-Headers": REQUEST_HEADERS,
                        "Access-Control-Max-Age": PREFLIGHT_SECONDS,
                    },
                )
            return await handler(request)

        return middleware

    async def set_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """Tell the browser whether its page may read this answer."""
        if not self._allowed:
            return
        # The answer depends on the origin, also for those that get nothing.
        response.headers.add("Vary", "Origin")
        origin = self._allows(request)
        if origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED

    def _allows(self, request: web.Request) -> str | None:
        origin = request.headers.get("Origin")
        if origin is None:
            return None
        if ANY_ORIGIN in self._allowed:
            return ANY_ORIGIN
        return origin if origin in self._allowed else None
