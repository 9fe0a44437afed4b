"""GET /api/v1/media/{tenantId}/{mediaId}: the file of a message, downloaded when it is not here yet."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web

from control.api.context import MEDIA_OUT
from control.api.schemas import checked_tenant_id
from control.errors import GatewayError
from control.rpc.contract_gen import MediaFile

_ID = re.compile(r"med_[0-9A-Za-z]{16,64}", re.ASCII)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/]')
TRIES: Final = 2
"""The bridge says where a file is and may clear it away before it is opened."""


async def get(request: web.Request) -> web.StreamResponse:
    """GET …/media/{tenantId}/{mediaId}, whole or in ranges.

    Raises `media_not_found`, `media_expired`, `media_over_limit`, `media_unavailable`, `session_not_connected`.
    """
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    media_id = request.match_info["mediaId"]
    if not _ID.fullmatch(media_id):
        raise GatewayError("media_not_found")
    media = request.app[MEDIA_OUT]
    for _ in range(TRIES):
        file = await media.fetch(tenant_id, media_id)
        path = media.path_of(file)
        if await asyncio.to_thread(_is_plain_file, path):
            return _answer(path, file)
    raise GatewayError("media_unavailable", retry_after=2)


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _answer(path: Path, file: MediaFile) -> web.FileResponse:
    response = web.FileResponse(path)
    # What the sender's app said of the file decides nothing here: the type was looked up in the bytes.
    response.content_type = file.mime_type
    response.headers["Content-Disposition"] = _disposition(file.original_name or file.media_id)
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _disposition(name: str) -> str:
    """Return `attachment` with the name in both of RFC 6266's forms; a browser never shows the file itself."""
    safe = _UNSAFE.sub("_", name)[:200]
    plain = safe.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
