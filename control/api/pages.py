"""Pages over HTTP. Needs no key: the files are the same for everybody, and what they show they ask the API for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from control.api.context import PAGES
from control.errors import GatewayError
from control.pages.shelf import PageFile

DOCUMENT_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Nothing inline, nothing from elsewhere, in nobody's frame, and no text of anybody becomes markup or code."""

_ALWAYS_ASK: Final = "no-cache"
_FOR_EVER: Final = "public, max-age=31536000, immutable"


def document(room: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of a page's document. Browsers ask each time whether theirs is still the one."""

    async def handler(request: web.Request) -> web.Response:
        return _answer(request, request.app[PAGES].documents[room], _ALWAYS_ASK, DOCUMENT_HEADERS)

    return handler


async def asset(request: web.Request) -> web.Response:
    """GET /pages/{version}/{room}/{name}: a file that a document loads. Another version's are not there."""
    shelf, found = request.app[PAGES], request.match_info
    file = shelf.assets.get((found["room"], found["name"])) if found["version"] == shelf.version else None
    if file is None:
        raise GatewayError("not_found")
    return _answer(request, file, _FOR_EVER, {})


async def to_dashboard(request: web.Request) -> web.Response:
    """GET /dashboard/: people type the slash, and addresses in the document start beside its own."""
    return web.Response(status=308, headers={hdrs.LOCATION: "../dashboard"})


def _answer(request: web.Request, file: PageFile, keep: str, headers: dict[str, str]) -> web.Response:
    packed = file.packed is not None and "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "").lower()
    etag = f"{file.etag}-gzip" if packed else file.etag
    response = web.Response(headers={hdrs.CACHE_CONTROL: keep, hdrs.VARY: hdrs.ACCEPT_ENCODING, **headers})
    response.etag = etag
    known = request.if_none_match or ()
    if any(tag.value in (etag, "*") for tag in known):
        response.set_status(304)
        return response
    response.content_type = file.content_type
    response.charset = "utf-8"
    response.body = file.packed if packed else file.body
    if packed:
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response
