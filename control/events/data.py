"""The `data` of each kind of event. What is not known is null where a field always stands, else left out."""

from __future__ import annotations

from typing import Any

from control.events.content import content_described
from control.events.shape import UnknownEvent, iso, iso_or_none, shown
from control.rpc.contract_gen import (
    CallEvent,
    ContactUpdateEvent,
    GroupUpdateEvent,
    MessageDeletedEvent,
    MessageEditedEvent,
    MessageEvent,
    MessageReactionEvent,
    MessageStatusEvent,
    MessageUnreadableEvent,
    PresenceEvent,
    SessionQrEvent,
    SessionStatusEvent,
)
from control.rpc.states import SessionTruth

ByPerson = MessageEvent | MessageEditedEvent | MessageDeletedEvent | MessageReactionEvent | MessageUnreadableEvent

_PHONE_SERVER = "@s.whatsapp.net"
_CONTEXT = {"quoted", "mentions", "ad"}
_FLAGS = {"mention_all", "forwarded", "forwarded_many_times", "view_once", "ephemeral_seconds", "offline"}


def data_described(data: object, media_url: str) -> dict[str, Any]:
    """Return what the envelope of an event says; raise UnknownEvent for a kind that is not described here."""
    match data:
        case MessageEvent():
            said = content_described(data, media_url)
            return {**_who(data), **said, **_context(data), "timestamp": iso(data.sent_at_ms)}
        case MessageStatusEvent():
            return _message_status(data)
        case MessageEditedEvent():
            return {**_who(data), **content_described(data, media_url), "timestamp": iso(data.edited_at_ms)}
        case MessageDeletedEvent():
            return {**_who(data), "timestamp": iso(data.deleted_at_ms)}
        case MessageReactionEvent():
            target = {} if data.target_from_me is None else {"targetFromMe": data.target_from_me}
            return {**_who(data), "emoji": data.emoji, **target, "timestamp": iso(data.reacted_at_ms)}
        case MessageUnreadableEvent():
            return {**_who(data), "reason": data.reason.value, "timestamp": iso(data.sent_at_ms)}
        case SessionStatusEvent():
            return status_described(SessionTruth.of(data), data.phone_number)
        case SessionQrEvent():
            # The bridge erases the text once the code cannot be scanned any more.
            return {
                "qr": data.qr.text if data.qr else None,
                "expiresAt": iso(data.qr.expires_at_ms) if data.qr else None,
            }
        case GroupUpdateEvent() | ContactUpdateEvent() | PresenceEvent() | CallEvent():
            told = shown(data)
            del told["type"]
            if "occurredAt" in told:
                told["timestamp"] = told.pop("occurredAt")
            return told
        case _:
            raise UnknownEvent(type(data).__name__)


def status_described(truth: SessionTruth, phone_number: str | None) -> dict[str, Any]:
    """Return the data of session.status: the codes to decide by, and a sentence for people."""
    return {
        "status": truth.state.value,
        "connected": truth.connected,
        "since": iso(truth.since_ms),
        "reason": truth.reason.value if truth.reason else None,
        "message": truth.sentence,
        "whatsappCode": truth.whatsapp_code,
        "restrictedUntil": iso_or_none(truth.restricted_until_ms),
        "retryAt": iso_or_none(truth.retry_at_ms),
        "attempt": truth.attempt,
        "phoneNumber": phone_number,
    }


def _who(data: ByPerson) -> dict[str, Any]:
    """Which message, in which chat, by whom."""
    return {
        "messageId": data.message_id,
        "chatId": data.chat_id,
        "chatType": data.chat_type.value,
        "from": data.sender.phone_number,
        "fromLid": data.sender.lid,
        "name": data.sender.name,
        "isGroup": data.is_group,
        "fromMe": data.from_me,
    }


def _context(data: MessageEvent) -> dict[str, Any]:
    known = shown(data)
    aliases = {name: MessageEvent.model_fields[name].alias or name for name in (_CONTEXT | _FLAGS | {"chat_lid"})}
    return {alias: known[alias] for alias in aliases.values() if known.get(alias) not in (None, False, [])}


def _message_status(data: MessageStatusEvent) -> dict[str, Any]:
    told: dict[str, Any] = {
        "messageId": data.message_id,
        "chatId": data.chat_id,
        "to": _number_or_id(data.to),
        "status": data.status.value,
    }
    if data.failure is not None:
        told["failure"] = {"code": data.failure.code.value, "whatsappError": data.failure.whatsapp_error}
        if data.failure.whatsapp_error is not None:
            told["errorCode"] = data.failure.whatsapp_error
    if data.recipient is not None:
        told["recipient"] = {"phoneNumber": None, **shown(data.recipient)}
    if data.batch_id is not None:
        told["batchId"] = data.batch_id
    return told


def _number_or_id(to: str) -> str:
    return "+" + to.removesuffix(_PHONE_SERVER) if to.endswith(_PHONE_SERVER) else to
