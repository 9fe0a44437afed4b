"""Reads a request's JSON body and holds it to a model, with a sentence for each field that is wrong."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from control.errors import GatewayError

READ_SECONDS = 10.0
"""A client that sends its body more slowly is cut off. aiohttp itself would wait for ever."""

MAX_FIELD_ERRORS = 20

_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "bool_type": "must be true or false",
}

M = TypeVar("M", bound=BaseModel)


async def read_object(request: web.Request, *, optional: bool = False) -> dict[str, Any]:
    """Return the body's JSON object; empty for an absent body when it is `optional`.

    Raises `unsupported_media_type`, `request_timeout`, `payload_too_large`, `invalid_json`, `invalid_request`.
    """
    refuse_other_types(request)
    try:
        async with asyncio.timeout(READ_SECONDS):
            raw = await request.read()
    except TimeoutError:
        raise GatewayError("request_timeout") from None
    if not raw.strip() and optional:
        return {}
    return parsed_object(raw)


def parsed_object(raw: bytes | bytearray) -> dict[str, Any]:
    """Return the JSON object; raises `invalid_json`, `invalid_request`."""
    if not raw.strip():
        raise GatewayError("invalid_json", "The body is empty; a JSON object is expected.")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise GatewayError("invalid_json") from None
    if not isinstance(value, dict):
        raise GatewayError("invalid_request", "The body must be a JSON object.")
    return value


def refuse_other_types(request: web.Request) -> None:
    """Raise `unsupported_media_type` for a body that is not JSON."""
    if request.can_read_body and not _is_json(request.content_type):
        raise GatewayError("unsupported_media_type", "Send JSON with the header Content-Type: application/json.")


def checked(model: type[M], value: dict[str, Any]) -> M:
    """Return the model of the object; raises `invalid_request` with one entry for each wrong field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        wrong = [
            {"field": ".".join(map(str, item["loc"])), "message": _SENTENCES.get(item["type"], _said(item["msg"]))}
            for item in error.errors(include_input=False, include_url=False, include_context=False)
        ][:MAX_FIELD_ERRORS]
        detail = "; ".join(f"{item['field']} {item['message']}" for item in wrong)
        raise GatewayError("invalid_request", f"{detail}.", errors=wrong) from None


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")
