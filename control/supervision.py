"""A plugin of supervisord, loaded by supervisord.conf: bounds the pause before a failing program is started again.

It also starts all programs as soon as supervisord runs, a second earlier than that does by itself.

supervisord waits a second longer after every start that failed, for ever: a program that could not start for an
hour waits more than a minute, one that could not for a day six, although the cause may be gone. RPC interfaces are
what supervisord loads into itself; this one adds no call and listens to its events instead. It costs no process.
"""

from __future__ import annotations

import time
from typing import Any

from supervisor.events import ProcessStateBackoffEvent, SupervisorRunningEvent, subscribe

MAX_PAUSE_SECONDS = 5.0


def bounded_restarts(supervisord: Any, **_options: str) -> object:
    """Listen for failed starts and for its own; called by supervisord when it starts and when it is reloaded."""

    def start_programs(_event: object) -> None:
        # Its loop does the same, but only after it has waited a second for something to happen.
        for group in sorted(supervisord.process_groups.values()):
            group.transition()

    subscribe(ProcessStateBackoffEvent, _bound_pause)
    subscribe(SupervisorRunningEvent, start_programs)
    return _NoCalls()


def _bound_pause(event: Any) -> None:
    process = event.process
    # The pause was made from the count just before this event, and the count is compared with startretries.
    process.backoff = min(process.backoff, int(MAX_PAUSE_SECONDS))
    process.delay = min(process.delay, time.time() + MAX_PAUSE_SECONDS)


class _NoCalls:
    """The RPC interface that supervisord wants to get."""
