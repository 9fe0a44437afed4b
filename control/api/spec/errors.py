"""Which errors a route can give, and how they stand in the OpenAPI."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

# Puts the contract's errors into the table.
import control.rpc.faults  # noqa: F401
from control.api.problems import CONTENT_TYPE, problem_document
from control.api.route import Route
from control.auth.scopes import GRANTABLE_SCOPES
from control.errors import ERROR_KINDS, GatewayError
from control.rpc.contract_gen import METHODS

EXAMPLE_REQUEST_ID: Final = "6f1c2a9e8b7d4c3fa5e60718293a4b5c"

_ALWAYS: Final = ("internal_error",)
_KEYED: Final = ("unauthorized", "redis_unavailable")
_OF_A_TENANT: Final = ("invalid_tenant_id", "tenant_not_found", "tenant_suspended")
_BODY: Final = (
    *("invalid_json", "invalid_request", "payload_too_large", "unsupported_media_type", "request_timeout"),
)
_FILE: Final = (
    *("media_too_large", "media_url_refused", "media_fetch_failed", "media_type_refused", "media_invalid"),
    *("media_conversion_failed", "ffmpeg_required", "media_busy", "spool_full"),
)
_LINK: Final = ("bridge_unavailable", "bridge_timeout", "bridge_error", "overloaded", "shutting_down")
_KEY: Final = ("invalid_idempotency_key",)

_CHECKED_PATHS: Final = ("{contact}", "{groupId}", "{channelId}", "{code}")
"""Variables that are refused as invalid_request. Of the others a wrong one is simply not found."""


def codes_of(route: Route) -> tuple[str, ...]:
    """Return every code the route can answer with, in the order of their status."""
    operation = route.operation
    if operation is None:
        raise ValueError(f"{route.method} {route.path} has no operation")
    found = {*_ALWAYS, *operation.errors}
    if route.seconds is not None:
        found.add("deadline_exceeded")
    if not route.public:
        found.update(_KEYED)
        if route.scope is not None:
            found.add("forbidden")
        if route.scope in GRANTABLE_SCOPES:
            # Of one that is bound to suspended tenants only.
            found.add("tenant_suspended")
        if "{tenantId}" in route.path:
            found.update(_OF_A_TENANT)
    if route.cost > 0:
        found.add("rate_limited")
    queried = any(parameter.where == "query" for parameter in operation.parameters)
    if queried or any(variable in route.path for variable in _CHECKED_PATHS):
        found.add("invalid_request")
    if any(parameter.name == "tenantId" for parameter in operation.parameters):
        found.add("invalid_tenant_id")
    if operation.request is not None:
        found.update(_BODY)
        if operation.request.multipart:
            found.update(_FILE)
    if operation.idempotent:
        found.update(_KEY)
    if operation.calls:
        found.update(_LINK)
        for call in operation.calls:
            found.update(METHODS[call].errors)
    return tuple(sorted(found, key=lambda code: (ERROR_KINDS[code].http_status, code)))


class Responses:
    """The responses of errors, of which most operations share most: each stands once in `components.responses`."""

    def __init__(self) -> None:
        self.components: dict[str, Any] = {}

    def of(self, codes: tuple[str, ...]) -> dict[str, Any]:
        """Return the responses of an operation's errors, by status."""
        by_status: dict[int, list[str]] = defaultdict(list)
        for code in codes:
            by_status[ERROR_KINDS[code].http_status].append(code)
        return {str(status): self._reference(status, group) for status, group in by_status.items()}

    def _reference(self, status: int, codes: list[str]) -> dict[str, str]:
        name = f"{status}.{'-'.join(codes)}"
        self.components.setdefault(name, response(status, codes))
        return {"$ref": f"#/components/responses/{name}"}


HEADERS: Final = {
    "X-Request-Id": {"$ref": "#/components/headers/RequestId"},
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
}
"""Of every answer."""


def examples() -> dict[str, Any]:
    """Return `components.examples`: each error as it is answered."""
    return {
        code: {
            "summary": kind.title,
            "value": problem_document(GatewayError(code), EXAMPLE_REQUEST_ID),
        }
        for code, kind in sorted(ERROR_KINDS.items())
    }


def response(status: int, codes: list[str]) -> dict[str, Any]:
    """Return the response of errors that share a status."""
    headers = dict(HEADERS)
    if any(ERROR_KINDS[code].retryable for code in codes):
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    if status == 401:
        headers["WWW-Authenticate"] = {"$ref": "#/components/headers/Authenticate"}
    return {
        "description": "\n".join(f"- `{code}`: {ERROR_KINDS[code].title}" for code in codes),
        "headers": headers,
        "content": {
            CONTENT_TYPE: {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Problem"},
                        {"type": "object", "properties": {"code": {"enum": codes}, "status": {"const": status}}},
                    ]
                },
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
        },
    }
