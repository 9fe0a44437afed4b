"""What is done in a chat besides sending, over HTTP: messages marked as read, and typing shown."""

from __future__ import annotations

from typing import Annotated, Self

from aiohttp import web
from pydantic import AfterValidator, Field, StrictStr, model_validator

from control.api.answers import json_answer
from control.api.body import checked, read_object, wrong_field
from control.api.context import CHATS
from control.api.fields import MessageRef
from control.api.schemas import checked_tenant_id
from control.api.shape import DoneOut, In
from control.messages.recipient import STATUS, normalise_recipient
from control.rpc.contract_gen import Presence


class ChatIn(In):
    """A chat: `chatId` as events name it, or `to` as for a send. One of them."""

    chat_id: (
        Annotated[StrictStr, Field(min_length=1, max_length=128, json_schema_extra={"format": "whatsapp-chat"})]
        | None
    ) = None
    to: (
        Annotated[StrictStr, Field(min_length=1, max_length=128, json_schema_extra={"format": "whatsapp-chat"})]
        | None
    ) = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.chat_id is None) == (self.to is None):
            raise ValueError("chatId is required, or to in its place")
        return self

    def chat(self) -> str:
        """Return the chat. Raises `invalid_recipient`."""
        return normalise_recipient(self.chat_id or self.to or "")


class MarkReadIn(ChatIn):
    """Body of POST …/read."""

    message_ids: Annotated[list[MessageRef], Field(min_length=1, max_length=100)]


def _in_words(given: str) -> str:
    # What the rest of the world calls it.
    word = "composing" if given == "typing" else given
    if word not in tuple(Presence):
        raise ValueError("must be one of composing (or typing), recording, paused")
    return word


class PresenceIn(ChatIn):
    """Body of POST …/presence. seconds: it ends by itself after so long."""

    presence: Annotated[StrictStr, AfterValidator(_in_words)]
    seconds: Annotated[float, Field(strict=True, ge=0.5, le=60)] | None = None


async def read(request: web.Request) -> web.Response:
    """POST …/read: mark received messages as read."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    wanted = checked(MarkReadIn, await read_object(request))
    await request.app[CHATS].read(tenant_id, wanted.chat(), wanted.message_ids)
    return json_answer(DoneOut())


async def presence(request: web.Request) -> web.Response:
    """POST …/presence: show that the number is writing or recording."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    wanted = checked(PresenceIn, await read_object(request))
    chat = wanted.chat()
    if chat == STATUS:
        raise wrong_field("to", "is a chat; nobody sees a story being written")
    duration_ms = round(wanted.seconds * 1000) if wanted.seconds is not None else None
    await request.app[CHATS].show(tenant_id, chat, Presence(wanted.presence), duration_ms)
    return json_answer(DoneOut())


async def follow_presence(request: web.Request) -> web.Response:
    """POST …/follow-presence: be told for 24 hours what somebody does."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    wanted = checked(ChatIn, await read_object(request))
    await request.app[CHATS].follow(tenant_id, wanted.chat())
    return json_answer(DoneOut())
