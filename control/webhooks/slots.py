"""Who may send next: tenants in turn, within the limits of each endpoint and of the whole.

An endpoint has PER_ENDPOINT attempts under way at most, and one while its last attempt timed out: an app that
hangs would otherwise hold its share for as long as it has chats. A tenant whose endpoint is full waits apart
from the turn, so that it costs the others nothing.

All of this is memory of one process and may be lost: what is due stands in Redis. Tenants waiting are bounded by
the number of tenants.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PER_ENDPOINT = 8
IN_ALL = 64


@dataclass(slots=True)
class _Usage:
    under_way: int = 0
    hanging: bool = False
    waiting: dict[str, None] = field(default_factory=dict)


class Slots:
    """Counts attempts under way and keeps the turn."""

    def __init__(self, *, per_endpoint: int = PER_ENDPOINT, in_all: int = IN_ALL) -> None:
        self._per_endpoint = per_endpoint
        self._in_all = in_all
        self._under_way = 0
        self._turn: dict[str, None] = {}
        self._usage: dict[str, _Usage] = {}
        self._apart: dict[str, str] = {}

    def ready(self, tenant_id: str) -> None:
        """The tenant may have something due. Its place in the turn is kept when it has one."""
        if tenant_id not in self._apart:
            self._turn.setdefault(tenant_id)

    def next(self) -> str | None:
        """Take the tenant whose turn it is; None when nobody waits or everything is under way."""
        if self._under_way >= self._in_all or not self._turn:
            return None
        tenant_id = next(iter(self._turn))
        del self._turn[tenant_id]
        return tenant_id

    def share(self, endpoint_id: str) -> int:
        """Return how many attempts the tenant whose turn it is may begin, 0 when its endpoint is full."""
        free = self._in_all - self._under_way
        usage = self._usage.get(endpoint_id)
        limit = self._per_endpoint
        if usage is not None:
            limit = (1 if usage.hanging else self._per_endpoint) - usage.under_way
        return max(0, min(limit, max(1, free // (len(self._turn) + 1))))

    def wait(self, tenant_id: str, endpoint_id: str) -> None:
        """Set the tenant apart until its endpoint has room."""
        self._usage.setdefault(endpoint_id, _Usage()).waiting[tenant_id] = None
        self._apart[tenant_id] = endpoint_id

    def begin(self, endpoint_id: str) -> None:
        """An attempt begins."""
        self._under_way += 1
        self._usage.setdefault(endpoint_id, _Usage()).under_way += 1

    def end(self, endpoint_id: str) -> None:
        """An attempt ended; a tenant that waited for this endpoint is back in the turn."""
        self._under_way -= 1
        self._usage[endpoint_id].under_way -= 1
        self.pass_on(endpoint_id)

    def answered(self, endpoint_id: str, *, timed_out: bool) -> None:
        """Note how the endpoint's last attempt went."""
        self._usage.setdefault(endpoint_id, _Usage()).hanging = timed_out

    def pass_on(self, endpoint_id: str) -> None:
        """Let a tenant set apart have the room that is there, and forget an endpoint nobody uses."""
        usage = self._usage.get(endpoint_id)
        if usage is None:
            return
        room = (1 if usage.hanging else self._per_endpoint) - usage.under_way
        while room > 0 and usage.waiting:
            tenant_id = next(iter(usage.waiting))
            del usage.waiting[tenant_id]
            del self._apart[tenant_id]
            self._turn.setdefault(tenant_id)
            room -= 1
        if not usage.under_way and not usage.hanging and not usage.waiting:
            del self._usage[endpoint_id]

    def others_wait(self, endpoint_id: str) -> bool:
        """Whether a tenant waits for a slot, so that the one who has it should not keep it."""
        usage = self._usage.get(endpoint_id)
        return bool(self._turn) or bool(usage and usage.waiting)
