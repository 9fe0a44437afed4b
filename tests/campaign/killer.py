"""Kills processes and disturbs links, in an order and at times that the seed decides."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from tests.campaign.history import History, Strike
from tests.campaign.plan import STRIKES, Plan
from tests.campaign.stage import Stage, Tenant

OFFLINE_MS = (1_000, 5_000)
UP_WITHIN_SECONDS = 20.0


class Killer:
    """Strikes until its time is over."""

    def __init__(self, plan: Plan, stage: Stage, history: History, told: Callable[[Strike], None]) -> None:
        """told: called with each strike."""
        self._plan = plan
        self._stage = stage
        self._history = history
        self._told = told
        self._chance = plan.chance("killer")

    async def run(self) -> None:
        """Strike for as long as the plan says. Each sort of kill comes before any comes a second time."""
        ends = self._history.now() + self._plan.seconds
        first = ["kill bridge", "kill control", "kill redis"]
        self._chance.shuffle(first)
        while True:
            await asyncio.sleep(self._chance.uniform(*self._plan.gap))
            if self._history.now() >= ends:
                return
            weights = list(STRIKES.values())
            what = first.pop() if first else self._chance.choices(list(STRIKES), weights)[0]
            await self._strike(what)

    async def _strike(self, what: str) -> None:
        tenant = self._chance.choice(self._stage.tenants)
        if what.startswith("kill "):
            programs = what.split()[1:]
            pids = await self._running(programs)
            for program in programs:
                # One that just died by itself is what the logs are for; here it counts as hit.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pids[program], signal.SIGKILL)
            self._note(Strike(self._history.now(), what, " ".join(programs)))
        else:
            self._note(Strike(self._history.now(), what, tenant.number))
            await self._disturb(what, tenant)

    def _note(self, strike: Strike) -> None:
        self._history.strikes.append(strike)
        self._told(strike)

    async def _running(self, programs: list[str]) -> dict[str, int]:
        """Wait until all of them run: what supervisord has not started yet cannot be killed."""
        ends = self._history.now() + UP_WITHIN_SECONDS
        while True:
            pids = await self._stage.pids()
            if all(program in pids for program in programs):
                return pids
            if self._history.now() > ends:
                raise AssertionError(
                    f"supervisord did not bring up {programs} within {UP_WITHIN_SECONDS} s: {pids}"
                )
            await asyncio.sleep(0.1)

    async def _disturb(self, what: str, tenant: Tenant) -> None:
        sandbox, number = self._stage.sandbox, tenant.number
        match what:
            case "drop":
                await sandbox.fault(kind="drop", number=number)
            case "cut, message arrives":
                await sandbox.fault(kind="cut-at-message", number=number, count=1, skip=self._chance.randrange(4))
            case "cut, message is lost":
                await sandbox.fault(
                    kind="cut-at-message", number=number, count=1, skip=self._chance.randrange(4), deliver=False
                )
            case "offline":
                # Who is refused has not said its number yet, so nobody gets in.
                await sandbox.fault(kind="refuse", forMs=self._chance.randrange(*OFFLINE_MS))
                await sandbox.fault(kind="drop", number=number)
            case "refuse a message":
                await sandbox.fault(kind="error-ack", number=number, code=479, count=1)
            case "say twice":
                await sandbox.fault(kind="duplicate", number=number, count=5)
            case _:
                raise AssertionError(f"there is no fault {what!r}")
