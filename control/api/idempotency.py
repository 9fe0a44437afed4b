"""The header Idempotency-Key, and the one that says an answer is that of an earlier request."""

from __future__ import annotations

import re

from aiohttp import web

from control.errors import GatewayError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
MAX_LENGTH = 255

# A string of RFC 9651, and what people send in its place: the key alone.
_STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"', re.ASCII)
_BARE = re.compile(r"[\x21\x23-\x7e][\x21-\x7e]*", re.ASCII)


def idempotency_key(request: web.Request) -> str | None:
    """Return the key, None without one; `"abc"` and `abc` are the same. Raises `invalid_idempotency_key`."""
    given = request.headers.getall(HEADER, [])
    if not given:
        return None
    text = given[0].strip(" \t")
    key = ""
    if quoted := _STRING.fullmatch(text):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    elif _BARE.fullmatch(text):
        key = text
    if len(given) > 1 or not 1 <= len(key) <= MAX_LENGTH:
        raise GatewayError(
            "invalid_idempotency_key",
            f"{HEADER} holds one key of 1 to {MAX_LENGTH} printable ASCII characters, in quotes or bare.",
        )
    return key


def mark(response: web.Response, *, replayed: bool) -> web.Response:
    """Say on an answer that it is that of an earlier request."""
    if replayed:
        response.headers[REPLAYED] = "true"
    return response
