"""How failing programs are started again, and all for the first time, with supervisord's own states and events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from supervisor import events
from supervisor.process import Subprocess
from supervisor.states import ProcessStates

from control.supervision import MAX_PAUSE_SECONDS, STEADY_SECONDS, bounded_restarts


@pytest.fixture(autouse=True)
def _own_subscriptions() -> Iterator[None]:
    events.clear()
    yield
    events.clear()


def pauses(failed_starts: int) -> list[float]:
    """What supervisord waits after each of so many failed starts of one program."""
    logger = SimpleNamespace(info=lambda _: None)
    process = Subprocess(SimpleNamespace(options=SimpleNamespace(logger=logger), name="bridge"))
    waits = []
    for _ in range(failed_starts):
        process.change_state(ProcessStates.STARTING)
        process.change_state(ProcessStates.BACKOFF)
        waits.append(process.delay - time.time())
    return waits


def test_without_the_plugin_the_pause_grows_for_ever() -> None:
    assert pauses(60)[-1] > 55


def test_with_it_the_pause_grows_to_its_bound_and_stays_there() -> None:
    bounded_restarts(SimpleNamespace(process_groups={}))

    waits = pauses(60)

    assert waits[1] == pytest.approx(2, abs=0.5)
    assert max(waits) <= MAX_PAUSE_SECONDS
    assert waits[-1] == pytest.approx(MAX_PAUSE_SECONDS, abs=0.5)


class Running:
    """One program of supervisord, which ends as often as a test says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        logger = SimpleNamespace(info=lambda _: None, warn=self.said.append)
        options = SimpleNamespace(logger=logger, close_parent_pipes=lambda _: None)
        config = SimpleNamespace(
            options=options, name="bridge", startsecs=1, exitcodes=[0], startretries=1_000_000
        )
        self.process = Subprocess(config)

    def ends_after(self, seconds: float, status: int = 78) -> None:
        """It reached RUNNING and ended with an exit status so many seconds after its start."""
        process = self.process
        process.state = ProcessStates.RUNNING
        process.laststart = time.time() - seconds
        process.finish(1, status << 8)

    @property
    def pause(self) -> float:
        """Seconds until it is started again."""
        return float(self.process.delay) - time.time()


def test_without_the_plugin_what_ends_soon_after_its_start_is_started_again_at_once() -> None:
    bridge = Running()

    bridge.ends_after(2)

    assert bridge.process.state == ProcessStates.EXITED


@pytest.mark.parametrize("status", [0, 78])
def test_what_ends_soon_after_its_start_waits_longer_each_time_up_to_the_bound_and_says_so(status: int) -> None:
    bounded_restarts(SimpleNamespace(process_groups={}))
    bridge, pauses = Running(), []

    for _ in range(8):
        bridge.ends_after(2, status)
        assert bridge.process.state == ProcessStates.BACKOFF
        pauses.append(round(bridge.pause))

    assert pauses == [1, 2, 3, 4, 5, 5, 5, 5]
    assert bridge.process.backoff <= bridge.process.config.startretries
    assert bridge.process.spawnerr == "Ended 2.0 s after its start, again in 5 s; its log says why"
    assert f"bridge: {bridge.process.spawnerr}" in bridge.said


def test_what_has_run_for_a_while_is_started_again_at_once_and_begins_anew() -> None:
    bounded_restarts(SimpleNamespace(process_groups={}))
    bridge = Running()
    for _ in range(5):
        bridge.ends_after(2)

    bridge.ends_after(STEADY_SECONDS + 1)

    assert bridge.process.state == ProcessStates.EXITED
    bridge.ends_after(2)
    assert round(bridge.pause) == 1


class Group:
    """A group of programs that notes when supervisord looks after it."""

    def __init__(self, name: str, priority: int, looked: list[str]) -> None:
        self.name = name
        self.priority = priority
        self.looked = looked

    def __lt__(self, other: Group) -> bool:
        return self.priority < other.priority

    def transition(self) -> None:
        self.looked.append(self.name)


def test_programs_are_started_in_their_order_as_soon_as_supervisord_runs_and_not_a_second_later() -> None:
    looked: list[str] = []
    groups = {
        name: Group(name, priority, looked) for name, priority in (("control", 30), ("redis", 10), ("bridge", 20))
    }

    bounded_restarts(SimpleNamespace(process_groups=groups))
    assert looked == []
    # The first thing of supervisord's loop, before it waits.
    events.notify(events.SupervisorRunningEvent())

    assert looked == ["redis", "bridge", "control"]
