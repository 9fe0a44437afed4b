"""GET /openapi.json: the OpenAPI of this very gateway, made when somebody first asks for it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from aiohttp import hdrs, web

from control.api.route import Route


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes
    etag: str


class OpenApiDocument:
    """The document as bytes. Making it takes about a second of a processor, so it is made once and in a thread."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._made: asyncio.Task[_File] | None = None

    async def file(self) -> _File:
        """Return it; all who ask meanwhile wait for the same one."""
        if self._made is None or (self._made.done() and self._made.exception() is not None):
            self._made = asyncio.create_task(asyncio.to_thread(self._make))
        # One who goes away takes it from nobody else.
        return await asyncio.shield(self._made)

    def _make(self) -> _File:
        # Imported here because most gateways are never asked, and the models' schemas take memory.
        from control.api.spec.document import document

        body = orjson.dumps(document(self._routes))
        return _File(body, gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:32])


OPENAPI = web.AppKey("openapi", OpenApiDocument)


async def openapi(request: web.Request) -> web.Response:
    """GET /openapi.json."""
    file = await request.app[OPENAPI].file()
    packed = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "").lower()
    etag = f"{file.etag}-gzip" if packed else file.etag
    response = web.Response(headers={hdrs.CACHE_CONTROL: "no-cache", hdrs.VARY: hdrs.ACCEPT_ENCODING})
    response.etag = etag
    if any(tag.value in (etag, "*") for tag in request.if_none_match or ()):
        response.set_status(304)
        return response
    response.content_type = "application/json"
    response.body = file.packed if packed else file.body
    if packed:
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response
