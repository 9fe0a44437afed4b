"""Who may send next: webhooks in turn, within the limits of each endpoint and of the whole.

One endpoint that hangs must cost the others nothing, and neither must a hundred of them:

- An endpoint may have few attempts under way until it has shown that it answers, more with each quick answer, and
  one while its last attempt timed out.
- An attempt under way for longer than QUICK_SECONDS no longer counts against IN_ALL, where the quick ones have
  their turn, but against SLOW, of which there are more.
- Endpoints that have not answered quickly yet, or did not lately, have at most half of IN_ALL: the other half is
  for those that do.

A webhook whose endpoint is full waits apart from the turn, so that it costs the others nothing. All of this is
memory of one process and may be lost: what is due stands in Redis. What waits is bounded by the number of
webhooks.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from control.webhooks.queue import Line

PER_ENDPOINT = 8
PER_NEW_ENDPOINT = 1
IN_ALL = 64
SLOW = 256
QUICK_SECONDS = 1.0
KNOWN_MAX = 10_000
"""Endpoints whose behaviour is remembered; forgotten ones are new again."""


@dataclass(slots=True)
class _Usage:
    window: int
    quick: bool = False
    under_way: int = 0
    waiting: dict[Line, None] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Slot:
    """One attempt under way."""

    endpoint_id: str
    since: float
    trusted: bool
    slow: bool = False


class Slots:
    """Counts attempts under way and keeps the turn."""

    def __init__(
        self,
        *,
        per_endpoint: int = PER_ENDPOINT,
        per_new_endpoint: int = PER_NEW_ENDPOINT,
        in_all: int = IN_ALL,
        slow: int = SLOW,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_endpoint = per_endpoint
        self._per_new_endpoint = min(per_new_endpoint, per_endpoint)
        self._in_all = in_all
        self._slow_max = slow
        self._clock = clock
        self._turn: dict[Line, None] = {}
        self._trusted_turn: dict[Line, None] = {}
        self._usage: OrderedDict[str, _Usage] = OrderedDict()
        self._apart: dict[Line, str] = {}
        self._quick: dict[Slot, None] = {}
        self._untrusted = 0
        self._slow = 0
        self._trusted_next = True

    def ready(self, line: Line) -> None:
        """The webhook may have something due. Its place in the turn is kept when it has one."""
        if line in self._apart:
            return
        usage = self._usage.get(endpoint_of(line))
        trusted, other = (
            (self._trusted_turn, self._turn) if usage and usage.quick else (self._turn, self._trusted_turn)
        )
        if line not in other:
            trusted.setdefault(line)

    def next(self) -> Line | None:
        """Take the webhook whose turn it is; None when nobody waits or everything is under way."""
        self._set_slow_apart()
        if len(self._quick) >= self._in_all:
            return None
        trusted, other = bool(self._trusted_turn), bool(self._turn) and self._untrusted < self._in_all // 2
        if not trusted and not other:
            return None
        # By turns: neither may wait for ever because the others are many.
        self._trusted_next = not self._trusted_next if trusted and other else other
        turn = self._turn if self._trusted_next else self._trusted_turn
        line = next(iter(turn))
        del turn[line]
        return line

    def share(self, endpoint_id: str) -> int:
        """Return how many attempts the webhook whose turn it is may begin, 0 when its endpoint is full."""
        usage = self._usage.get(endpoint_id)
        quick = usage is not None and usage.quick
        room = self._in_all - len(self._quick) if quick else self._in_all // 2 - self._untrusted
        others = len(self._trusted_turn) if quick else len(self._turn)
        return max(0, min(self._free(usage), max(1, room // (others + 1))))

    def wait(self, line: Line) -> None:
        """Set the webhook apart until its endpoint has room."""
        endpoint_id = endpoint_of(line)
        self._known(endpoint_id).waiting[line] = None
        self._apart[line] = endpoint_id

    def begin(self, endpoint_id: str) -> Slot:
        """An attempt begins."""
        usage = self._known(endpoint_id)
        usage.under_way += 1
        slot = Slot(endpoint_id, self._clock(), usage.quick)
        self._quick[slot] = None
        self._untrusted += not slot.trusted
        return slot

    def end(self, slot: Slot) -> None:
        """An attempt ended; a webhook that waited for this endpoint is back in the turn."""
        if slot.slow:
            self._slow -= 1
        else:
            del self._quick[slot]
            self._untrusted -= not slot.trusted
        self._usage[slot.endpoint_id].under_way -= 1
        self.pass_on(slot.endpoint_id)

    def answered(self, slot: Slot, *, timed_out: bool) -> None:
        """Note how an attempt went."""
        usage = self._known(slot.endpoint_id)
        usage.quick = not timed_out and self._clock() - slot.since < QUICK_SECONDS
        if timed_out:
            usage.window = 1
        elif usage.quick:
            usage.window = min(self._per_endpoint, 2 * usage.window)
        else:
            usage.window = max(usage.window, self._per_new_endpoint)

    def pass_on(self, endpoint_id: str) -> None:
        """Let webhooks set apart have the room that is there."""
        usage = self._usage.get(endpoint_id)
        if usage is None:
            return
        room = self._free(usage)
        while room > 0 and usage.waiting:
            line = next(iter(usage.waiting))
            del usage.waiting[line]
            del self._apart[line]
            self.ready(line)
            room -= 1

    def others_wait(self, endpoint_id: str) -> bool:
        """Whether somebody waits for a slot, so that the one who has it should not keep it."""
        usage = self._usage.get(endpoint_id)
        return bool(self._turn) or bool(self._trusted_turn) or bool(usage and usage.waiting)

    def _free(self, usage: _Usage | None) -> int:
        return self._per_new_endpoint if usage is None else usage.window - usage.under_way

    def _known(self, endpoint_id: str) -> _Usage:
        usage = self._usage.get(endpoint_id)
        if usage is None:
            usage = self._usage[endpoint_id] = _Usage(self._per_new_endpoint)
            if len(self._usage) > KNOWN_MAX:
                self._forget_one()
        return usage

    def _forget_one(self) -> None:
        for endpoint_id, usage in self._usage.items():
            if not usage.under_way and not usage.waiting:
                del self._usage[endpoint_id]
                return

    def _set_slow_apart(self) -> None:
        """Move attempts that take long out of the way of the others, as far as there is room for slow ones."""
        ends = self._clock() - QUICK_SECONDS
        while self._quick and self._slow < self._slow_max:
            slot = next(iter(self._quick))
            if slot.since > ends:
                return
            del self._quick[slot]
            self._untrusted -= not slot.trusted
            slot.slow = True
            self._slow += 1
            self._usage[slot.endpoint_id].quick = False


def endpoint_of(line: Line) -> str:
    """Return whose limit counts: the webhook's own, or the installation's for all tenants that use it."""
    return line.webhook_id
