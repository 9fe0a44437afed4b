"""One message for many: recorded whole or not at all, looked at, paused, resumed, cancelled."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from control.errors import GatewayError
from control.messages.accounts import UNCONFIRMED, Accounts
from control.messages.attachment import Attachment, Intake
from control.messages.draft import BatchDraft
from control.messages.idempotency import InFlight, fingerprint
from control.messages.schedule import Times, now_ms
from control.rpc.contract_gen import (
    Batch,
    BatchCreateParams,
    BatchListParams,
    BatchListResult,
    BatchMessagesParams,
    BatchParams,
    BatchResult,
    Idempotency,
    MessageListResult,
    MessageReplayParams,
    ReplayResult,
)

ROUTE = "POST /api/v1/messages/{tenantId}/batch"

log = logging.getLogger(__name__)


class BatchBridge(Protocol):
    """What this needs of the bridge."""

    async def message_replay(self, params: MessageReplayParams) -> ReplayResult:
        """Tell what an earlier request with this key made."""

    async def batch_create(self, params: BatchCreateParams) -> BatchResult:
        """Record a batch."""

    async def batch_get(self, params: BatchParams) -> Batch:
        """Return a batch."""

    async def batch_list(self, params: BatchListParams) -> BatchListResult:
        """Return a page of batches."""

    async def batch_messages(self, params: BatchMessagesParams) -> MessageListResult:
        """Return messages of a batch."""

    async def batch_pause(self, params: BatchParams) -> Batch:
        """Hold a batch."""

    async def batch_resume(self, params: BatchParams) -> Batch:
        """Let a batch go on."""

    async def batch_cancel(self, params: BatchParams) -> Batch:
        """Cancel what has not left."""


@dataclass(frozen=True, slots=True)
class MadeBatch:
    """A batch. replayed: it was made by an earlier request with the same key."""

    batch: Batch
    replayed: bool


class Batches:
    """The batches of all tenants."""

    def __init__(
        self,
        bridge: BatchBridge,
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

    async def create(self, tenant_id: str, draft: BatchDraft, *, key: str | None) -> MadeBatch:
        """Record a batch, or tell which one a request with this key made before.

        Raises `invalid_request`, the errors of InFlight, of Accounts and those of BridgeClient.batch_create.
        """
        # Without a key of the caller's it gets one that nobody knows: the call to the bridge can be repeated then.
        request = Idempotency(
            key=key if key is not None else f"control:{secrets.token_hex(16)}",
            fingerprint=fingerprint(ROUTE, tenant_id, draft.asked),
        )
        async with Attachment(self._intake, tenant_id, draft.content) as file:
            with self._in_flight.enter(tenant_id, request):
                try:
                    times = draft.schedule.times(self._now_ms())
                except GatewayError:
                    if key is not None and (before := await self._before(tenant_id, request)) is not None:
                        return before
                    raise
                if key is not None and file.is_media:
                    before = await self._before(tenant_id, request)
                    if before is not None:
                        return before
                made = await self._on_account(tenant_id, draft, file, times, request, repeatable=key is not None)
        return made if key is not None else MadeBatch(made.batch, replayed=False)

    async def _on_account(
        self,
        tenant_id: str,
        draft: BatchDraft,
        file: Attachment,
        times: Times,
        request: Idempotency,
        *,
        repeatable: bool,
    ) -> MadeBatch:
        """Hand it over within the tenant's quotas: all of its messages, or none."""
        try:
            taken = await self._accounts.take(tenant_id, len(draft.recipients), file=file.is_media)
        except GatewayError:
            before = await self._before(tenant_id, request) if repeatable else None
            if before is not None:
                return before
            raise
        try:
            made = await self._hand_over(tenant_id, draft, file, times, request)
        except GatewayError as error:
            if error.code != UNCONFIRMED:
                await self._accounts.give_back(taken)
            raise
        if made.replayed and repeatable:
            await self._accounts.give_back(taken)
        else:
            self._accounts.accepted(taken, file.size_bytes)
        return made

    async def _hand_over(
        self, tenant_id: str, draft: BatchDraft, file: Attachment, times: Times, request: Idempotency
    ) -> MadeBatch:
        params = BatchCreateParams(
            tenant_id=tenant_id,
            content=await file.content(),
            recipients=list(draft.recipients),
            context=draft.context,
            idempotency=request,
            send_at_ms=times.send_at_ms,
            expires_at_ms=times.expires_at_ms,
        )
        file.handed_over()
        try:
            result = await self._bridge.batch_create(params)
        except GatewayError as error:
            file.refused(error)
            raise
        # The file of a batch that was there before is left to the bridge's sweep: after a link that dropped it may
        # be this very call that made it.
        batch = result.batch
        log.info(
            "batch taken",
            extra={
                "tenantId": tenant_id,
                "batchId": batch.batch_id,
                "type": params.content.type,
                "total": batch.total,
                "replayed": result.replayed,
            },
        )
        return MadeBatch(batch, result.replayed)

    async def get(self, tenant_id: str, batch_id: str) -> Batch:
        """Return a batch. Raises `batch_not_found`."""
        return await self._bridge.batch_get(BatchParams(tenant_id=tenant_id, batch_id=batch_id))

    async def page(self, tenant_id: str, *, before: str | None, limit: int) -> BatchListResult:
        """Return batches, newest first. Raises `batch_not_found` when `before` is not known."""
        return await self._bridge.batch_list(BatchListParams(tenant_id=tenant_id, before=before, limit=limit))

    async def messages(self, tenant_id: str, batch_id: str, *, after: str | None, limit: int) -> MessageListResult:
        """Return messages in the order of their recipients. Raises `batch_not_found`, `message_not_found`."""
        return await self._bridge.batch_messages(
            BatchMessagesParams(tenant_id=tenant_id, batch_id=batch_id, after=after, limit=limit)
        )

    async def pause(self, tenant_id: str, batch_id: str) -> Batch:
        """Let no more of its messages leave. Raises `batch_not_found`, `batch_finished`."""
        return self._told("paused", tenant_id, await self._bridge.batch_pause(_params(tenant_id, batch_id)))

    async def resume(self, tenant_id: str, batch_id: str) -> Batch:
        """Let its messages leave again. Raises `batch_not_found`, `batch_finished`."""
        return self._told("resumed", tenant_id, await self._bridge.batch_resume(_params(tenant_id, batch_id)))

    async def cancel(self, tenant_id: str, batch_id: str) -> Batch:
        """Send none of those that have not left. Raises `batch_not_found`, `batch_finished`."""
        return self._told("cancelled", tenant_id, await self._bridge.batch_cancel(_params(tenant_id, batch_id)))

    def _told(self, what: str, tenant_id: str, batch: Batch) -> Batch:
        log.info("batch changed", extra={"tenantId": tenant_id, "batchId": batch.batch_id, "change": what})
        return batch

    async def _before(self, tenant_id: str, request: Idempotency) -> MadeBatch | None:
        """What an earlier request with this key made."""
        found = await self._bridge.message_replay(MessageReplayParams(tenant_id=tenant_id, idempotency=request))
        return MadeBatch(found.batch, replayed=True) if found.batch is not None else None


def _params(tenant_id: str, batch_id: str) -> BatchParams:
    return BatchParams(tenant_id=tenant_id, batch_id=batch_id)
