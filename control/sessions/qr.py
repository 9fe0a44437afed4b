"""QR codes as PNG data URLs.

The PNG is written here from the code's matrix: it is a 1-bit picture, which zlib and four chunk headers make, so
no imaging library is installed for it. Finding the matrix takes some 25 ms of computing, so it is done in one
thread beside the event loop, and once for each text.
"""

from __future__ import annotations

import asyncio
import base64
import struct
import zlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import qrcode
from qrcode.constants import ERROR_CORRECT_L

MODULE_PIXELS = 6
QUIET_MODULES = 4
CACHED_CODES = 512


def draw_png(text: str) -> bytes:
    """Return a PNG of the QR code that encodes `text`; takes tens of milliseconds."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=QUIET_MODULES)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows) * MODULE_PIXELS
    padding = "1" * (-side % 8)
    pixels = bytearray()
    for row in rows:
        bits = "".join(("0" if dark else "1") * MODULE_PIXELS for dark in row) + padding
        # A zero before each line says that it is stored unfiltered.
        pixels += (b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")) * MODULE_PIXELS
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(pixels), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class QrImages:
    """Draws QR codes without holding up the event loop and remembers the last ones."""

    def __init__(self, *, capacity: int = CACHED_CODES) -> None:
        self._capacity = capacity
        self._drawn: OrderedDict[str, asyncio.Future[str]] = OrderedDict()
        # One thread: drawing is pure computing, and more of it at a time would only slow the event loop.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="qr")

    async def data_url(self, text: str) -> str:
        """Return `data:image/png;base64,…` of the text's QR code; those who ask together share one drawing."""
        drawing = self._drawn.get(text)
        if drawing is None:
            drawing = asyncio.get_running_loop().run_in_executor(self._thread, _data_url, text)
            self._drawn[text] = drawing
            while len(self._drawn) > self._capacity:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(text)
        # A caller that goes away must not cancel the drawing of the others.
        return await asyncio.shield(drawing)

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _data_url(text: str) -> str:
    return "data:image/png;base64," + base64.b64encode(draw_png(text)).decode("ascii")
