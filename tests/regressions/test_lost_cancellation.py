"""A cancellation that redis-py loses does not keep the event loops running.

Up to Python 3.11 asyncio.wait_for, which redis-py uses for every command, returns the inner result instead of
raising when the cancellation comes in the moment the inner call ends.
"""

from __future__ import annotations

import asyncio
from typing import Any

from control.events.ingest import EventIngest
from control.webhooks.worker import WebhookWorker
from tests.support.wait import wait_for


class SwallowsOneCancellation:
    """Stands for whatever the loops call: its first await ends normally although it was cancelled."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.swallowed = False

    async def wait(self, *args: Any, **kwargs: Any) -> Any:
        """Wait for ever; take the first cancellation for an answer."""
        self.entered.set()
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            if self.swallowed:
                raise
            self.swallowed = True
        return []


async def stops_although_swallowed(run: Any, swallower: SwallowsOneCancellation) -> None:
    """Cancel the loop while it is inside the call that swallows; it has to end all the same."""
    task = asyncio.create_task(run())
    await wait_for(swallower.entered.is_set)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=3)
    assert swallower.swallowed
    assert done, "the loop went on after its cancellation"


async def test_the_ingest_stops_when_a_cancellation_was_swallowed_by_a_call() -> None:
    swallower = SwallowsOneCancellation()

    class Log:
        async def cursor(self, journal: str) -> int:
            await swallower.wait()
            return 0

    class Bridge:
        journal_id = "jrn_0123456789abcdef"

        async def event_pull(self, after: int, max: int, wait_ms: int) -> None:
            await asyncio.get_running_loop().create_future()

    await stops_although_swallowed(EventIngest(Bridge(), Log()).run, swallower)  # type: ignore[arg-type]


async def test_the_webhook_worker_stops_when_a_cancellation_was_swallowed_by_a_call() -> None:
    swallower = SwallowsOneCancellation()

    class Queue:
        rebuild_hints = swallower.wait

        async def hinted(self, now_ms: int) -> list[str]:
            return []

    worker = WebhookWorker(Queue(), None, None)  # type: ignore[arg-type]
    await stops_although_swallowed(worker.run, swallower)
