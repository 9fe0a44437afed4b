"""JSON that is valid and still refused: names that come twice, and nesting nobody needs.

Of two fields with one name each program takes the one it likes: a proxy that inspects requests may see another
message than the one that is sent. The parser used here keeps the last and says nothing, so bodies are looked at
once more by one that tells. That costs some microseconds for the usual body and is left out above CHECKED_BYTES,
which only messages with a long text or a file reach.
"""

from __future__ import annotations

import json
from typing import Any, Final

from control.errors import GatewayError

CHECKED_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 32


class _Twice(ValueError):
    """A name came twice."""


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
        raise _Twice


# Numbers and constants are orjson's business; the cheapest thing that can be made of them is text.
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_float=str, parse_int=str)


def refuse_ambiguous(raw: bytes | bytearray, value: Any) -> None:
    """Raise `invalid_json` for a body that names a field twice or is nested too deeply.

    value: what the body was parsed into.
    """
    # There cannot be more levels than opening brackets; texts may hold some too, so this is only the quick way.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH):
        raise GatewayError("invalid_json", f"The body may be nested {MAX_DEPTH} levels deep at most.")
    if len(raw) <= CHECKED_BYTES:
        try:
            _DECODER.decode(raw.decode())
        except _Twice:
            raise GatewayError("invalid_json", "The body names a field twice.") from None


def _deeper_than(value: Any, levels: int) -> bool:
    level = [value]
    for _ in range(levels):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        level = [one for one in inner if isinstance(one, dict | list)]
        if not level:
            return False
    return True
