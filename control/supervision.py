"""A plugin of supervisord, loaded by supervisord.conf: how long a failing program waits until it is started again.

It also starts all programs as soon as supervisord runs, a second earlier than that does by itself.

supervisord waits a second longer after every start that failed, for ever: a program that could not start for an
hour waits more than a minute, one that could not for a day six, although the cause may be gone. And one that
ran for longer than `startsecs` it starts again at once, however often: a bridge that reads its settings, says
what is wrong with them and ends would take a whole core. Here both wait one second, two, three, at most five.

RPC interfaces are what supervisord loads into itself; this one adds no call and listens to its events instead. It
costs no process.
"""

from __future__ import annotations

import time
from typing import Any

from supervisor.events import ProcessStateBackoffEvent, ProcessStateExitedEvent, SupervisorRunningEvent, subscribe
from supervisor.states import ProcessStates

MAX_PAUSE_SECONDS = 5.0

STEADY_SECONDS = 10.0
"""Who has run for so long is started again at once when it ends."""


def bounded_restarts(supervisord: Any, **_options: str) -> object:
    """Listen for failed starts, ends and its own start; called by supervisord when it starts and is reloaded."""
    rule = _Restarts()

    def start_programs(_event: object) -> None:
        # Its loop does the same, but only after it has waited a second for something to happen.
        for group in sorted(supervisord.process_groups.values()):
            group.transition()

    subscribe(ProcessStateBackoffEvent, rule.bound_pause)
    subscribe(ProcessStateExitedEvent, rule.pause_after_short_run)
    subscribe(SupervisorRunningEvent, start_programs)
    return _NoCalls()


class _NoCalls:
    """The RPC interface that supervisord wants to get."""


class _Restarts:
    """What is done when a program ends or cannot start."""

    def __init__(self) -> None:
        self._short_runs: dict[str, int] = {}

    def bound_pause(self, event: Any) -> None:
        process = event.process
        # The pause was made from the count just before this event, and the count is compared with startretries.
        process.backoff = min(process.backoff, int(MAX_PAUSE_SECONDS))
        process.delay = min(process.delay, time.time() + MAX_PAUSE_SECONDS)

    def pause_after_short_run(self, event: Any) -> None:
        process = event.process
        name, ran = str(process.config.name), time.time() - process.laststart
        if ran >= STEADY_SECONDS:
            self._short_runs.pop(name, None)
            return
        runs = min(self._short_runs.get(name, 0) + 1, int(MAX_PAUSE_SECONDS))
        self._short_runs[name] = runs
        # What `scripts/ctl status` says of it.
        process.spawnerr = f"Ended {max(0.0, ran):.1f} s after its start, again in {runs} s; its log says why"
        tell = process.config.options.logger.warn
        tell(f"{name}: {process.spawnerr}")
        process.backoff = runs - 1
        process.change_state(ProcessStates.BACKOFF)
