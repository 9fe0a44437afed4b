"""One JSON object a line, UTF-8, with the contract's maximum on both sides.

A line that is longer, or that is not JSON, means that the two sides no longer understand each other: FrameError,
and the link has to be closed. Nothing is skipped, because after a lost line every later answer would be suspect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from control.rpc.contract_gen import MAX_LINE_BYTES


class FrameError(Exception):
    """The stream is no longer a stream of lines of JSON."""


def encode_line(message: dict[str, Any], *, max_bytes: int = MAX_LINE_BYTES) -> bytes:
    """Return the message as a line with its end; FrameError when it is longer than max_bytes without the end."""
    line = orjson.dumps(message)
    if len(line) > max_bytes:
        raise FrameError(f"a line of {len(line)} bytes is longer than {max_bytes}")
    return line + b"\n"


def decode_line(line: bytes) -> dict[str, Any]:
    """Return the object of a line; FrameError when it is anything else."""
    try:
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise FrameError("a line is not JSON") from None
    if not isinstance(message, dict):
        raise FrameError("a line is not a JSON object")
    return message


class LineSplitter:
    """Cuts received bytes into lines and never holds more than one line's maximum."""

    def __init__(self, *, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()
        # Where the search for a line's end goes on, so that a long line is scanned once and not once a chunk.
        self._scanned = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield every line that is complete now; FrameError, after those, when the next one is too long."""
        self._rest += data
        start = 0
        while True:
            end = self._rest.find(b"\n", max(start, self._scanned))
            length = (len(self._rest) if end < 0 else end) - start
            if length > self._max_bytes:
                raise FrameError(f"a line is longer than {self._max_bytes} bytes")
            if end < 0:
                break
            if length:
                yield bytes(self._rest[start:end])
            start = end + 1
        del self._rest[:start]
        self._scanned = len(self._rest)
