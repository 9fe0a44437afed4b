"""A short campaign of kills with every run of the tests. `scripts/campaign sends` is the long one."""

from __future__ import annotations

import pytest

from tests.campaign.plan import Plan
from tests.campaign.run import campaign

SHORT = Plan(
    seed=4,
    seconds=9.0,
    tenants=2,
    gap=(0.5, 2.0),
    pause=(0.1, 0.6),
    speak=(0.3, 1.5),
    most_fails=1,
)


@pytest.mark.timeout(240)
async def test_no_promise_is_broken_while_bridge_control_and_redis_are_killed() -> None:
    told: list[str] = []
    outcome = await campaign(SHORT, told.append)
    assert outcome.stories == [], "\n".join([*told, *outcome.stories, f"kept in {outcome.folder}"])
    found = outcome.figures
    # What was not there cannot have been checked.
    assert set(found["killed"]) == {"bridge", "control", "redis"}
    assert found["messages"] > 0
    assert found["webhooks"]["refused"] > 0
