"""What callers see of a batch."""

from __future__ import annotations

from typing import Literal

from control.api.shape import Out, iso, iso_or_none
from control.rpc.contract_gen import Batch, BatchListResult


class BatchOut(Out):
    """One message for many, and how far it is. counts: messages by their status."""

    batch_id: str
    state: str
    total: int
    duplicates: int
    counts: dict[str, int]
    created_at: str
    send_at: str | None
    expires_at: str | None
    expected_end_at: str | None

    @classmethod
    def of(cls, batch: Batch) -> BatchOut:
        """Return a batch."""
        return cls(
            batch_id=batch.batch_id,
            state=batch.state.value,
            total=batch.total,
            duplicates=batch.duplicates,
            counts=batch.counts.model_dump(),
            created_at=iso(batch.created_at_ms),
            send_at=iso_or_none(batch.send_at_ms),
            expires_at=iso_or_none(batch.expires_at_ms),
            expected_end_at=iso_or_none(batch.expected_end_at_ms),
        )


class BatchDetailsOut(BatchOut):
    """A batch on its own."""

    success: Literal[True] = True


class BatchPageOut(Out):
    """Batches. next: what to ask for the next page with; null on the last."""

    success: Literal[True] = True
    batches: list[BatchOut]
    next: str | None

    @classmethod
    def of(cls, page: BatchListResult) -> BatchPageOut:
        """Return a page."""
        batches = [BatchOut.of(batch) for batch in page.batches]
        return cls(batches=batches, next=batches[-1].batch_id if page.has_more and batches else None)
