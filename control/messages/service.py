"""Sends a message: chooses its id, hands it to the bridge, says honestly what is known of it.

The id is fixed before the bridge is called. Whatever happens on the way, asking again with the same id cannot send
the message twice.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any, Protocol

from control.errors import GatewayError
from control.messages.recipient import normalise_recipient
from control.rpc.contract_gen import MessageSendParams, MessageStatus, OutgoingMessage, OutgoingText, SendResult

ACK_WAIT_MS = 5_000
"""How long a send waits for WhatsApp's server to take the message before it is answered as accepted."""

MAX_TEXT_LENGTH = 65_536

log = logging.getLogger(__name__)


class MessageBridge(Protocol):
    """What messages need of the bridge."""

    async def message_send(self, params: MessageSendParams) -> SendResult:
        """Record and send a message."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was taken. to: E.164 or WhatsApp id."""

    to: str
    message: OutgoingMessage


def new_message_id() -> str:
    """Return a random WhatsApp message id of the form WhatsApp's own web clients use."""
    return "3EB0" + secrets.token_hex(9).upper()


class MessageService:
    """Sends for all tenants."""

    def __init__(self, bridge: MessageBridge, *, ack_wait_ms: int = ACK_WAIT_MS) -> None:
        self._bridge = bridge
        self._ack_wait_ms = ack_wait_ms

    async def send_text(self, tenant_id: str, to: str, text: str) -> SentMessage:
        """Send a text and wait for WhatsApp's server to take it.

        Raises `invalid_recipient`, `message_too_long`, `send_rejected`, `message_unconfirmed` and the errors of
        BridgeClient.message_send.
        """
        if len(text) > MAX_TEXT_LENGTH:
            raise GatewayError(
                "message_too_long",
                f"The text has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} are possible.",
            )
        recipient = normalise_recipient(to)
        content = OutgoingText(type="text", text=text)
        message_id = new_message_id()
        params = MessageSendParams(
            tenant_id=tenant_id, to=recipient, content=content, message_id=message_id, wait_ms=self._ack_wait_ms
        )
        message = (await self._bridge.message_send(params)).message
        log.info(
            "message taken",
            extra={
                "tenantId": tenant_id,
                "to": recipient,
                "messageId": message.message_id,
                "status": message.status.value,
            },
        )
        if message.status is MessageStatus.failed:
            extra: dict[str, Any] = {}
            if message.failure is not None and message.failure.whatsapp_error is not None:
                extra["whatsappError"] = message.failure.whatsapp_error
            raise GatewayError("send_rejected", messageId=message.message_id, **extra)
        if message.status is MessageStatus.unknown:
            raise GatewayError(
                "message_unconfirmed",
                "The bridge was stopped while it sent the message and cannot tell whether WhatsApp took it.",
                messageId=message.message_id,
            )
        return SentMessage(recipient, message)
