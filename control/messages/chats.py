"""What is done in a chat besides sending: messages marked as read, and typing shown."""

from __future__ import annotations

from typing import Protocol

from control.rpc.contract_gen import (
    ChatFollowParams,
    ChatPresenceParams,
    ChatReadParams,
    Done,
    MessageId,
    Presence,
)


class ChatBridge(Protocol):
    """What this needs of the bridge."""

    async def chat_read(self, params: ChatReadParams) -> Done:
        """Mark messages as read."""

    async def chat_presence(self, params: ChatPresenceParams) -> Done:
        """Show that the number is writing."""

    async def chat_follow_presence(self, params: ChatFollowParams) -> Done:
        """Tell presence events of a chat."""


class Chats:
    """The chats of all tenants."""

    def __init__(self, bridge: ChatBridge) -> None:
        self._bridge = bridge

    async def read(self, tenant_id: str, chat_id: str, message_ids: list[str]) -> None:
        """Mark received messages as read. Raises the errors of BridgeClient.chat_read."""
        ids = [MessageId(message_id) for message_id in message_ids]
        await self._bridge.chat_read(ChatReadParams(tenant_id=tenant_id, chat_id=chat_id, message_ids=ids))

    async def show(self, tenant_id: str, chat_id: str, presence: Presence, duration_ms: int | None) -> None:
        """Show a presence, for so long at most. Raises the errors of BridgeClient.chat_presence."""
        await self._bridge.chat_presence(
            ChatPresenceParams(tenant_id=tenant_id, chat_id=chat_id, presence=presence, duration_ms=duration_ms)
        )

    async def follow(self, tenant_id: str, chat_id: str) -> None:
        """Be told for 24 hours what somebody does. Raises the errors of BridgeClient.chat_follow_presence."""
        await self._bridge.chat_follow_presence(ChatFollowParams(tenant_id=tenant_id, chat_id=chat_id))
