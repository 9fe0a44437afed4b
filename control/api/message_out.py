"""What callers see of a message."""

from __future__ import annotations

from typing import Any, Literal

from control.api.shape import Out, iso, iso_or_none
from control.rpc.contract_gen import MessageListResult, OutgoingMessage, RecipientStatus


class MessageFailureOut(Out):
    """Why a message failed. whatsappError: WhatsApp's own code, null where it gave none."""

    code: str
    whatsapp_error: int | None


class MessageRecipientOut(Out):
    """What the devices of one member of a group did at last."""

    recipient: str
    phone_number: str | None
    status: str
    at: str

    @classmethod
    def of(cls, said: RecipientStatus) -> MessageRecipientOut:
        """Return one recipient."""
        return cls(
            recipient=said.recipient,
            phone_number=said.phone_number,
            status=said.status.value,
            at=iso(said.at_ms),
        )


class MessageOut(Out):
    """A message and all that is known of it; what is not is null."""

    message_id: str
    to: str
    chat_id: str | None
    type: str
    status: str
    accepted_at: str
    send_at: str | None
    expires_at: str | None
    sent_at: str | None
    delivered_at: str | None
    read_at: str | None
    played_at: str | None
    failed_at: str | None
    failure: MessageFailureOut | None
    held_by: str | None
    expected_at: str | None
    batch_id: str | None
    recipient_count: int | None

    @classmethod
    def of(cls, message: OutgoingMessage) -> MessageOut:
        """Return a message."""
        return cls.model_validate(cls.fields_of(message))

    @classmethod
    def fields_of(cls, message: OutgoingMessage) -> dict[str, object]:
        """Return the values by the names of the fields."""
        failure = message.failure
        return {
            "message_id": message.message_id,
            "to": message.to,
            "chat_id": message.chat_id,
            "type": message.type.value,
            "status": message.status.value,
            "accepted_at": iso(message.accepted_at_ms),
            "send_at": iso_or_none(message.send_at_ms),
            "expires_at": iso_or_none(message.expires_at_ms),
            "sent_at": iso_or_none(message.sent_at_ms),
            "delivered_at": iso_or_none(message.delivered_at_ms),
            "read_at": iso_or_none(message.read_at_ms),
            "played_at": iso_or_none(message.played_at_ms),
            "failed_at": iso_or_none(message.failed_at_ms),
            "failure": MessageFailureOut(code=failure.code.value, whatsapp_error=failure.whatsapp_error)
            if failure is not None
            else None,
            "held_by": message.held_by.value if message.held_by is not None else None,
            "expected_at": iso_or_none(message.expected_at_ms),
            "batch_id": message.batch_id,
            "recipient_count": message.recipient_count,
        }


class MessageDetailsOut(MessageOut):
    """A message asked for by its id. recipients: in a group or story, who did what; else null."""

    success: Literal[True] = True
    recipients: list[MessageRecipientOut] | None

    @classmethod
    def of(cls, message: OutgoingMessage) -> MessageDetailsOut:
        """Return a message with its recipients."""
        said = message.recipients
        recipients = [MessageRecipientOut.of(one) for one in said] if said is not None else None
        return cls.model_validate({**cls.fields_of(message), "recipients": recipients})


class RawMessageOut(Out):
    """A message as WhatsApp's own protocol has it; WhatsApp changes that without notice."""

    success: Literal[True] = True
    message_id: str
    message: dict[str, Any]


class MessagePageOut(Out):
    """Messages. next: what to ask for the next page with; null on the last."""

    success: Literal[True] = True
    messages: list[MessageOut]
    next: str | None

    @classmethod
    def of(cls, page: MessageListResult) -> MessagePageOut:
        """Return a page."""
        messages = [MessageOut.of(message) for message in page.messages]
        return cls(messages=messages, next=messages[-1].message_id if page.has_more and messages else None)


class SentMessageOut(Out):
    """A message that was taken. status: `sent` once WhatsApp's server has it, `accepted` before.

    It says nothing that the bridge does not keep with the message: the answer to a repeated request is made of the
    same values and is the same to the byte.
    """

    success: Literal[True] = True
    message_id: str
    status: str
    to: str
    chat_id: str | None
    type: str
    timestamp: str
    send_at: str | None
    expires_at: str | None
    held_by: str | None
    expected_at: str | None

    @classmethod
    def of(cls, message: OutgoingMessage) -> SentMessageOut:
        """Return the answer for a message."""
        return cls(
            message_id=message.message_id,
            status=message.status.value,
            to=message.to,
            chat_id=message.chat_id,
            type=message.type.value,
            timestamp=iso(message.accepted_at_ms),
            send_at=iso_or_none(message.send_at_ms),
            expires_at=iso_or_none(message.expires_at_ms),
            held_by=message.held_by.value if message.held_by is not None else None,
            expected_at=iso_or_none(message.expected_at_ms),
        )
