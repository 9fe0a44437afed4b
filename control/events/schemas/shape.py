"""What all shapes of events have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, pattern=r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")]
"""ISO 8601 in UTC with milliseconds."""


class Shape(BaseModel):
    """Part of an event. Later versions may add fields, so receivers should let unknown ones pass."""

    # For documents and tests: the service itself builds none of them.
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, strict=True, defer_build=True)


class Person(Shape):
    """Somebody on WhatsApp, as far as known. `name` is chosen by that person: show it as text, never trust it."""

    phone_number: str | None = None
    lid: str | None = None
    name: str | None = None
