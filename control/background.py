"""Tasks that run for as long as the application does: started, started again, ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from control.rpc.link import ContractMismatch

RESTART_SECONDS = 1.0

log = logging.getLogger(__name__)


def background(name: str, run: Callable[[], Awaitable[None]], fatal: asyncio.Future[None]) -> asyncio.Task[None]:
    """Run something for as long as the application runs, again when it fails, unless that cannot help."""

    async def forever() -> None:
        while True:
            try:
                await run()
            except ContractMismatch as mismatch:
                with suppress(asyncio.InvalidStateError):
                    fatal.set_exception(mismatch)
                return
            except Exception:
                log.exception("background task failed, starting it again", extra={"task": name})
            await asyncio.sleep(RESTART_SECONDS)

    return asyncio.create_task(forever(), name=name)


async def end(task: asyncio.Task[None], *, patience: float = 0.2) -> None:
    """Cancel a task until it ends, again every `patience` seconds.

    Once may not be enough: redis-py sends commands inside asyncio.wait_for, which before Python 3.12 forgets a
    cancellation that arrives together with the result.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=patience)
