"""An event that can be joined."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, StrictBool, StrictStr, model_validator

from control.api.fields import NOT_BLANK, Moment
from control.api.kinds.kind import Kind
from control.api.kinds.location import PlaceIn
from control.rpc.contract_gen import OutgoingEvent


class EventIn(Kind):
    """{"type":"event","name","startsAt"}."""

    can_mention: ClassVar[bool] = False

    name: Annotated[StrictStr, Field(max_length=1024), NOT_BLANK]
    starts_at: Moment
    ends_at: Moment | None = None
    description: Annotated[StrictStr, Field(max_length=8192)] | None = None
    location: PlaceIn | None = None
    extra_guests_allowed: StrictBool | None = None
    is_cancelled: StrictBool | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("endsAt is not after startsAt")
        return self

    def content(self) -> OutgoingEvent:
        """Return the event."""
        return OutgoingEvent(
            type="event",
            name=self.name,
            description=self.description,
            starts_at_ms=self.starts_at,
            ends_at_ms=self.ends_at,
            place=self.location.place() if self.location is not None else None,
            extra_guests_allowed=self.extra_guests_allowed,
            is_cancelled=self.is_cancelled,
        )
