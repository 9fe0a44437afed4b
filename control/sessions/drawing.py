"""Draws a QR code as PNG, SVG or text for a terminal, without an imaging library.

All three begin with the code's matrix of modules, which takes some 25 ms of computing: call these in a thread.
"""

from __future__ import annotations

import struct
import zlib

import qrcode
from qrcode.constants import ERROR_CORRECT_L

MODULE_PIXELS = 6
QUIET_MODULES = 4

# Upper half, lower half: a terminal's character is about twice as high as wide. Light is drawn and dark is left
# out, so that the code is right side out on the dark background most terminals have.
_HALF_BLOCKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}


def matrix(text: str) -> list[list[bool]]:
    """Return the rows of the code that encodes `text`, True for dark, with the quiet zone around it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=QUIET_MODULES)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def draw_png(text: str) -> bytes:
    """Return a 1-bit PNG with MODULE_PIXELS a module: zlib and four chunk headers are all it takes."""
    rows = matrix(text)
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


def draw_svg(text: str) -> bytes:
    """Return an SVG of one path, a run of dark modules a stroke; it scales to any size."""
    rows = matrix(text)
    side = len(rows)
    strokes = "".join(
        f"M{start} {y}h{end - start}v1h-{end - start}z" for y, row in enumerate(rows) for start, end in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * MODULE_PIXELS}" '
        f'height="{side * MODULE_PIXELS}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{strokes}" fill="#000"/></svg>\n'
    ).encode()


def draw_text(text: str) -> bytes:
    """Return lines of half blocks in UTF-8 for a terminal with a dark background; phones read both ways round."""
    rows = matrix(text)
    if len(rows) % 2:
        rows.append([False] * len(rows))
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "".join(
        "".join(_HALF_BLOCKS[above, below] for above, below in zip(upper, lower, strict=True)) + "\n"
        for upper, lower in pairs
    ).encode()


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """The stretches of dark modules as (start, end)."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and runs[-1][1] == x:
            runs[-1] = (runs[-1][0], x + 1)
        else:
            runs.append((x, x + 1))
    return runs


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
