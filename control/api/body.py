"""Reads a request's JSON body and holds it to a model, with a sentence for each field that is wrong."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from control.api.json_limits import refuse_ambiguous
from control.errors import GatewayError

READ_SECONDS = 10.0
"""A client that sends its body more slowly is cut off. aiohttp itself would wait for ever."""

SLOWEST_BYTES_PER_SECOND = 128 * 1024
"""A large body gets this much longer."""

MAX_BODY_BYTES = 256 * 1024
"""Of bodies that hold no texts or files; those that do have limits of their own."""

MAX_FIELD_ERRORS = 20

_SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a string",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "too_short": "needs at least {min_length}",
    "too_long": "has more than {max_length} entries",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "is_instance_of": "is the name of the part with the file in a multipart request",
}

M = TypeVar("M", bound=BaseModel)


async def read_object(
    request: web.Request, *, optional: bool = False, max_bytes: int = MAX_BODY_BYTES
) -> dict[str, Any]:
    """Return the body's JSON object; empty for an absent body when it is `optional`.

    Raises `unsupported_media_type`, `request_timeout`, `payload_too_large`, `invalid_json`, `invalid_request`.
    """
    refuse_other_types(request)
    raw = await _read(request, max_bytes)
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
    refuse_ambiguous(raw, value)
    if not isinstance(value, dict):
        raise GatewayError("invalid_request", "The body must be a JSON object.")
    return value


def refuse_other_types(request: web.Request) -> None:
    """Raise `unsupported_media_type` for a body that is not JSON, or is packed."""
    refuse_packed(request)
    if request.can_read_body and not _is_json(request.content_type):
        raise GatewayError("unsupported_media_type", "Send JSON with the header Content-Type: application/json.")


def refuse_packed(request: web.Request) -> None:
    """Raise `unsupported_media_type` for a body that would have to be unpacked first."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise GatewayError("unsupported_media_type", "Send the body as it is, without a Content-Encoding.")


async def _read(request: web.Request, max_bytes: int) -> bytearray:
    """Return the body; aiohttp's own limit is one for all addresses, which is why this does not ask it."""
    too_large = GatewayError("payload_too_large", f"The body may have {max_bytes:,} bytes at most.")
    announced = request.content_length or 0
    if announced > max_bytes:
        raise too_large
    raw = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS + announced / SLOWEST_BYTES_PER_SECOND):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > max_bytes:
                    raise too_large
    except TimeoutError:
        raise GatewayError("request_timeout") from None
    return raw


def checked(model: type[M], value: dict[str, Any]) -> M:
    """Return the model of the object; raises `invalid_request` with one entry for each wrong field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise refused(wrong_fields(error)) from None


def wrong_fields(error: ValidationError) -> list[dict[str, str]]:
    """Return one {"field","message"} for each wrong field."""
    wrong = []
    for item in error.errors(include_input=False, include_url=False):
        field, sentence = ".".join(map(str, item["loc"])), _sentence(item)
        if not field:
            # What is wrong with several fields together begins with the name of one.
            field, _, sentence = sentence.partition(" ")
        wrong.append({"field": field, "message": sentence})
    return wrong


def refused(wrong: list[dict[str, str]]) -> GatewayError:
    """Return the error for wrong fields."""
    shown = wrong[:MAX_FIELD_ERRORS]
    detail = "; ".join(f"{item['field']} {item['message']}" for item in shown)
    return GatewayError("invalid_request", f"{detail}.", errors=[dict(item) for item in shown])


def wrong_field(field: str, sentence: str) -> GatewayError:
    """Return the error for one wrong field."""
    return refused([{"field": field, "message": sentence}])


def _sentence(item: ErrorDetails) -> str:
    known = _SENTENCES.get(item["type"])
    if known is None:
        # The models' own sentences arrive as `Value error, …`.
        return item["msg"].removeprefix("Value error, ").rstrip(".")
    return known.format(**{name: _number(value) for name, value in item.get("ctx", {}).items()})


def _number(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else value


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")
