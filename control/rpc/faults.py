"""What can go wrong between control and the bridge, and the error of the table each becomes.

CallFailed
├── LinkDown      there is no link; `sent` tells whether the call had been written, so that its outcome is unknown
├── CallTimeout   the link is there, the answer is not; `sent` as above
└── RpcFault      the bridge answered with an error of the contract

Importing this file puts the contract's errors into the table of control/errors.py. It is the only place that does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from control import errors
from control.errors import ErrorKind, GatewayError
from control.rpc.contract_gen import ERRORS
from control.rpc.reasons import REASONS

_NAMES = {error.code: error.name for error in ERRORS}
_MAX_DETAIL = 500
_MAX_RETRY_SECONDS = 7 * 24 * 3600
_WORD = re.compile(r"[a-z_]{1,40}")


# What of an error's data goes outward, and how it has to look: numbers and words, never a path or a text.
_DATA: Final[dict[str, Callable[[Any], bool]]] = {
    "whatsappError": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bridgeHash": lambda value: isinstance(value, str) and len(value) <= 64,
    "reason": lambda value: isinstance(value, str) and _WORD.fullmatch(value) is not None,
}

for _error in ERRORS:
    errors.register(ErrorKind(_error.name, _error.http_status, _error.retryable, _error.message))


class CallFailed(Exception):
    """A call that has no result."""

    def to_gateway_error(self) -> GatewayError:
        """Return the error a caller of the REST API gets."""
        return GatewayError("bridge_unavailable")


class LinkDown(CallFailed):
    """The bridge cannot be reached or the link dropped before the answer."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("the link to the bridge is down")
        self.sent = sent

    def to_gateway_error(self) -> GatewayError:
        """Return `bridge_unavailable`."""
        return GatewayError("bridge_unavailable", retry_after=2)


class CallTimeout(CallFailed):
    """The bridge is there but did not answer in time."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("the bridge did not answer in time")
        self.sent = sent

    def to_gateway_error(self) -> GatewayError:
        """Return `bridge_timeout`."""
        return GatewayError("bridge_timeout", retry_after=2)


class RpcFault(CallFailed):
    """The bridge's error answer: code of the contract, its sentence, and data if it sent some."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.data = data

    @property
    def name(self) -> str:
        """The contract's name of the error; `bridge_error` for a number the contract does not have."""
        return _NAMES.get(self.code, "bridge_error")

    def to_gateway_error(self) -> GatewayError:
        """Return the error of the same name.

        The bridge's own sentence is passed on for the contract's errors about sessions and messages. What it says
        about protocol faults is for the log only.
        """
        known = self.code in _NAMES and self.code > 0
        data = self.data if isinstance(self.data, dict) else {}
        extra = {name: data[name] for name, is_one in _DATA.items() if name in data and is_one(data[name])}
        said = self.message[:_MAX_DETAIL] if known and self.message else None
        return GatewayError(
            self.name,
            REASONS.get(extra.get("reason", ""), said),
            retry_after=_retry_after(self.name, data.get("retryAfterMs")),
            **extra,
        )


def _retry_after(name: str, told_ms: Any) -> int | None:
    """Return the seconds until it makes sense to ask again, where they are known."""
    if isinstance(told_ms, int) and not isinstance(told_ms, bool):
        return min(max(1, -(-told_ms // 1000)), _MAX_RETRY_SECONDS)
    if name == "idempotency_in_flight":
        return 1
    kind = errors.ERROR_KINDS[name]
    return 2 if kind.retryable and kind.http_status == 503 else None
