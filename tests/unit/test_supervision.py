"""The pause before a program that fails is started again, with supervisord's own state machine."""

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
    bounded_restarts(object())

    waits = pauses(60)

    assert waits[1] == pytest.approx(2, abs=0.5)
    assert max(waits) <= MAX_PAUSE_SECONDS
    assert waits[-1] == pytest.approx(MAX_PAUSE_SECONDS, abs=0.5)
