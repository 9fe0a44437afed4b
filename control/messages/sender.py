"""Sends a message: chooses its id, hands it to the bridge, says what is known of it.

The id is fixed before the bridge is called. Whatever happens on the way, asking again with the same id cannot send
the message twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from control.errors import GatewayError
from control.messages.accounts import UNCONFIRMED, Accounts
from control.messages.attachment import Attachment, Intake
from control.messages.draft import Draft
from control.messages.idempotency import InFlight, fingerprint
from control.messages.message_id import new_message_id
from control.messages.schedule import Times, now_ms
from control.rpc.contract_gen import (
    Idempotency,
    MessageReplayParams,
    MessageSendParams,
    MessageStatus,
    OutgoingMessage,
    PersonAddress,
    ReplayResult,
    SendResult,
)

ROUTE = "POST /api/v1/messages/{tenantId}/send"
"""What a fingerprint is made of never changes: a repeated request must be recognised by the next version too."""

log = logging.getLogger(__name__)


class MessageBridge(Protocol):
    """What sending needs of the bridge."""

    async def message_send(self, params: MessageSendParams) -> SendResult:
        """Record and send a message."""

    async def message_replay(self, params: MessageReplayParams) -> ReplayResult:
        """Tell what an earlier request with this key made."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and what is known of it. replayed: it was made by an earlier request with the same key."""

    message: OutgoingMessage
    replayed: bool


class Sender:
    """Sends for all tenants."""

    def __init__(
        self,
        bridge: MessageBridge,
        intake: Intake,
        in_flight: InFlight,
        accounts: Accounts,
        *,
        now_ms: Callable[[], int] = now_ms,
    ) -> None:
        self._bridge = bridge
        self._intake = intake
        self._in_flight = in_flight
        self._accounts = accounts
        self._now_ms = now_ms

    async def send(self, tenant_id: str, draft: Draft, *, key: str | None, wait_ms: int) -> Sent:
        """Send a message, or tell what became of it when a request with this key made it before.

        key: the Idempotency-Key. wait_ms: how long to wait for WhatsApp's server to take it. That it failed is
        told by the message, see control/messages/outcome.py; raises `invalid_request`, the errors of InFlight, of
        Accounts and those of BridgeClient.message_send.
        """
        request = _request(tenant_id, draft, key)
        async with Attachment(self._intake, tenant_id, draft.content) as file:
            with self._in_flight.enter(tenant_id, request):
                try:
                    times = draft.schedule.times(self._now_ms())
                except GatewayError:
                    if (before := await self._before(tenant_id, request)) is not None:
                        return before
                    raise
                if file.is_media and (before := await self._before(tenant_id, request)) is not None:
                    return before
                return await self._on_account(tenant_id, draft, file, times, request, wait_ms)

    async def _on_account(
        self,
        tenant_id: str,
        draft: Draft,
        file: Attachment,
        times: Times,
        request: Idempotency | None,
        wait_ms: int,
    ) -> Sent:
        """Hand it over within the tenant's quotas. What was not accepted, or was before, is not counted."""
        try:
            taken = await self._accounts.take(tenant_id, 1, file=file.is_media)
        except GatewayError:
            if (before := await self._before(tenant_id, request)) is not None:
                return before
            raise
        try:
            sent = await self._hand_over(tenant_id, draft, file, times, request, wait_ms)
        except GatewayError as error:
            if error.code != UNCONFIRMED:
                await self._accounts.give_back(taken)
            raise
        if sent.replayed or sent.message.status is MessageStatus.failed:
            await self._accounts.give_back(taken)
        else:
            self._accounts.accepted(taken, file.size_bytes, sent.message)
        return sent

    async def _before(self, tenant_id: str, request: Idempotency | None) -> Sent | None:
        """What an earlier request with this key made."""
        if request is None:
            return None
        found = await self._bridge.message_replay(MessageReplayParams(tenant_id=tenant_id, idempotency=request))
        return Sent(found.message, replayed=True) if found.message is not None else None

    async def _hand_over(
        self,
        tenant_id: str,
        draft: Draft,
        file: Attachment,
        times: Times,
        request: Idempotency | None,
        wait_ms: int,
    ) -> Sent:
        message_id = new_message_id()
        audience = draft.audience
        params = MessageSendParams(
            tenant_id=tenant_id,
            to=draft.to,
            content=await file.content(),
            message_id=message_id,
            context=draft.context,
            idempotency=request,
            send_at_ms=times.send_at_ms,
            expires_at_ms=times.expires_at_ms,
            queue=draft.queue,
            when_uncertain=draft.when_uncertain,
            audience=[PersonAddress(person) for person in audience] if audience is not None else None,
            wait_ms=wait_ms,
        )
        file.handed_over()
        try:
            result = await self._bridge.message_send(params)
        except GatewayError as error:
            file.refused(error)
            raise
        message = result.message
        if message.message_id != message_id:
            # Another request with the same key was there first; its file is another one.
            file.not_needed()
        # A key that this very call left at the bridge, before its link dropped, is no earlier request.
        sent = Sent(message, replayed=result.replayed and message.message_id != message_id)
        log.info(
            "message taken",
            extra={
                "tenantId": tenant_id,
                "to": draft.to,
                "type": message.type.value,
                "messageId": message.message_id,
                "status": message.status.value,
                "replayed": sent.replayed,
            },
        )
        return sent


def _request(tenant_id: str, draft: Draft, key: str | None) -> Idempotency | None:
    if key is None:
        return None
    return Idempotency(key=key, fingerprint=fingerprint(ROUTE, tenant_id, draft.asked))
