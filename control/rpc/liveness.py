"""Tells a bridge that is waiting for WhatsApp from one that is stuck.

Some calls may take many seconds although all is well: a QR code or an ack of WhatsApp is on its way. Their long
deadlines must not make a caller wait that long for a bridge that is frozen. So while such a call waits and the
bridge is silent, a short call asks whether it is alive; all waiting calls share it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from control.rpc.faults import CallFailed, CallTimeout

ASK_AFTER_SECONDS = 0.5
ANSWER_WITHIN_SECONDS = 1.2

T = TypeVar("T")


class Liveness:
    """Watches over long calls of one link."""

    def __init__(self, silence: Callable[[], float], ask: Callable[[float], Awaitable[object]]) -> None:
        """Take what the link knows.

        silence: seconds since the bridge last sent something. ask: a call that a living bridge answers at once,
        given its deadline in seconds.
        """
        self._silence = silence
        self._ask = ask
        self._asking: asyncio.Task[bool] | None = None

    async def watch(self, call: Coroutine[Any, Any, T]) -> T:
        """Return what `call` returns; CallTimeout as soon as the bridge is found to be stuck."""
        task = asyncio.create_task(call)
        try:
            while True:
                await asyncio.wait({task}, timeout=ASK_AFTER_SECONDS)
                if task.done():
                    break
                if self._silence() < ASK_AFTER_SECONDS:
                    continue
                asking = self._shared_question()
                await asyncio.wait({task, asking}, return_when=asyncio.FIRST_COMPLETED)
                if not task.done() and asking.done() and not asking.result():
                    raise CallTimeout(sent=True)
            return await task
        finally:
            task.cancel()

    def _shared_question(self) -> asyncio.Task[bool]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._is_alive())
        return self._asking

    async def _is_alive(self) -> bool:
        try:
            await self._ask(ANSWER_WITHIN_SECONDS)
        except CallTimeout:
            # Anything heard meanwhile, be it another call's answer, is life as well.
            return self._silence() < ANSWER_WITHIN_SECONDS
        except CallFailed:
            # An error is an answer; a link that dropped ends the watched call by itself.
            return True
        return True
