"""Counts what events say of a tenant's use: messages by what became of them, those received, sizes of their files.

An event that is told again after a crash is counted again. In groups only the message itself is counted, not what
each member's device says of it.
"""

from __future__ import annotations

from typing import Final

from control.rpc.contract_gen import Event, MessageEvent, MessageStatus, MessageStatusEvent
from control.tenancy.usage import Counted, Usage

_STATUS: Final = {
    MessageStatus.sent: Counted.SENT,
    MessageStatus.delivered: Counted.DELIVERED,
    MessageStatus.read: Counted.READ,
    MessageStatus.failed: Counted.FAILED,
}


class Metering:
    """Listens to the ingest."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    async def on_event(self, event: Event) -> None:
        """Count an event."""
        data = event.data
        if isinstance(data, MessageStatusEvent):
            counted = _STATUS.get(data.status)
            if counted is not None and data.recipient is None:
                self._usage.count(event.tenant_id, counted, at_ms=event.occurred_at_ms)
        elif isinstance(data, MessageEvent) and not data.from_me:
            self._usage.count(event.tenant_id, Counted.RECEIVED, at_ms=event.occurred_at_ms)
            media = getattr(data.content, "media", None)
            size = getattr(media, "size_bytes", None)
            if size:
                self._usage.count(event.tenant_id, Counted.MEDIA_RECEIVED, size, at_ms=event.occurred_at_ms)
