"""Headers a tenant wants on its webhooks: which names and values can be had."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from control.errors import GatewayError

HEADERS_MAX: Final = 20
VALUE_MAX_CHARACTERS: Final = 1024
HEADERS_MAX_CHARACTERS: Final = 4096

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}", re.ASCII)
_VALUE: Final = re.compile(r"[!-~]([ -~]*[!-~])?", re.ASCII)

# Those of one connection (RFC 9110 §7.6.1), those that say how the body is framed, and those set here.
_OURS: Final = frozenset(
    {
        *("connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te"),
        *("trailer", "transfer-encoding", "upgrade", "content-length", "content-type", "content-encoding"),
        *("host", "expect", "accept-encoding", "user-agent", "date"),
    }
)
_OUR_BEGINNINGS: Final = ("webhook-", "x-webhook-")


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers, or raise GatewayError invalid_request with one entry for each that cannot be had."""
    wrong = [
        {"field": f"headers.{name[:128]}", "message": problem}
        for name, value in headers.items()
        if (problem := _problem(name, value)) is not None
    ]
    if len(headers) > HEADERS_MAX:
        wrong.insert(0, {"field": "headers", "message": f"must be {HEADERS_MAX} at most"})
    if sum(len(name) + len(value) for name, value in headers.items()) > HEADERS_MAX_CHARACTERS:
        wrong.insert(0, {"field": "headers", "message": f"must have {HEADERS_MAX_CHARACTERS} characters at most"})
    if len({name.lower() for name in headers}) < len(headers):
        wrong.insert(0, {"field": "headers", "message": "must not name a header twice"})
    if wrong:
        detail = "; ".join(f"{item['field']} {item['message']}" for item in wrong)
        raise GatewayError("invalid_request", f"{detail}.", errors=wrong[:HEADERS_MAX])
    return dict(headers)


def _problem(name: str, value: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "is not a header's name"
    if name.lower() in _OURS or name.lower().startswith(_OUR_BEGINNINGS):
        return "is set by the gateway or belongs to the connection"
    if len(value) > VALUE_MAX_CHARACTERS or not _VALUE.fullmatch(value):
        return f"must have 1 to {VALUE_MAX_CHARACTERS} printable ASCII characters and no space at its ends"
    return None
