"""What answers about events look like."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from control.api.shape import Out
from control.events.schemas.published import EVENTS

if TYPE_CHECKING:
    Event = Any
else:
    Event = Annotated[reduce(or_, EVENTS.values()), Field(discriminator="event")]


class EventPageOut(Out):
    """Events after a cursor, oldest first."""

    success: Literal[True] = True
    events: list[Event] = Field(description="The bodies of the webhooks.")
    cursor: str = Field(description="Give it as `after` for what follows.")
    has_more: bool = Field(description="The page is full, so there may be more already.")
    gap: bool = Field(description="Events between the cursor asked for and the first of these are gone.")


class StreamTicketOut(Out):
    """A ticket that opens one stream, once, until it expires."""

    success: Literal[True] = True
    ticket: str = Field(description="Goes into the address of the stream, `?ticket=`.")
    expires_at: str = Field(description="Until when it opens a stream.")
