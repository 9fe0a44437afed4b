"""Messages that were accepted: looked up, listed, taken back."""

from __future__ import annotations

import logging
from typing import Protocol

from control.rpc.contract_gen import (
    MessageListParams,
    MessageListResult,
    MessageParams,
    MessageStatus,
    OutgoingMessage,
    RawMessage,
)

log = logging.getLogger(__name__)


class OutboxBridge(Protocol):
    """What this needs of the bridge."""

    async def message_get(self, params: MessageParams) -> OutgoingMessage:
        """Return a message."""

    async def message_list(self, params: MessageListParams) -> MessageListResult:
        """Return a page of messages."""

    async def message_cancel(self, params: MessageParams) -> OutgoingMessage:
        """Take a message back."""

    async def message_raw(self, params: MessageParams) -> RawMessage:
        """Return a message in WhatsApp's own words."""


class Outbox:
    """The messages of all tenants."""

    def __init__(self, bridge: OutboxBridge) -> None:
        self._bridge = bridge

    async def get(self, tenant_id: str, message_id: str) -> OutgoingMessage:
        """Return a message with all that is known of it. Raises `message_not_found`."""
        return await self._bridge.message_get(MessageParams(tenant_id=tenant_id, message_id=message_id))

    async def raw(self, tenant_id: str, message_id: str) -> RawMessage:
        """Return a message as WhatsApp's own protocol has it. Raises `message_not_found`."""
        return await self._bridge.message_raw(MessageParams(tenant_id=tenant_id, message_id=message_id))

    async def page(
        self, tenant_id: str, *, status: MessageStatus | None, before: str | None, limit: int
    ) -> MessageListResult:
        """Return messages, newest first. Raises `message_not_found` when `before` is not known."""
        return await self._bridge.message_list(
            MessageListParams(tenant_id=tenant_id, status=status, before=before, limit=limit)
        )

    async def cancel(self, tenant_id: str, message_id: str) -> OutgoingMessage:
        """Take back a message that has not left. Raises `message_not_found`, `message_not_cancellable`."""
        message = await self._bridge.message_cancel(MessageParams(tenant_id=tenant_id, message_id=message_id))
        log.info("message cancelled", extra={"tenantId": tenant_id, "messageId": message_id})
        return message
