"""Errors as RFC 9457 problem documents: one shape for everything that is not a success.

{"type":"urn:whatsapp-gateway:problem:session_not_found","title":"…","status":404,"detail":"…",
 "instance":"<request id>","success":false,"code":"session_not_found","retryable":false,
 "errors":[{"field":"to","message":"is required"}]}
"""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from control.errors import GatewayError

CONTENT_TYPE = "application/problem+json"

_HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "payload_too_large",
    415: "unsupported_media_type",
}


def problem_document(error: GatewayError, request_id: str) -> dict[str, Any]:
    """Return the JSON object of an error."""
    document: dict[str, Any] = {
        "type": error.kind.type or f"urn:whatsapp-gateway:problem:{error.code}",
        "title": error.kind.title,
        "status": error.kind.http_status,
        "detail": error.detail,
        "instance": request_id,
        "success": False,
        "code": error.code,
        "retryable": error.kind.retryable,
    }
    if error.errors:
        document["errors"] = error.errors
    return {**error.extra, **document}


def problem_response(error: GatewayError, request_id: str) -> web.Response:
    """Return the HTTP answer of an error."""
    response = web.Response(
        status=error.kind.http_status,
        body=orjson.dumps(problem_document(error, request_id)),
        content_type=CONTENT_TYPE,
    )
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.code == "unauthorized":
        response.headers["WWW-Authenticate"] = 'Bearer realm="whatsapp-gateway"'
    return response


def from_http_exception(raised: web.HTTPException) -> GatewayError:
    """Return the error of the table for what aiohttp itself refuses."""
    if raised.status >= 500:
        return GatewayError("internal_error")
    return GatewayError(_HTTP_CODES.get(raised.status, "invalid_request"))
