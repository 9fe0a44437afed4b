"""What requests and answers about labels look like."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr

from control.api.fields import NOT_BLANK, Chat, MessageRef
from control.api.shape import In, Out
from control.rpc.contract_gen import Label


class LabelIn(In):
    """Body of POST and PUT. color: one of WhatsApp's twenty."""

    name: Annotated[StrictStr, Field(max_length=100), NOT_BLANK]
    color: Annotated[StrictInt, Field(ge=0, le=19)] = 0


class LabelAssignIn(In):
    """Body of POST …/assign: the chat, or one message in it, that gets the label or loses it."""

    chat: Chat
    message_id: MessageRef | None = None
    assigned: StrictBool = True


class LabelOut(Out):
    """A label. predefined: WhatsApp made it."""

    label_id: str
    name: str
    color: int
    predefined: bool

    @classmethod
    def of(cls, label: Label) -> Self:
        """Return the answer for a label."""
        return cls(label_id=label.label_id, name=label.name, color=label.color, predefined=bool(label.predefined))


class LabelDetailsOut(LabelOut):
    """One label."""

    success: Literal[True] = True


class LabelsOut(Out):
    """The labels, in the order of their ids."""

    success: Literal[True] = True
    labels: list[LabelOut]


class LabelAssignmentOut(Out):
    """Whether the chat or message has the label now."""

    success: Literal[True] = True
    chat_id: str
    assigned: bool
