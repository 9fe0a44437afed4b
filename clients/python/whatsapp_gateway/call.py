"""One request: what it is made of, and when it is said again."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

from whatsapp_gateway.problem import GatewayError

TIMEOUT_SECONDS: Final = 35.0
"""What one try may take. Sending waits a little longer than the gateway does."""

RETRIES: Final = 3
"""How often a request is said again that may be said again."""

LONGEST_WAIT_SECONDS: Final = 20.0
"""Longer than that nobody waits inside a call: the caller is told, and when to come back."""

SEND_WAIT_SECONDS: Final = 5
"""How long a send waits for WhatsApp's server when nothing is said."""

_REPEATABLE: Final = frozenset({"GET", "PUT"})
_IDEMPOTENCY_KEY: Final = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class File:
    """A file to send along: its name, its bytes, its type."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Call:
    """A request, ready for an HTTP client."""

    method: str
    url: str
    params: dict[str, str]
    headers: dict[str, str]
    content: bytes | None
    data: dict[str, str] | None
    file: File | None
    repeatable: bool
    seconds: float


class Address:
    """Where the gateway is, and the key to it."""

    def __init__(self, base_url: str, api_key: str) -> None:
        """Raise ValueError when the address is none or the key is empty."""
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("base_url must be an address such as https://whatsapp.example.com")
        if not api_key.strip():
            raise ValueError("api_key is empty")
        self._base = base_url.rstrip("/")
        self._api_key = api_key

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, object] | None,
        headers: Mapping[str, str | None] | None,
        body: object,
        file: File | None,
        seconds: float,
    ) -> Call:
        """Return the request. seconds: what one try of it may take.

        Fields of a body that comes with a file become parts of a form.
        """
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        content: bytes | None = None
        data: dict[str, str] | None = None
        if file is not None:
            fields = body if isinstance(body, Mapping) else {}
            data = {name: _form(value) for name, value in fields.items() if value is not None}
        elif body is not None:
            content = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        return Call(
            method,
            f"{self._base}{path}",
            {name: _plain(value) for name, value in (query or {}).items() if value is not None},
            {**sent, "Authorization": f"Bearer {self._api_key}"},
            content,
            data,
            file,
            method in _REPEATABLE or _IDEMPOTENCY_KEY in sent,
            seconds,
        )


def wait_before(call: Call, error: GatewayError, attempt: int, retries: int) -> float | None:
    """Return after how many seconds to say it again; None for never. attempt: 0 for the first."""
    if not call.repeatable or not error.retryable or attempt >= retries:
        return None
    if error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_WAIT_SECONDS else None
    return float(0.25 * 2**attempt * (1 + random.random()))  # noqa: S311 - only spreads repetitions


def decoded(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a success."""
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def quoted(part: str) -> str:
    """Return a part of a path."""
    return quote(part, safe="")


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _form(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
