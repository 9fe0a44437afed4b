"""What requests and answers are made of. `In` comes from callers and knows no other fields, `Out` goes to them.

Names are the ones of design and documentation: camelCase outside, snake_case inside. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class In(BaseModel):
    """What a caller sends."""

    # Built when the first of them comes: hundreds of shapes are a fifth of the time it takes to start.
    model_config = ConfigDict(
        defer_build=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
        str_max_length=1_000_000,
    )


class Out(BaseModel):
    """What a caller gets."""

    # What has a default is always said, so that readers need not ask whether it is there.
    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        json_schema_serialization_defaults_required=True,
    )


class DoneOut(Out):
    """It was done."""

    success: Literal[True] = True


def iso(time_ms: int) -> str:
    """Return a time in ISO 8601 with milliseconds, `2026-01-31T12:00:00.000Z`."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(time_ms: int | None) -> str | None:
    """Return a time in ISO 8601 where there is one."""
    return iso(time_ms) if time_ms is not None else None
