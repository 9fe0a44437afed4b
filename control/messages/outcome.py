"""What became of a message, where that is not that it was taken: the one table from a failure to an error."""

from __future__ import annotations

from typing import Any, Final

from control.errors import GatewayError
from control.rpc.contract_gen import Code, MessageStatus, OutgoingMessage

FAILURES: Final[dict[Code, str]] = {
    Code.recipient_not_on_whatsapp: "recipient_not_on_whatsapp",
    Code.rejected: "send_rejected",
    Code.restricted: "number_restricted",
    Code.expired: "message_expired",
    Code.cancelled: "message_cancelled",
    Code.media_unusable: "media_unusable",
    Code.referenced_message_not_found: "referenced_message_not_found",
    Code.content_not_possible: "content_not_possible",
    Code.session_ended: "session_ended",
    Code.internal_error: "send_failed",
}
"""The error of the table for each reason a message can fail for."""


def error_of(message: OutgoingMessage) -> GatewayError | None:
    """Return the error for a message that failed or of which nothing is known; None for one that was taken."""
    if message.status is MessageStatus.unknown:
        return GatewayError(
            "message_unconfirmed",
            "The message was handed over, but nothing was heard of it. It is not known whether WhatsApp took it.",
            messageId=message.message_id,
        )
    if message.status is not MessageStatus.failed:
        return None
    extra: dict[str, Any] = {"messageId": message.message_id}
    if message.failure is None:
        return GatewayError("send_failed", **extra)
    if message.failure.whatsapp_error is not None:
        extra["whatsappError"] = message.failure.whatsapp_error
    return GatewayError(FAILURES[message.failure.code], **extra)
