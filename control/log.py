"""Structured JSON logs on stdout, one object a line, with numbers and tenants masked.

Fields are given by `extra=`: `log.info("message accepted", extra={"tenantId": t, "phone": p})`. What a field may
show is decided here and not by the caller: `tenantId` becomes `tenant123***`, `phone` becomes `+5511***`, and a
field whose name says it is a secret or a message's text is never written.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

BATCH_SECONDS = 0.05
BATCH_CHARACTERS = 16_384

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PHONES = frozenset({"phone", "phoneNumber", "to", "from", "recipient", "jid", "chatId", "lid"})
_TENANTS = frozenset({"tenantId", "sessionId"})
_NEVER = frozenset(
    {
        "apiKey",
        "authorization",
        "secret",
        "password",
        "token",
        "text",
        "body",
        "qr",
        "qrCode",
        "caption",
        "name",
    }
)


def mask_tenant(tenant_id: str) -> str:
    """`tenant12345` → `tenant123***`."""
    return f"{tenant_id[:9]}***"


def mask_phone(phone: str) -> str:
    """`+5511999999999` → `+5511***`."""
    return f"{phone[:5]}***"


def mask_address(address: str | None) -> str | None:
    """`203.0.113.7` → `203.0.113.0/24`: the network, a /24 or /48, is enough to know the place, not the person."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def _shown(name: str, value: Any) -> Any:
    if name in _NEVER:
        return "***"
    if name in _TENANTS and isinstance(value, str):
        return mask_tenant(value)
    if name in _PHONES and isinstance(value, str):
        return mask_phone(value)
    return value


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD:
                line[name] = _shown(name, value)
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class BatchingHandler(logging.Handler):
    """Writes lines together: one call of the system for each costs a tenth of a request.

    A line waits for a twentieth of a second at most, and not at all when it is a warning or worse, when much
    waits, or where no event loop runs. What waits is written when the process ends, unless it is killed outright.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._waiting: list[str] = []
        self._characters = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line."""
        try:
            line = self.format(record)
        except Exception:
            self.handleError(record)
            return
        self._waiting.append(line)
        self._characters += len(line)
        if record.levelno >= logging.WARNING or self._characters > BATCH_CHARACTERS:
            self.flush()
        elif len(self._waiting) == 1:
            try:
                asyncio.get_running_loop().call_later(BATCH_SECONDS, self.flush)
            except RuntimeError:
                self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self.lock or contextlib.nullcontext():
            lines, self._waiting, self._characters = self._waiting, [], 0
            if lines:
                with contextlib.suppress(OSError, ValueError):
                    # A log that cannot be written must not stop the work.
                    self._stream.write("\n".join(lines) + "\n")
                    self._stream.flush()


def configure_logging(level: str) -> None:
    """Send all logs through the formatter; call once at start. level: debug, info, warning or error."""
    handler = BatchingHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # aiohttp's access log would carry full URLs; control/api/middleware.py writes its own line.
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
