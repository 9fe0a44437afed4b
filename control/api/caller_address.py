"""Where a request comes from."""

from __future__ import annotations

from aiohttp import web

from control.api.context import ADDRESSES


def caller_address(request: web.Request) -> str | None:
    """Return the caller's IP address: the connection's, or what the proxies say that TRUSTED_PROXIES names."""
    return request.app[ADDRESSES].address(request.remote, request.headers.getall("X-Forwarded-For", ()))
