"""What the gateway answers when it cannot do what it was asked: docs/errors.md lists the codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_RETRYABLE = frozenset({429, 502, 503, 504})


class GatewayError(Exception):
    """A refusal of the gateway, or no answer at all. Decide by `code`.

    code: stable, lower_snake_case; `no_answer` when the gateway could not be reached or did not answer in time.
    status: of HTTP, 0 without an answer. retryable: whether the same request may succeed later, and retry_after:
    in how many seconds, where the gateway says so. request_id: names the request in the gateway's log. errors: one
    {"field", "message"} for each wrong field.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 0,
        retryable: bool = False,
        retry_after: float | None = None,
        request_id: str | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.status = status
        self.retryable = retryable
        self.retry_after = retry_after
        self.request_id = request_id
        self.errors = errors or []


def error_of(status: int, headers: Mapping[str, str], body: bytes) -> GatewayError:
    """Return the error of an answer that is no success, whatever is in it: a proxy may have written it."""
    problem = _problem_in(body)
    return GatewayError(
        _text(problem, "code") or f"http_{status}",
        _text(problem, "detail") or f"The gateway answered {status}.",
        status=status,
        retryable=bool(problem.get("retryable", status in _RETRYABLE)),
        retry_after=_seconds(headers.get("Retry-After")),
        request_id=headers.get("X-Request-Id") or _text(problem, "instance"),
        errors=problem.get("errors") if isinstance(problem.get("errors"), list) else None,
    )


def no_answer(detail: str) -> GatewayError:
    """Return the error for a gateway that said nothing."""
    return GatewayError("no_answer", detail, retryable=True)


def _problem_in(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(problem: dict[str, Any], name: str) -> str | None:
    value = problem.get(name)
    return value if isinstance(value, str) else None


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdigit() else None
