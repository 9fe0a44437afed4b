"""Fields that several bodies have: recipients, ids of messages, moments, texts. Each error is a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StrictStr, WithJsonSchema

from control.messages.recipient import (
    MAX_LENGTH,
    NotARecipient,
    normalise_chat,
    normalise_person,
    normalise_phone,
)

MAX_TEXT = 65_536
"""Characters of a text or caption; more is `message_too_long`."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_LATEST_MS = 253_402_300_799_000
_MESSAGE_ID = re.compile(r"[A-Za-z0-9._:@-]{1,128}", re.ASCII)


def _recipient(normalise: Callable[[str], str]) -> Callable[[object], str]:
    def check(given: object) -> str:
        if not isinstance(given, str):
            raise ValueError("must be a string")
        try:
            return normalise(given)
        except NotARecipient as wrong:
            raise ValueError(f"is no phone number with its country code or WhatsApp id. {wrong}") from None

    return check


def _moment(given: object) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        if not 0 <= given <= _LATEST_MS:
            raise ValueError("is no time in unix milliseconds")
        if 0 < given < 100_000_000_000:
            raise ValueError("is unix time in milliseconds, not seconds")
        return given
    if not isinstance(given, str):
        raise ValueError("must be a time: ISO 8601 with an offset, or unix milliseconds")
    try:
        moment = datetime.fromisoformat(given.strip())
    except ValueError:
        raise ValueError("must be a time in ISO 8601, such as 2026-12-24T18:00:00-03:00") from None
    if moment.tzinfo is None:
        raise ValueError("needs an offset: end it with Z or one such as -03:00")
    found = (moment - _EPOCH) // timedelta(milliseconds=1)
    if found < 0:
        raise ValueError("lies before 1970")
    return found


def _message_id(given: str) -> str:
    if not _MESSAGE_ID.fullmatch(given):
        raise ValueError("is no message id")
    return given


def _not_blank(given: str) -> str:
    if not given.strip():
        raise ValueError("must not be empty")
    return given


def one_or_many(given: Any) -> Any:
    """Take a single value for a list of one."""
    return [given] if isinstance(given, str) else given


def _written(form: str, description: str, example: str) -> WithJsonSchema:
    """Say how a recipient is written. form: no standard one, it only tells these apart from other strings."""
    text = {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "format": form}
    return WithJsonSchema({**text, "description": description, "examples": [example]}, mode="validation")


_PERSON_WORDS = "A phone number with its country code, or a person's WhatsApp id."

Chat = Annotated[
    str,
    PlainValidator(_recipient(normalise_chat)),
    _written("whatsapp-chat", "A phone number with its country code, or a chat's WhatsApp id.", "+5511987654321"),
]
Person = Annotated[
    str,
    PlainValidator(_recipient(normalise_person)),
    _written("whatsapp-person", _PERSON_WORDS, "+5511987654321"),
]
Phone = Annotated[
    str,
    PlainValidator(_recipient(normalise_phone)),
    _written("phone-number", "A phone number with its country code.", "+5511987654321"),
]
Moment = Annotated[
    int,
    PlainValidator(_moment),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "integer", "minimum": 100_000_000_000, "maximum": _LATEST_MS},
            ],
            "description": "A time: ISO 8601 with an offset, or unix milliseconds.",
            "examples": ["2026-12-24T18:00:00-03:00"],
        },
        mode="validation",
    ),
]
MessageRef = Annotated[
    StrictStr,
    AfterValidator(_message_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_MESSAGE_ID.pattern}$"}, mode="validation"),
]
NOT_BLANK = AfterValidator(_not_blank)
Text = Annotated[StrictStr, NOT_BLANK, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_TEXT})]
People = Annotated[
    list[Person],
    BeforeValidator(one_or_many, json_schema_input_type=Person | list[Person]),
    Field(min_length=1, max_length=1024),
]
"""People by phone number or WhatsApp id."""
