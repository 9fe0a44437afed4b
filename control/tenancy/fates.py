"""Counts each message once for each step it got to: sent, delivered, read, or failed.

What tells of steps may leave some out, because a later one was known first: a message that is delivered was sent.
So the last messages are remembered with the step they are counted for. Of one that is not remembered, because this
process began after it was accepted, only the step that is told is counted.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from control.tenancy.usage import Counted, Usage

REMEMBERED_MAX: Final = 10_000

_STEPS: Final = (Counted.SENT, Counted.DELIVERED, Counted.READ)


class Fates:
    """The messages of all tenants that were heard of last."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage
        # Tenant and message → how many steps are counted.
        self._counted: OrderedDict[tuple[str, str], int] = OrderedDict()

    def accepted(self, tenant_id: str, message_id: str) -> None:
        """A message is recorded, and nothing more is known of it."""
        self._counted.setdefault((tenant_id, message_id), 0)
        while len(self._counted) > REMEMBERED_MAX:
            self._counted.popitem(last=False)

    def reached(self, tenant_id: str, message_id: str, what: Counted, at_ms: int) -> None:
        """A message got to a step. at_ms: when."""
        place = (tenant_id, message_id)
        if what is Counted.FAILED:
            if self._counted.get(place, 0) <= len(_STEPS):
                self._usage.count(tenant_id, what, at_ms=at_ms)
            # Failed is the end, told once.
            self._remember(place, len(_STEPS) + 1)
            return
        to = _STEPS.index(what) + 1
        counted = self._counted.get(place, to - 1)
        for step in _STEPS[counted:to]:
            self._usage.count(tenant_id, step, at_ms=at_ms)
        self._remember(place, max(to, counted))

    def _remember(self, place: tuple[str, str], steps: int) -> None:
        self._counted[place] = steps
        self._counted.move_to_end(place)
        while len(self._counted) > REMEMBERED_MAX:
            self._counted.popitem(last=False)
