"""Base64 as callers send it, plain or as a data: URL, into the spool; decoded in threads and in pieces.

A piece is decoded while the interpreter does nothing else, so pieces are small enough that nobody notices.
"""

from __future__ import annotations

import binascii
import re
from typing import Final

from control.errors import GatewayError
from control.media.kinds import Upload
from control.media.spool import Spool
from control.media.spool_file import too_large
from control.media.threads import Threads

SLICE_CHARACTERS = 512 * 1024

_DATA_URL: Final = re.compile(r"data:([^,;\"]{0,200})((?:;[^,;\"]{0,100}){0,8}),", re.IGNORECASE)
_BLANKS: Final = b" \t\r\n"


async def store_base64(
    data: str, spool: Spool, threads: Threads, max_bytes: int, *, mime_type: str | None = None
) -> Upload:
    """Decode into the spool; raises `invalid_request`, `media_too_large`, `spool_full`.

    The URL-safe alphabet is no base64 here, and blanks may stand anywhere; padding may be missing.
    """
    claimed, begins = _prefix(data)
    if (len(data) - begins) // 4 * 3 > max_bytes + max_bytes // 32 + 1024:
        # Even if every 76 characters were followed by a line's end.
        raise too_large(max_bytes)
    carried = b""
    async with spool.writing(max_bytes) as file:
        for at in range(begins, len(data), SLICE_CHARACTERS):
            last = at + SLICE_CHARACTERS >= len(data)
            decoded, carried = await threads.run(_decoded, carried, data, at, last)
            await file.write(decoded)
    stored = file.stored()
    return Upload(stored.name, stored.size_bytes, stored.sha256, mime_type=mime_type or claimed)


def _prefix(data: str) -> tuple[str | None, int]:
    """Return the type a data: URL names and where its base64 begins."""
    if data[:5].lower() != "data:":
        return None, 0
    found = _DATA_URL.match(data)
    if found is None or not found[2].lower().endswith(";base64"):
        raise _wrong("must be base64, or a data: URL with ;base64")
    return found[1] or None, found.end()


def _decoded(carried: bytes, data: str, at: int, last: bool) -> tuple[bytes, bytes]:
    """Decode a slice; returns the bytes, and characters for which the next slice is needed."""
    try:
        text = carried + data[at : at + SLICE_CHARACTERS].encode("ascii").translate(None, _BLANKS)
        if not last:
            whole = len(text) // 4 * 4
            text, rest = text[:whole], text[whole:]
            if b"=" in text:
                raise _wrong("has something after its end")
        else:
            rest = b""
            text += b"=" * (-len(text) % 4)
        return binascii.a2b_base64(text, strict_mode=True), rest
    except (binascii.Error, UnicodeEncodeError) as error:
        raise _wrong("is not base64") from error


def _wrong(what: str) -> GatewayError:
    return GatewayError(
        "invalid_request", f"mediaBase64 {what}.", errors=[{"field": "mediaBase64", "message": what}]
    )
