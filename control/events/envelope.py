"""An event as customers see it, in webhooks and when pulled: the same bytes everywhere.

The envelope is serialised once, when the event enters the log. What is signed, sent, sent again and pulled
later are these bytes, so no two readers of an event can disagree about it.

    {"event":"message","tenantId":"t1","data":{…},
     "id":"evt_…","type":"message","timestamp":"2026-11-23T12:00:00.123Z",
     "sessionId":"t1_1795435218000","sequence":812}

`event` and `type` are the same word: the first is this gateway's own name, the second that of Standard Webhooks.
A field that is not known is null, except `failure`, `errorCode`, `recipient` and `batchId` of message.status,
which are left out where there is nothing to say.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from control.rpc.contract_gen import (
    Event,
    IncomingText,
    MessageEvent,
    MessageStatusEvent,
    SessionQrEvent,
    SessionStatusEvent,
)
from control.rpc.states import SessionTruth
from control.storage.lanes import SESSION_LANE

_PHONE_SERVER = "@s.whatsapp.net"


class UnknownEvent(Exception):
    """The contract has an event this module has no words for."""


def envelope(event: Event) -> bytes:
    """Return the JSON bytes; raise UnknownEvent for a kind of event not described here."""
    return orjson.dumps(described(event))


def described(event: Event) -> dict[str, Any]:
    """Return what the bytes say; raise UnknownEvent for a kind of event not described here."""
    kind = event.data.type
    return {
        "event": kind,
        "tenantId": event.tenant_id,
        "data": _data(event.data),
        "id": event.event_id,
        "type": kind,
        "timestamp": iso(event.occurred_at_ms),
        "sessionId": event.session_id,
        "sequence": event.sequence,
    }


def status_described(truth: SessionTruth, phone_number: str | None) -> dict[str, Any]:
    """Return the data of session.status: the codes to decide by, and a sentence for people."""
    return {
        "status": truth.state.value,
        "connected": truth.connected,
        "since": iso(truth.since_ms),
        "reason": truth.reason.value if truth.reason else None,
        "message": truth.sentence,
        "whatsappCode": truth.whatsapp_code,
        "restrictedUntil": _iso_or_none(truth.restricted_until_ms),
        "retryAt": _iso_or_none(truth.retry_at_ms),
        "attempt": truth.attempt,
        "phoneNumber": phone_number,
    }


def lane(event: Event) -> str:
    """Return the line of events this one must keep its place in: its chat, or the session."""
    data = event.data
    match data:
        case MessageEvent():
            return data.chat_id
        case MessageStatusEvent():
            return data.chat_id or data.to
        case _:
            return SESSION_LANE


def iso(ms: int) -> str:
    """Write unix milliseconds as `2026-11-23T12:00:00.123Z`; a year past 9999 raises UnknownEvent."""
    try:
        moment = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
    except (ValueError, OverflowError) as impossible:
        raise UnknownEvent(f"time {ms}") from impossible
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _iso_or_none(ms: int | None) -> str | None:
    return iso(ms) if ms is not None else None


def _data(data: object) -> dict[str, Any]:
    match data:
        case MessageEvent():
            return _message(data)
        case MessageStatusEvent():
            return _message_status(data)
        case SessionStatusEvent():
            return status_described(SessionTruth.of(data), data.phone_number)
        case SessionQrEvent():
            # The bridge erases the text once the code cannot be scanned any more.
            return {
                "qr": data.qr.text if data.qr else None,
                "expiresAt": iso(data.qr.expires_at_ms) if data.qr else None,
            }
        case _:
            raise UnknownEvent(type(data).__name__)


def _message(data: MessageEvent) -> dict[str, Any]:
    said: dict[str, Any] = (
        {"type": "text", "message": data.content.text}
        if isinstance(data.content, IncomingText)
        else {"type": "other", "whatsappType": data.content.whatsapp_type}
    )
    return {
        "messageId": data.message_id,
        "chatId": data.chat_id,
        "from": data.sender.phone_number,
        "fromLid": data.sender.lid,
        "name": data.sender.name,
        "isGroup": data.is_group,
        "fromMe": data.from_me,
        **said,
        "timestamp": iso(data.sent_at_ms),
    }


def _message_status(data: MessageStatusEvent) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "messageId": data.message_id,
        "chatId": data.chat_id,
        "to": _number_or_id(data.to),
        "status": data.status.value,
    }
    if data.failure is not None:
        shown["failure"] = {"code": data.failure.code.value, "whatsappError": data.failure.whatsapp_error}
        if data.failure.whatsapp_error is not None:
            shown["errorCode"] = data.failure.whatsapp_error
    if data.recipient is not None:
        said = data.recipient
        shown["recipient"] = {
            "recipient": said.recipient,
            "phoneNumber": said.phone_number,
            "status": said.status.value,
            "at": iso(said.at_ms),
        }
    if data.batch_id is not None:
        shown["batchId"] = data.batch_id
    return shown


def _number_or_id(to: str) -> str:
    return "+" + to.removesuffix(_PHONE_SERVER) if to.endswith(_PHONE_SERVER) else to
