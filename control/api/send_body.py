"""Reads the body of a send or a batch: JSON, or parts one of which is a file. A file ends in the spool."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from aiohttp import web

from control.api.body import wrong_field
from control.api.context import LARGE_BODIES, MEDIA
from control.api.large_bodies import FIELD as BASE64
from control.api.uploads import FILE, is_multipart, read_multipart
from control.media.kinds import Upload

_VALUES: Final = frozenset(
    {
        *("viewOnce", "queue", "wait", "expiresIn", "sendAt", "expiresAt", "startsAt", "endsAt", "font"),
        *("latitude", "longitude", "selectableCount", "multipleChoice", "extraGuestsAllowed", "isCancelled"),
    }
)
_LISTS: Final = frozenset(
    {"mentions", "audience", "recipients", "contacts", "contact", "options", "preview", "location"}
)
"""Fields that are no texts. A part of a multipart request is always one, so these are written as in JSON."""


@asynccontextmanager
async def send_body(request: web.Request, tenant_id: str) -> AsyncIterator[tuple[dict[str, Any], Upload | None]]:
    """Give the fields and the file; a block that ends in an error leaves no file behind.

    A file that came as base64 or as a part is the same from here on. Raises what LargeBodies, read_multipart and
    MediaIntake raise.
    """
    intake = request.app[MEDIA]
    if is_multipart(request):
        fields, upload = await read_multipart(request, intake, tenant_id)
        fields = {name: _value(name, value) for name, value in fields.items()}
    else:
        upload = None
        async with request.app[LARGE_BODIES].read_object(request, tenant_id) as fields:
            data = fields.pop(BASE64, None)
            if isinstance(data, str):
                if FILE in fields:
                    raise wrong_field(FILE, "is a part of multipart requests")
                upload = await intake.receive_base64(tenant_id, data)
            elif data is not None:
                raise wrong_field(BASE64, "must be a string")
            del data
    try:
        yield fields, upload
    except BaseException:
        if upload is not None:
            await intake.discard(upload)
        raise


def _value(name: str, given: Any) -> Any:
    """A field of a multipart request as JSON would have it; what is no JSON stays a text and is refused later."""
    if not isinstance(given, str):
        return given
    if name in _VALUES or (name in _LISTS and given.lstrip()[:1] in ("[", "{")):
        try:
            return orjson.loads(given)
        except orjson.JSONDecodeError:
            return given
    return given
