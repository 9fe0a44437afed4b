"""A brand's logo: a small PNG or JPEG inside the request, told by its bytes, never fetched from anywhere.

The page shows it to strangers, so it must neither run (SVG can) nor take a phone's memory: a few kilobytes of PNG
can be gigabytes of pixels. Its size is read from the file's head, without a library that would decode it.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

MAX_BYTES: Final = 32 * 1024
MAX_SIDE: Final = 1_024
MAX_CHARACTERS: Final = MAX_BYTES * 4 // 3 + 64

_DATA_URL: Final = re.compile(r"data:image/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})", re.ASCII)
_PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_JPEG: Final = b"\xff\xd8\xff"
# Frame headers (ITU T.81, table B.1) but for DHT, JPG and DAC, which have numbers among them.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def checked_logo(given: str) -> str:
    """Return the data URL; raises ValueError with what is wrong with it."""
    parts = _DATA_URL.fullmatch(given)
    if parts is None:
        raise ValueError("must be a data URL: data:image/png;base64,… or data:image/jpeg;base64,…")
    try:
        content = base64.b64decode(parts[2], validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is no base64") from None
    if len(content) > MAX_BYTES:
        raise ValueError(f"has more than {MAX_BYTES:,} bytes")
    size = _png_size(content) if parts[1] == "png" else _jpeg_size(content)
    if size is None:
        raise ValueError(f"is no {parts[1].upper()}")
    if not all(0 < side <= MAX_SIDE for side in size):
        raise ValueError(f"may be {MAX_SIDE} pixels wide and high at most")
    return given


def _png_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(_PNG) or len(content) < 24:
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(_JPEG):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        if marker == 0xFF:
            at += 1
            continue
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None
