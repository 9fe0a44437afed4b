"""Counts what events say of a tenant's use: messages by what became of them, those received, sizes of their files.

In groups only the message itself is counted, not what each member's device says of it.
"""

from __future__ import annotations

from control.rpc.contract_gen import Event, MessageEvent, MessageStatus, MessageStatusEvent
from control.tenancy.fates import STEP_OF, Fates
from control.tenancy.usage import Counted, Usage


class Metering:
    """Listens to the ingest. A received message that is told again after a crash is counted again."""

    def __init__(self, usage: Usage, fates: Fates) -> None:
        self._usage = usage
        self._fates = fates

    async def on_event(self, event: Event) -> None:
        """Count an event."""
        data = event.data
        if isinstance(data, MessageStatusEvent):
            if data.recipient is None:
                self._count(event.tenant_id, data, event.occurred_at_ms)
        elif isinstance(data, MessageEvent) and not data.from_me:
            self._usage.count(event.tenant_id, Counted.RECEIVED, at_ms=event.occurred_at_ms)
            media = getattr(data.content, "media", None)
            size = getattr(media, "size_bytes", None)
            if size:
                self._usage.count(event.tenant_id, Counted.MEDIA_RECEIVED, size, at_ms=event.occurred_at_ms)

    def _count(self, tenant_id: str, data: MessageStatusEvent, at_ms: int) -> None:
        step = STEP_OF.get(data.status)
        if step is not None:
            self._fates.reached(tenant_id, data.message_id, step, at_ms)
        elif data.status is MessageStatus.accepted:
            self._fates.accepted(tenant_id, data.message_id)
