"""The published JSON Schemas: one for each kind of event, and one for all of them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, create_model

from control.events.schemas import data
from control.events.schemas.shape import Shape, Time

KINDS: dict[str, type[Shape]] = {
    "message": data.MessageData,
    "message.status": data.MessageStatusData,
    "message.edited": data.MessageEditedData,
    "message.deleted": data.MessageDeletedData,
    "message.reaction": data.MessageReactionData,
    "message.unreadable": data.MessageUnreadableData,
    "session.status": data.SessionStatusData,
    "session.qr": data.SessionQrData,
    "group.update": data.GroupUpdateData,
    "contact.update": data.ContactUpdateData,
    "presence": data.PresenceData,
    "call": data.CallData,
    "webhook.disabled": data.WebhookDisabledData,
}
"""Every kind of event there is: the closed vocabulary."""


def _event(kind: str, shape: type[Shape]) -> type[BaseModel]:
    name = "".join(word.capitalize() for word in kind.replace(".", " ").split()) + "Event"
    same: Any = Literal[kind]
    return create_model(
        name,
        __base__=Shape,
        __doc__=shape.__doc__,
        event=(same, Field(description="The kind of event.")),
        type=(same, Field(description="The same, under the name Standard Webhooks uses.")),
        id=(str, Field(description="The same in every attempt: drop repeated events by it.")),
        tenant_id=(str, ...),
        timestamp=(Time, Field(description="When it happened.")),
        session_id=(str | None, Field(description="The pairing it happened in.")),
        sequence=(int | None, Field(description="Counts the events of the sessionId from 1 without a gap.")),
        data=(shape, ...),
    )


EVENTS: dict[str, type[BaseModel]] = {kind: _event(kind, shape) for kind, shape in KINDS.items()}
"""The whole event, of each kind."""


def json_schema() -> dict[str, Any]:
    """Return one JSON Schema (2020-12) of all events; `$defs` has each by its name."""
    union: Any = None
    for model in EVENTS.values():
        union = model if union is None else union | model
    schema = TypeAdapter(union).json_schema(by_alias=True)
    for shape in schema["$defs"].values():
        for field in shape.get("properties", {}).values():
            # Said by its name already; generators would make a type of each.
            field.pop("title", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Event", **schema}
