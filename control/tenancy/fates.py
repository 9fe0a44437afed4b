"""Counts each message once for each step it got to: sent, delivered, read, or failed.

What tells of steps may leave some out, because a later one was known first: a message that is read was delivered.
It also comes from two sides, the answer to a request and the events, in any order. So the last messages are
remembered with the steps they are counted for. Of one that this process did not see accepted, which a process of
before may have counted, only the steps that are told are counted.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from control.tenancy.usage import Counted, Usage

REMEMBERED_MAX: Final = 10_000

STEP_OF: Final[Mapping[str, Counted]] = {
    "sent": Counted.SENT,
    "delivered": Counted.DELIVERED,
    "read": Counted.READ,
    "played": Counted.READ,
    "failed": Counted.FAILED,
}
"""What a status of a message counts as; others count as nothing."""

_STEPS: Final = (Counted.SENT, Counted.DELIVERED, Counted.READ)


@dataclass(slots=True)
class _Fate:
    """Of one message. ours: this process saw it accepted, so that it knows all that is counted of it."""

    ours: bool = False
    counted: set[Counted] = field(default_factory=set)


class Fates:
    """The messages of all tenants that were heard of last."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage
        # By tenant and message.
        self._fates: OrderedDict[tuple[str, str], _Fate] = OrderedDict()

    def accepted(self, tenant_id: str, message_id: str) -> None:
        """A message is recorded. Its events may have been faster than this."""
        fate = self._fate(tenant_id, message_id)
        fate.ours = True
        for step in reversed(_STEPS):
            if step in fate.counted:
                self._count(tenant_id, fate, step, None)
                break

    def reached(self, tenant_id: str, message_id: str, what: Counted, at_ms: int | None) -> None:
        """A message got to a step. at_ms: when."""
        self._count(tenant_id, self._fate(tenant_id, message_id), what, at_ms)

    def _count(self, tenant_id: str, fate: _Fate, what: Counted, at_ms: int | None) -> None:
        if Counted.FAILED in fate.counted:
            return
        # Failed is the end, and implies nothing.
        implied = _STEPS[: _STEPS.index(what)] if fate.ours and what in _STEPS else ()
        for step in (*implied, what):
            if step not in fate.counted:
                fate.counted.add(step)
                self._usage.count(tenant_id, step, at_ms=at_ms)

    def _fate(self, tenant_id: str, message_id: str) -> _Fate:
        place = (tenant_id, message_id)
        fate = self._fates.setdefault(place, _Fate())
        self._fates.move_to_end(place)
        while len(self._fates) > REMEMBERED_MAX:
            self._fates.popitem(last=False)
        return fate
