"""Buckets in Redis, which all control processes share: one round trip for all requests of a moment.

A request joins the call that goes out next. While one is under way the others gather, so under load a call
decides many requests and costs each little; alone a request waits for nothing. No request waits longer than
PATIENCE: then, and for as long as Redis is away, buckets of this process decide, at once. One task asks Redis
again until it answers; nobody has to restart anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from control.ratelimit.denials import Denials
from control.ratelimit.local import LocalBuckets
from control.ratelimit.policy import ADMITTED, Draw, Verdict
from control.ratelimit.script import LUA, SHA, arguments, verdicts
from control.storage.redis import execute, leave_if_cancelled

PATIENCE: Final = 0.1
"""Seconds. Redis on the same machine answers within one thousandth of one."""

RETRY_SECONDS: Final = 0.5
MOST_AT_ONCE: Final = 256
"""Requests in one call: Redis does nothing else meanwhile, and this many take it about a millisecond."""

log = logging.getLogger(__name__)

_Waiting = tuple[Sequence[Draw], "asyncio.Future[Verdict]"]


class SharedBuckets:
    """Decides by Redis, or by this process while Redis is away. Never raises, never waits past `patience`."""

    def __init__(self, redis: Redis, *, patience: float = PATIENCE, retry_seconds: float = RETRY_SECONDS) -> None:
        """redis: a client of its own, so that no one else's use of its connections holds requests up."""
        self._redis = redis
        self._patience = patience
        self._retry_seconds = retry_seconds
        self._local = LocalBuckets()
        self._denials = Denials()
        self._waiting: list[_Waiting] = []
        self._asked: list[_Waiting] = []
        self._asking: asyncio.Task[None] | None = None
        self._away = False

    @property
    def away(self) -> bool:
        """Whether this process decides alone."""
        return self._away

    async def take(self, draws: Sequence[Draw]) -> Verdict:
        """Draw from all of these buckets or from none."""
        if not draws:
            return ADMITTED
        denied = self._denials.among(draws)
        if denied is not None:
            return denied
        verdict = self._local.take(draws) if self._away else await self._ask(draws)
        self._denials.note(draws, verdict)
        return verdict

    def denied(self, draws: Sequence[Draw]) -> Verdict | None:
        """Return a denial when one of these buckets is known to be empty; draws nothing and asks nobody."""
        return self._denials.among(draws)

    async def close(self) -> None:
        """End the calls; requests that still come are decided here."""
        self._away = True
        if self._asking is not None:
            while not self._asking.done():
                self._asking.cancel()
                await asyncio.wait({self._asking}, timeout=0.2)
        self._decide_alone()
        await self._redis.aclose()

    def _ask(self, draws: Sequence[Draw]) -> asyncio.Future[Verdict]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Verdict] = loop.create_future()
        self._waiting.append((draws, answer))
        if self._asking is None or self._asking.done():
            self._asking = loop.create_task(self._ask_all(), name="rate limits")
        return answer

    async def _ask_all(self) -> None:
        """Ask until nobody waits; when Redis fails, until it is back."""
        while self._waiting or self._away:
            leave_if_cancelled()
            if self._away:
                await asyncio.sleep(self._retry_seconds)
            self._asked, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            late = asyncio.get_running_loop().call_later(self._patience, self._leave, "too slow")
            try:
                found = await self._call([draws for draws, _ in self._asked])
            except Exception as error:
                # Whatever it is, nobody may be left waiting.
                self._leave(type(error).__name__)
                continue
            finally:
                late.cancel()
            for (_, answer), verdict in zip(self._asked, found, strict=False):
                if not answer.done():
                    answer.set_result(verdict)
            self._asked = []
            if self._away:
                self._away = False
                log.info("rate limits are shared again")

    async def _call(self, requests: Sequence[Sequence[Draw]]) -> list[Verdict]:
        given = arguments(requests)
        try:
            reply = await execute(self._redis, "EVALSHA", SHA, *given)
        except NoScriptError:
            reply = await execute(self._redis, "EVAL", LUA, *given)
        return verdicts(requests, reply)

    def _leave(self, reason: str) -> None:
        """Let this process decide from now on, for those who wait too."""
        if not self._away:
            self._away = True
            log.warning("rate limits are this process's own while redis is away", extra={"reason": reason})
        self._decide_alone()

    def _decide_alone(self) -> None:
        for draws, answer in (*self._asked, *self._waiting):
            if not answer.done():
                with suppress(asyncio.InvalidStateError):
                    answer.set_result(self._local.take(draws))
        self._asked, self._waiting = [], []
