"""Reads a multipart request: JSON or plain fields, and one file that goes to the spool while it comes."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web

from control.api.body import READ_SECONDS, refuse_packed
from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import Upload

MAX_PARTS = 32
MAX_FIELDS_BYTES = 1024 * 1024
UPLOAD_SECONDS = 120.0
"""For the whole of a request; one that stalls is cut off earlier."""

FILE: Final = "file"
JSON_PARTS: Final = ("payload", "json")
# What the reader of parts raises at bodies that are none.
_BROKEN: Final = (
    *(ValueError, AssertionError, RuntimeError, LookupError),
    *(aiohttp.ClientError, aiohttp.http.HttpProcessingError),
)
_PLAIN_ENCODINGS: Final = ("", "binary", "8bit", "7bit")


def is_multipart(request: web.Request) -> bool:
    """Whether the body is to be read by read_multipart."""
    return request.content_type == "multipart/form-data"


async def read_multipart(
    request: web.Request, intake: MediaIntake, tenant_id: str
) -> tuple[dict[str, Any], Upload | None]:
    """Return the fields and the file, if there is one; the caller of this owes the file a send or a discard.

    The part `file` is the file. A part `payload` or `json` holds a JSON object; any other part is a field with its
    text as value. Raises `unsupported_media_type`, `invalid_request`, `invalid_json`, `payload_too_large`,
    `request_timeout`, and what MediaIntake.receive raises.
    """
    form = _Form(intake, tenant_id)
    try:
        async with asyncio.timeout(UPLOAD_SECONDS) as limit:
            await form.read(request)
        return form.fields, form.upload
    except BaseException as error:
        if form.upload is not None:
            await intake.discard(form.upload)
        if isinstance(error, TimeoutError) and limit.expired():
            raise GatewayError("request_timeout") from None
        raise


class _Form:
    """What was read of a request so far."""

    def __init__(self, intake: MediaIntake, tenant_id: str) -> None:
        self.fields: dict[str, Any] = {}
        self.upload: Upload | None = None
        self._intake = intake
        self._tenant_id = tenant_id
        self._left = MAX_FIELDS_BYTES

    async def read(self, request: web.Request) -> None:
        """Read all parts."""
        refuse_packed(request)
        try:
            parts = await request.multipart()
            for _ in range(MAX_PARTS + 1):
                async with asyncio.timeout(READ_SECONDS) as limit:
                    part = await parts.next()
                if part is None:
                    return
                if not isinstance(part, aiohttp.BodyPartReader):
                    raise _wrong("Parts within parts are not possible.")
                await self._take(part)
        except TimeoutError:
            if not limit.expired():
                raise
            raise GatewayError("request_timeout") from None
        except _BROKEN as error:
            raise _wrong("The multipart body is broken.") from error
        raise _wrong(f"A multipart body has at most {MAX_PARTS} parts.")

    async def _take(self, part: aiohttp.BodyPartReader) -> None:
        if part.headers.get("Content-Transfer-Encoding", "").strip().lower() not in _PLAIN_ENCODINGS:
            raise _wrong("Parts come as they are, without a Content-Transfer-Encoding.")
        if "Content-Encoding" in part.headers:
            raise _wrong("Parts come as they are, without a Content-Encoding.")
        name = part.name
        if not name or len(name) > 100:
            raise _wrong("Every part needs a name.")
        if name == FILE:
            if self.upload is not None:
                raise _wrong("There can be only one file.")
            self.upload = await self._intake.receive(self._tenant_id, part)
            return
        if part.filename is not None and name not in JSON_PARTS:
            raise _wrong(f"The part with the file is called {FILE!r}.")
        text = await self._text(part)
        self._add(_object(text) if name in JSON_PARTS else {name: text})

    async def _text(self, part: aiohttp.BodyPartReader) -> str:
        data = bytearray()
        try:
            async with asyncio.timeout(READ_SECONDS) as limit:
                while chunk := await part.read_chunk():
                    data += chunk
                    if len(data) > self._left:
                        raise GatewayError("payload_too_large", "The fields are too large; only the file may be.")
        except TimeoutError:
            if not limit.expired():
                raise
            raise GatewayError("request_timeout") from None
        self._left -= len(data)
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise _wrong("Fields are UTF-8.") from None

    def _add(self, fields: dict[str, Any]) -> None:
        for name in fields:
            if name in self.fields:
                raise _wrong(f"The field {name[:100]!r} is there twice.")
        self.fields.update(fields)


def _object(text: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise GatewayError("invalid_json") from None
    if not isinstance(value, dict):
        raise _wrong("The payload must be a JSON object.")
    return value


def _wrong(sentence: str) -> GatewayError:
    return GatewayError("invalid_request", sentence)
