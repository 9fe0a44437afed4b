"""The pause before a failing program is started again, and the first start, with supervisord's own events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from supervisor import events
from supervisor.process import Subprocess
from supervisor.states import ProcessStates

from control.supervision import MAX_PAUSE_SECONDS, bounded_restarts


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
