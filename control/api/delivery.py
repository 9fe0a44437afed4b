"""Where and when a message goes: the fields that all kinds of messages share."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from control.api.fields import MessageRef, Moment, People
from control.api.kinds.kind import Kind
from control.api.shape import In
from control.messages.recipient import MAX_LENGTH
from control.messages.schedule import FARTHEST_MS, Schedule
from control.rpc.contract_gen import MessageContext, PersonAddress, WhenUncertain

EVERYBODY = "all"


class DeliveryIn(In):
    """What a single message and a batch share."""

    kind_name: Annotated[StrictStr, Field(alias="type")] = "text"
    reply_to: MessageRef | None = None
    mentions: People | None = None
    mention_all: StrictBool | None = None
    send_at: Moment | None = None
    expires_at: Moment | None = None
    expires_in: Annotated[StrictInt, Field(ge=1, le=FARTHEST_MS // 1000)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _all_is_a_mention(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("mentions") in (EVERYBODY, [EVERYBODY]):
            return {**{name: value for name, value in given.items() if name != "mentions"}, "mentionAll": True}
        return given

    @model_validator(mode="after")
    def _one_expiry(self) -> Self:
        if self.expires_at is not None and self.expires_in is not None:
            raise ValueError("expiresIn and expiresAt say the same; give one of them")
        return self

    def schedule(self) -> Schedule:
        """Return when it may leave."""
        return Schedule(self.send_at, self.expires_at, self.expires_in)

    def context(self) -> MessageContext | None:
        """Return what it refers to."""
        if self.reply_to is None and self.mentions is None and not self.mention_all:
            return None
        return MessageContext(
            reply_to=self.reply_to,
            mentions=[PersonAddress(person) for person in self.mentions] if self.mentions is not None else None,
            mention_all=self.mention_all or None,
        )

    def wrong_for(self, name: str, kind: type[Kind]) -> list[dict[str, str]]:
        """Return the fields that messages of this kind cannot have."""
        wrong = []
        if self.reply_to is not None and not kind.can_reply:
            wrong.append({"field": "replyTo", "message": f"is not possible with the type {name}"})
        if (self.mentions is not None or self.mention_all) and not kind.can_mention:
            wrong.append({"field": "mentions", "message": f"is not possible with the type {name}"})
        return wrong


class SendDeliveryIn(DeliveryIn):
    """To one recipient."""

    to: Annotated[
        StrictStr, Field(min_length=1, max_length=MAX_LENGTH, json_schema_extra={"format": "whatsapp-chat"})
    ]
    audience: People | None = None
    queue: StrictBool | None = None
    on_uncertain: Literal["resend", "hold"] | None = None
    wait: Annotated[StrictInt, Field(ge=0, le=30)] | None = None

    def when_uncertain(self) -> WhenUncertain | None:
        """Return the contract's word."""
        return WhenUncertain(self.on_uncertain) if self.on_uncertain is not None else None
