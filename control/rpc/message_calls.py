"""message.*, batch.*, limits.*, chat.*: sending, and what belongs to it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from control.errors import GatewayError
from control.rpc import contract_gen as contract
from control.rpc.calls import Calls, log_invalid
from control.rpc.faults import CallFailed, CallTimeout, LinkDown
from control.rpc.parsing import parse

RESEND_WITHIN_SECONDS = 1.5
"""How long a message whose answer was lost waits for a new link to ask again. After that its sender hears that it
is not known what became of it."""


_NOT_LOOKED_AT = frozenset({"overloaded", "shutting_down", "store_unavailable"})
"""Answers to a second try that say nothing of what became of the first."""


class MessageCalls(Calls):
    """The methods of message.*, batch.*, limits.* and chat.*."""

    async def message_send(self, params: contract.MessageSendParams) -> contract.SendResult:
        """Record a message and wait up to `wait_ms` for WhatsApp to take it.

        When the link drops before the answer the same message is offered again over the new link, which the
        contract makes safe: a messageId that was recorded is not sent again. Raises `message_unconfirmed`, with
        messageId, when that gives no answer either, and `session_not_found`, `session_not_connected`,
        `recipient_not_on_whatsapp`, `send_rejected`, `message_conflict`, `idempotency_mismatch`,
        `idempotency_in_flight`, `queue_full`, `referenced_message_not_found`, `media_missing`,
        `content_not_possible`, `store_unavailable`.
        """
        extra = {"messageId": params.message_id}
        raw = await self._twice("message.send", params, extra)
        try:
            return parse(contract.SendResult, raw)
        except ValidationError as invalid:
            log_invalid("message.send", invalid)
            raise _unconfirmed("The bridge's answer cannot be read.", extra) from None

    async def _twice(self, method: str, params: BaseModel, extra: dict[str, Any]) -> Any:
        """Call what records messages, a second time over a new link when the first dropped before the answer.

        extra: what an error names besides. Raises `message_unconfirmed` when it is not known whether they were
        recorded.
        """
        written = False
        try:
            try:
                return await self._watched(method, params)
            except LinkDown as down:
                if not down.sent:
                    raise
                written = True
                await self._caller.ready(within=RESEND_WITHIN_SECONDS)
                return await self._watched(method, params)
        except (LinkDown, CallTimeout) as failed:
            if written or failed.sent:
                raise _unconfirmed("The bridge stopped answering after it got the message.", extra) from None
            raise failed.to_gateway_error() from None
        except CallFailed as failed:
            error = failed.to_gateway_error()
            if error.code == "bridge_error":
                # It broke somewhere between taking the message and answering.
                raise _unconfirmed("The bridge failed while it sent the message.", extra) from None
            if written and error.code in _NOT_LOOKED_AT:
                raise _unconfirmed("The bridge restarted after it got the message.", extra) from None
            raise error from None
        except GatewayError:
            if written:
                raise _unconfirmed("The bridge could not be asked again.", extra) from None
            raise

    async def message_replay(self, params: contract.MessageReplayParams) -> contract.ReplayResult:
        """What an earlier request with this idempotency key made, without making anything.

        Raises `idempotency_mismatch`, `idempotency_in_flight`.
        """
        return await self._answer("message.replay", params, contract.ReplayResult)

    async def message_get(self, params: contract.MessageParams) -> contract.OutgoingMessage:
        """A message of the outbox with all that is known of it.

        Raises `message_not_found`.
        """
        return await self._answer("message.get", params, contract.OutgoingMessage)

    async def message_list(self, params: contract.MessageListParams) -> contract.MessageListResult:
        """Messages of the outbox, newest first.

        Raises `message_not_found`.
        """
        return await self._answer("message.list", params, contract.MessageListResult)

    async def message_cancel(self, params: contract.MessageParams) -> contract.OutgoingMessage:
        """Takes back a message that was not handed to WhatsApp yet.

        Raises `message_not_found`, `message_not_cancellable`, `store_unavailable`.
        """
        return await self._answer("message.cancel", params, contract.OutgoingMessage)

    async def limits_get(self, params: contract.TenantParams) -> contract.Limits:
        """How the tenant's messages are spaced, and what is used.

        Raises `session_not_found`.
        """
        return await self._answer("limits.get", params, contract.Limits)

    async def limits_set(self, params: contract.LimitsSetParams) -> contract.Limits:
        """Chooses how the tenant's messages are spaced; without a profile the settings decide again.

        Raises `session_not_found`, `store_unavailable`.
        """
        return await self._answer("limits.set", params, contract.Limits)

    async def batch_create(self, params: contract.BatchCreateParams) -> contract.BatchResult:
        """Records one message for many, all of them or none.

        Asked a second time like message_send, which only the idempotency key makes safe: it has to be there.
        Raises `message_unconfirmed`, and `session_not_found`, `idempotency_mismatch`, `idempotency_in_flight`,
        `queue_full`, `media_missing`, `content_not_possible`, `store_unavailable`.
        """
        if params.idempotency is None:
            raise ValueError("a batch without an idempotency key could be made twice")
        raw = await self._twice("batch.create", params, {})
        try:
            return parse(contract.BatchResult, raw)
        except ValidationError as invalid:
            log_invalid("batch.create", invalid)
            raise _unconfirmed("The bridge's answer cannot be read.", {}) from None

    async def batch_get(self, params: contract.BatchParams) -> contract.Batch:
        """A batch and how far it is.

        Raises `batch_not_found`.
        """
        return await self._answer("batch.get", params, contract.Batch)

    async def batch_list(self, params: contract.BatchListParams) -> contract.BatchListResult:
        """Batches, newest first.

        Raises `batch_not_found`.
        """
        return await self._answer("batch.list", params, contract.BatchListResult)

    async def batch_messages(self, params: contract.BatchMessagesParams) -> contract.MessageListResult:
        """The messages of a batch in the order of their recipients.

        Raises `batch_not_found`, `message_not_found`.
        """
        return await self._answer("batch.messages", params, contract.MessageListResult)

    async def batch_pause(self, params: contract.BatchParams) -> contract.Batch:
        """No more messages of the batch leave until it is resumed.

        Raises `batch_not_found`, `batch_finished`, `store_unavailable`.
        """
        return await self._patient("batch.pause", params, contract.Batch)

    async def batch_resume(self, params: contract.BatchParams) -> contract.Batch:
        """Messages of the batch leave again.

        Raises `batch_not_found`, `batch_finished`, `store_unavailable`.
        """
        return await self._patient("batch.resume", params, contract.Batch)

    async def batch_cancel(self, params: contract.BatchParams) -> contract.Batch:
        """Messages of the batch that were not handed to WhatsApp yet are not sent.

        Raises `batch_not_found`, `batch_finished`, `store_unavailable`.
        """
        return await self._patient("batch.cancel", params, contract.Batch)

    async def chat_read(self, params: contract.ChatReadParams) -> contract.Done:
        """Marks messages that were received as read.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `referenced_message_not_found`.
        """
        return await self._patient("chat.read", params, contract.Done)

    async def chat_presence(self, params: contract.ChatPresenceParams) -> contract.Done:
        """Shows the other side that the number is writing or recording.

        Raises `session_not_found`, `session_not_connected`, `whatsapp_timeout`, `whatsapp_rate_limited`,
        `whatsapp_refused`, `recipient_not_on_whatsapp`.
        """
        return await self._patient("chat.presence", params, contract.Done)


def _unconfirmed(why: str, extra: dict[str, Any]) -> GatewayError:
    return GatewayError(
        "message_unconfirmed",
        f"{why} It is not known whether the message was accepted; if it was, a message.status event will tell.",
        **extra,
    )
