"""The figures of a campaign, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.campaign.history import History
from tests.campaign.ledger import Ledger
from tests.campaign.plan import Plan
from tests.campaign.promises import Broken
from tests.campaign.settling import Settled, message_of


def figures(
    plan: Plan, history: History, ledger: Ledger, settled: Settled, broken: Sequence[Broken]
) -> dict[str, Any]:
    """Return everything that can be counted. Times are seconds."""
    messages = [wanted for asked in history.asked if asked.first_answer for wanted in asked.messages]
    attempts = [one for asked in history.asked for one in asked.attempts]
    hooks = [hook for hook in history.hooks if message_of(hook.event) is not None]
    taken = Counter(hook.event_id for hook in hooks if hook.taken)
    programs = Counter(
        program
        for strike in history.strikes
        if strike.what.startswith("kill ")
        for program in strike.target.split()
    )
    return {
        "campaign": "sends",
        "seed": plan.seed,
        "seconds": plan.seconds,
        "tenants": plan.tenants,
        "requests": len(history.asked),
        "ways": dict(Counter(asked.way for asked in history.asked)),
        "attempts": len(attempts),
        "answers": dict(Counter(str(one.body.get("code") or one.status or one.trouble) for one in attempts)),
        "messages": len(messages),
        "statuses": dict(Counter(row["status"] for row in ledger.rows.values())),
        "arrivedAgain": sum(1 for one in ledger.arrivals.values() if one.raw["arrivals"] > 1),
        "askedForAgain": sum(copies.retries for one in ledger.arrivals.values() for copies in one.devices),
        "kills": sum(programs.values()),
        "killed": dict(programs),
        "linkFaults": dict(Counter(one.what for one in history.strikes if not one.what.startswith("kill "))),
        "said": len(history.said),
        "webhooks": {
            "requests": len(hooks),
            "refused": sum(1 for hook in hooks if not hook.taken),
            "takenAgain": sum(taken.values()) - len(taken),
        },
        "repliesUnlikeTheFirst": _unlike(history),
        "settledAfter": round(settled.seconds, 1),
        "left": list(settled.left),
        "broken": dict(Counter(one.promise for one in broken)),
    }


def _unlike(history: History) -> int:
    """Requests whose repeated answer is not the first one to the byte."""
    return sum(
        1
        for asked in history.asked
        if asked.first_answer is not None
        and any(one.at_rest and one.raw != asked.first_answer.raw for one in asked.attempts)
    )


def summary(found: dict[str, Any]) -> str:
    """Return the figures as a person reads them."""
    hooks = found["webhooks"]
    broken = sum(found["broken"].values())
    lines = [
        f"seed {found['seed']}, {found['seconds']:g} s of faults, {found['tenants']} tenants",
        f"  requests   {found['requests']} ({_counts(found['ways'])})",
        f"  answers    {_counts(found['answers'])}",
        f"  messages   {found['messages']} accepted; in the end {_counts(found['statuses'])}",
        f"             {found['arrivedAgain']} reached WhatsApp more than once, "
        f"{found['askedForAgain']} were asked for again by a device",
        f"  kills      {found['kills']} ({_counts(found['killed'])}); others: {_counts(found['linkFaults'])}",
        f"  webhooks   {found['said']} said; {hooks['requests']} requests, {hooks['refused']} refused by the app, "
        f"{hooks['takenAgain']} taken again",
        f"  settled    {found['settledAfter']} s after the last fault",
        f"  replays    {found['repliesUnlikeTheFirst']} unlike the first answer",
    ]
    verdict = f"RESULT {'ok' if broken == 0 else 'BROKEN'}: {found['messages']} messages, {found['kills']} kills, "
    return "\n".join([*lines, f"{verdict}{broken} broken promises {_counts(found['broken'])}".rstrip()])


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items(), key=lambda one: -one[1]))
