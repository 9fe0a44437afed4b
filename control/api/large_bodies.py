"""JSON bodies that may hold a file as base64, and only therefore be large."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

from control.api.body import parsed_object, refuse_other_types
from control.errors import GatewayError
from control.media.gate import Gate
from control.media.pace import Pace, TooSlow

FIELD: Final = "mediaBase64"
SMALL_MAX_BYTES: Final = 1024 * 1024
"""What a body may have without a file: a text of 65,536 characters in JSON's longest way of writing them fits."""

READ_SECONDS = 60.0
PER_TENANT = 1
IN_ALL = 4
"""Bodies in memory at once. Each is there twice while it is parsed: with the default limit some 45 MB."""


class LargeBodies:
    """Reads them, few at a time."""

    def __init__(self, max_file_bytes: int, *, read_seconds: float = READ_SECONDS) -> None:
        # Four characters for three bytes, a line's end after every 76 of them, and the other fields.
        self._max_bytes = max_file_bytes * 4 // 3 * 78 // 76 + SMALL_MAX_BYTES
        self._read_seconds = read_seconds
        self._gate = Gate(per_tenant=PER_TENANT, in_all=IN_ALL)

    @asynccontextmanager
    async def read_object(self, request: web.Request, tenant_id: str) -> AsyncIterator[dict[str, Any]]:
        """Read a JSON object. Leave the block as soon as the file is in the spool: others wait for the memory.

        Raises `unsupported_media_type`, `request_timeout`, `payload_too_large`, `invalid_json`, `invalid_request`,
        and `media_busy` when too many of the tenant's bodies wait.
        """
        refuse_other_types(request)
        raw = bytearray()
        pace = Pace()
        try:
            async with asyncio.timeout(self._read_seconds) as limit:
                small = await _read(request, raw, pace, SMALL_MAX_BYTES)
            if small:
                yield parsed_object(raw)
                return
            if (request.content_length or 0) > self._max_bytes:
                raise GatewayError("payload_too_large")
            async with self._gate.enter(tenant_id):
                async with asyncio.timeout(self._read_seconds) as limit:
                    if not await _read(request, raw, pace, self._max_bytes):
                        raise GatewayError("payload_too_large")
                body = parsed_object(raw)
                raw.clear()
                if not isinstance(body.get(FIELD), str):
                    raise GatewayError("payload_too_large", f"Only a body with {FIELD} may be this large.")
                yield body
        except TooSlow:
            raise GatewayError("request_timeout") from None
        except TimeoutError:
            if not limit.expired():
                raise
            raise GatewayError("request_timeout") from None


async def _read(request: web.Request, raw: bytearray, pace: Pace, max_bytes: int) -> bool:
    """Read to the end, or to a little above `max_bytes`; return whether the end was before that."""
    while len(raw) <= max_bytes:
        data = await pace.of(request.content.readany())
        if not data:
            return True
        raw += data
    return False
