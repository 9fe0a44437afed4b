"""The `data` of each kind of event."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from control.events.schemas.content import Content
from control.events.schemas.shape import Person, Shape, Time
from control.rpc.contract_gen import SessionReason, SessionState

ChatType = Literal["person", "group", "status", "channel"]


class ByPerson(Shape):
    """A message, its chat, and who did something. from: a number where WhatsApp tells it, else see fromLid."""

    message_id: str
    chat_id: str
    chat_type: ChatType
    from_: str | None = Field(alias="from")
    from_lid: str | None
    name: str | None = Field(description="Chosen by the sender: show it as text, never trust it.")
    is_group: bool
    from_me: bool = Field(description="The tenant's own phone or another of its devices did it.")
    timestamp: Time


class Quoted(Shape):
    """The message this one answers. Its text is what the sender quotes."""

    message_id: str
    sender: Person | None = None
    from_me: bool | None = None
    text: str | None = None
    type: str | None = None


class Ad(Shape):
    """The advertisement a chat began with."""

    title: str | None = None
    body: str | None = None
    source_url: str | None = None
    source_id: str | None = None
    source_type: str | None = None
    click_id: str | None = None


class MessageData(ByPerson, Content):
    """A message that was received, or sent from the tenant's own phone."""

    chat_lid: str | None = None
    quoted: Quoted | None = None
    mentions: list[Person] | None = None
    mention_all: bool | None = None
    forwarded: bool | None = None
    forwarded_many_times: bool | None = None
    view_once: bool | None = None
    ephemeral_seconds: int | None = None
    ad: Ad | None = None
    offline: bool | None = Field(None, description="It waited at WhatsApp while the session was away.")


class MessageEditedData(ByPerson, Content):
    """A message has another text or caption now. messageId is that of the first one."""


class MessageDeletedData(ByPerson):
    """A message was deleted for everyone, by whom the sender fields tell."""


class MessageReactionData(ByPerson):
    """Somebody reacted to the message, or took the reaction back: then emoji is empty."""

    emoji: str
    target_from_me: bool | None = None


class MessageUnreadableData(ByPerson):
    """A message that cannot be decrypted now. When it can, a `message` with the same messageId follows."""

    reason: Literal["no_session", "bad_ciphertext", "unavailable"]


class Failure(Shape):
    """Why a message failed."""

    code: str
    whatsapp_error: int | None


class Recipient(Shape):
    """What one recipient's devices said, in a group or story."""

    recipient: str
    phone_number: str | None
    status: Literal["delivered", "read", "played"]
    at: Time


class MessageStatusData(Shape):
    """What became of a message sent through this API."""

    message_id: str
    chat_id: str | None
    to: str
    status: Literal["accepted", "sent", "delivered", "read", "played", "failed", "unknown"]
    failure: Failure | None = None
    error_code: int | None = Field(None, description="WhatsApp's own code, as in failure.whatsappError.")
    recipient: Recipient | None = None
    batch_id: str | None = None


class SessionStatusData(Shape):
    """The session came into another state. message says it in a sentence, reason in a code."""

    status: Literal[tuple(state.value for state in SessionState)]  # type: ignore[valid-type]
    connected: bool
    since: Time
    reason: Literal[tuple(reason.value for reason in SessionReason)] | None  # type: ignore[valid-type]
    message: str
    whatsapp_code: int | None
    restricted_until: Time | None
    retry_at: Time | None
    attempt: int | None
    phone_number: str | None


class SessionQrData(Shape):
    """A new QR code; null once it cannot be scanned any more."""

    qr: str | None
    expires_at: Time | None


class GroupUpdateData(Shape):
    """Something changed in a group."""

    group_id: str
    action: Literal[
        "created",
        "joined",
        "left",
        "participants_added",
        "participants_removed",
        "participants_promoted",
        "participants_demoted",
        "participant_left",
        "subject",
        "description",
        "picture",
        "settings",
        "invite",
        "join_requested",
        "join_request_withdrawn",
        "deleted",
    ]
    actor: Person | None = None
    participants: list[Person] | None = None
    subject: str | None = None
    description: str | None = None
    only_admins_send: bool | None = None
    only_admins_edit: bool | None = None
    join_approval: bool | None = None
    member_add_mode: Literal["admins", "all"] | None = None
    disappearing_seconds: int | None = None
    timestamp: Time


class ContactUpdateData(Shape):
    """Something about a person changed."""

    contact: Person
    picture_changed: bool | None = None
    about: str | None = None


class PresenceData(Shape):
    """Somebody is there, writes or went away."""

    chat_id: str
    person: Person
    presence: Literal["available", "unavailable", "composing", "recording", "paused"]
    last_seen: Time | None = None


class CallData(Shape):
    """Somebody calls."""

    call_id: str
    caller: Person
    chat_id: str | None = None
    status: Literal["ringing", "accepted", "rejected", "missed", "ended"]
    is_video: bool
    is_group: bool
    rejected_by_gateway: bool | None = None
    timestamp: Time


class WebhookDisabledData(Shape):
    """One of the tenant's endpoints gets no events any more until it is enabled again."""

    webhook_id: str
    url: str
    reason: str
    failing_since: Time | None
