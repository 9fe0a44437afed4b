"""An event as customers see it, in webhooks and when pulled: the same bytes everywhere.

The envelope is serialised once, when the event enters the log. What is signed, sent, sent again and pulled
later are these bytes, so no two readers of an event can disagree about it.

    {"event":"message","tenantId":"t1","data":{…},
     "id":"evt_…","type":"message","timestamp":"2026-11-23T12:00:00.123Z",
     "sessionId":"t1_1795435218000","sequence":812}

`event` and `type` are the same word: the first is this gateway's own name, the second that of Standard Webhooks.
The `data` of each kind is in data.py; control/events/schemas has it as JSON Schema.
"""

from __future__ import annotations

from typing import Any

import orjson

from control.events.data import data_described
from control.events.shape import iso
from control.rpc.contract_gen import (
    CallEvent,
    Event,
    GroupUpdateEvent,
    MessageDeletedEvent,
    MessageEditedEvent,
    MessageEvent,
    MessageReactionEvent,
    MessageStatusEvent,
    MessageUnreadableEvent,
    PresenceEvent,
)
from control.storage.lanes import SESSION_LANE


def envelope(event: Event, base_url: str) -> bytes:
    """Return the JSON bytes; raise UnknownEvent for a kind of event not described here."""
    return orjson.dumps(described(event, base_url))


def described(event: Event, base_url: str) -> dict[str, Any]:
    """Return what the bytes say; raise UnknownEvent for a kind of event not described here.

    base_url: where callers reach this service, in front of the addresses of media.
    """
    kind = event.data.type
    return {
        "event": kind,
        "tenantId": event.tenant_id,
        "data": data_described(event.data, f"{base_url.rstrip('/')}/api/v1/media/{event.tenant_id}/"),
        "id": event.event_id,
        "type": kind,
        "timestamp": iso(event.occurred_at_ms),
        "sessionId": event.session_id,
        "sequence": event.sequence,
    }


def lane(event: Event) -> str:
    """Return the line of events this one must keep its place in: its chat, or the session."""
    match event.data:
        case (
            MessageEvent()
            | MessageEditedEvent()
            | MessageDeletedEvent()
            | MessageReactionEvent()
            | MessageUnreadableEvent()
            | PresenceEvent()
        ) as data:
            return data.chat_id
        case MessageStatusEvent() as data:
            return data.chat_id or data.to
        case GroupUpdateEvent() as data:
            return data.group_id
        case CallEvent() as data:
            return data.chat_id or SESSION_LANE
        case _:
            return SESSION_LANE
