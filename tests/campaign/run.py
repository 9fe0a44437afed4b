"""One campaign from the first process to the last check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.campaign.application import Application
from tests.campaign.history import History, Strike
from tests.campaign.killer import Killer
from tests.campaign.ledger import read_ledger
from tests.campaign.plan import Plan
from tests.campaign.promises import Broken, check_received, check_sends
from tests.campaign.receiver import Receiver
from tests.campaign.report import figures
from tests.campaign.settling import settle
from tests.campaign.speakers import Speakers
from tests.campaign.stage import Stage, opened
from tests.campaign.story import story

ANSWERED_WITHIN_SECONDS = 60.0
"""After the last fault every request that is open has an answer within this time."""

REPEATED_IN_THE_END = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """figures: see report.py. stories: one for each broken promise. folder: kept if one broke."""

    figures: dict[str, Any]
    stories: list[str]
    folder: Path


async def campaign(plan: Plan, say: Callable[[str], None]) -> Outcome:
    """Run a campaign. say: called with what happens, a line at a time."""
    stories: list[str] = []
    async with opened(plan, keep=stories) as stage:
        history = History()
        say(f"{len(stage.tenants)} tenants are linked; faults for {plan.seconds:g} s")
        broken, found = await _acts(plan, stage, history, say, stories)
        del broken
        return Outcome(found, stories, stage.gateway.data_dir)


async def _acts(
    plan: Plan, stage: Stage, history: History, say: Callable[[str], None], stories: list[str]
) -> tuple[list[Broken], dict[str, Any]]:
    def told(strike: Strike) -> None:
        answered = sum(1 for asked in history.asked if asked.settled)
        say(f"{strike.at:7.1f} s  {strike.what:22} {answered} requests answered")

    receiver = Receiver(plan, stage.app, history)
    speakers = Speakers(plan, stage, history)
    application = Application(plan, stage, history)
    try:
        await Killer(plan, stage, history, told).run()
        await stage.sandbox.call("DELETE", "/faults")
        say(f"{history.now():7.1f} s  no more faults")
        receiver.works = True
        await speakers.stop()
        await application.finish(ANSWERED_WITHIN_SECONDS)
        settled = await settle(stage, history, plan.settle)
        say(f"{history.now():7.1f} s  settled; repeating requests, reading the ledger")
        await application.repeat_at_rest(REPEATED_IN_THE_END)
        ledger = await read_ledger(stage, history)
    finally:
        speakers.cancel()
        await application.close()
    broken = [Broken("all is well by itself", left) for left in settled.left]
    broken += [*check_sends(history, ledger), *check_received(history)]
    stories += [story(one, history, ledger) for one in broken]
    return broken, figures(plan, history, ledger, settled, broken)
