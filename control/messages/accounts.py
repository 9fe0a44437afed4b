"""What a send costs: taken from the tenant's quotas before anything is fetched, and counted when it was accepted.

Given back is what definitely became no message: a repeated request, one the bridge refused, one whose file could
not be had, one that WhatsApp refused before it was answered. Where nobody knows, it stays counted.
"""

from __future__ import annotations

from typing import Final

from control.rpc.contract_gen import OutgoingMessage
from control.tenancy.fates import STEP_OF, Fates
from control.tenancy.quotas import QuotaBook, Taken
from control.tenancy.usage import Counted, Usage

UNCONFIRMED: Final = "message_unconfirmed"
"""The error after which a message may have been accepted or not."""


class Accounts:
    """The accounts of all tenants."""

    def __init__(self, book: QuotaBook, usage: Usage, fates: Fates) -> None:
        self._book = book
        self._usage = usage
        self._fates = fates

    async def take(self, tenant_id: str, number: int, *, file: bool) -> Taken:
        """Take so many messages from today's quota. Raises `quota_exceeded`, `storage_quota_exceeded`."""
        if file:
            await self._book.refuse_files_beyond(tenant_id)
        return await self._book.take(tenant_id, number)

    async def give_back(self, taken: Taken) -> None:
        """They became no messages. Never raises."""
        await self._book.give_back(taken)

    def accepted(self, taken: Taken, file_bytes: int, message: OutgoingMessage | None = None) -> None:
        """They are recorded, with a file of so many bytes between them.

        message: where it is one, as it is answered. What the answer says of it no event tells.
        """
        if message is not None:
            self._fates.accepted(taken.tenant_id, message.message_id)
            step = STEP_OF.get(message.status)
            if step is not None:
                self._fates.reached(taken.tenant_id, message.message_id, step, message.sent_at_ms)
        self._usage.count(taken.tenant_id, Counted.ACCEPTED, taken.number)
        self._usage.count(taken.tenant_id, Counted.MEDIA_SENT, file_bytes)
