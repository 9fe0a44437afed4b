"""Takes events out of the lanes: claim the heads that are due, then settle each.

A claim leases the head of a lane until LEASE_SECONDS from now and gives a token. Settling needs the token:
whoever was suspended for longer than its lease finds that another has taken over, and changes nothing. A lease
nobody settles ends by itself and the event is claimed again, with the same id. An attempt takes at most half a
lease.

The scripts are in queue_scripts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from redis.asyncio import Redis

from control.storage.keys import DEAD_LETTERS_MAX, DELIVERIES_MAX, Keys
from control.storage.lanes import lane_keys
from control.webhooks.queue_scripts import ADD_HINTS, CLAIM, DROP, DROP_HINT, RESUME, SETTLE

LEASE_SECONDS = 30.0
_HINTS_AT_ONCE = 1_000
_TENANTS_AT_ONCE = 500

Verdict = Literal["done", "dead", "later", "release"]
"""done: delivered. dead: given up. later: try again at a time. release: not tried after all, anyone may."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A webhook of a tenant, with all its lanes."""

    tenant_id: str
    webhook_id: str


@dataclass(frozen=True, slots=True)
class Due:
    """The head of a lane, leased.

    attempt: 1 for the first. first_ms: when that was. after_gap: the event before it in its lane was given up.
    """

    line: Line
    lane: str
    token: str
    log_id: str
    attempt: int
    first_ms: int
    after_gap: bool
    event_id: str
    type: str
    body: bytes

    @property
    def tenant_id(self) -> str:
        """Whose event it is."""
        return self.line.tenant_id

    @property
    def stored_ms(self) -> int:
        """When the event was stored, in unix ms: ids of a stream begin with that."""
        return int(self.log_id.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Attempted:
    """What is kept of an attempt. status: of HTTP, None without an answer. answer: its first bytes, as text."""

    reason: str
    status: int | None = None
    milliseconds: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Leased heads, and when to look at the webhook again (unix ms, None when nothing waits)."""

    events: Sequence[Due]
    next_due_ms: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling came to.

    held: the lease was still ours. next_due_ms: when to look at the webhook again. failing_since_ms, failures: of
    the webhook, 0 while it takes what it gets. next: the lane's next head under the same lease, when asked for.
    """

    held: bool
    next_due_ms: int | None
    failing_since_ms: int
    failures: int
    next: Due | None


class DeliveryQueue:
    """The webhook worker's view of the lanes. Every method raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._redis = redis
        self._keys = keys
        self._lease_ms = int(lease_seconds * 1000)
        self._claim = redis.register_script(CLAIM)
        self._settle = redis.register_script(SETTLE)
        self._drop = redis.register_script(DROP)
        self._resume = redis.register_script(RESUME)
        self._drop_hint = redis.register_script(DROP_HINT)
        self._add_hints = redis.register_script(ADD_HINTS)

    @property
    def lease_seconds(self) -> float:
        """How long a lease lasts."""
        return self._lease_ms / 1000

    async def due_lines(self, tenants: Iterable[str], now_ms: int) -> list[Line]:
        """Return the webhooks of these tenants that have something due, and leave hints for the others."""
        asked = list(tenants)
        due: list[Line] = []
        hints: dict[str | bytes, float] = {}
        async with self._redis.pipeline(transaction=False) as pipe:
            for tenant in asked:
                pipe.zrange(self._keys.lane_lines(tenant), 0, -1, withscores=True)
            lines = await pipe.execute()
        for tenant, found in zip(asked, lines, strict=True):
            now_due = [Line(tenant, webhook.decode()) for webhook, at in found if at <= now_ms]
            due += now_due
            if not found:
                await self._drop_hint(keys=[self._keys.webhook_hints()], args=[tenant, now_ms])
            elif not now_due:
                hints[tenant] = found[0][1]
        if hints:
            await self._hint(hints, "LT")
        return due

    async def claim(self, line: Line, *, token: str, now_ms: int, limit: int) -> Claim:
        """Lease up to `limit` heads that are due; one at most while the webhook's circuit is open."""
        lease_until = now_ms + self._lease_ms
        next_due, line_due, *events = await self._claim(
            keys=lane_keys(self._keys, line.tenant_id), args=[line.webhook_id, now_ms, lease_until, token, limit]
        )
        tenant_due = _due_ms(next_due)
        if tenant_due is None:
            await self._drop_hint(keys=[self._keys.webhook_hints()], args=[line.tenant_id, now_ms])
        elif now_ms < tenant_due < lease_until:
            await self.hint(line.tenant_id, tenant_due)
        # What is due now the caller knows, and what is leased until later the hint that stays covers: one that
        # was followed lies a lease ahead.
        return Claim([_due(line, token, event) for event in events], _due_ms(line_due))

    async def settle(
        self,
        due: Due,
        verdict: Verdict,
        *,
        now_ms: int,
        due_ms: int = 0,
        go_on: bool = False,
        attempted: Attempted | None = None,
    ) -> Settled:
        """End a lease, or change nothing when it is no longer held.

        due_ms: when to try again, for `later` and `release`. go_on: lease the lane's next head in the same step,
        for `done` and `dead`. attempted: what is kept of the attempt; its reason goes with the dead letter too.
        """
        what = attempted or Attempted("delivered" if verdict == "done" else "internal_error")
        held, tenant_due, line_due, since, failures, following = await self._settle(
            keys=lane_keys(self._keys, due.tenant_id),
            args=[
                *(due.lane, due.token, verdict, now_ms, due_ms, now_ms + self._lease_ms, "1" if go_on else ""),
                *(DEAD_LETTERS_MAX, what.reason, what.status or "", what.milliseconds, what.answer),
                *(due.event_id, due.type, DELIVERIES_MAX),
            ],
        )
        next_due = _due_ms(tenant_due)
        if verdict in ("later", "release") and next_due is not None:
            await self.hint(due.tenant_id, next_due)
        return Settled(
            bool(held),
            _due_ms(line_due),
            int(since),
            int(failures),
            _due(due.line, due.token, following) if following else None,
        )

    async def drop(self, line: Line) -> int:
        """Forget everything about a webhook that is gone; return how many events waited for it."""
        return int(
            await self._drop(keys=lane_keys(self._keys, line.tenant_id), args=[line.webhook_id]),
        )

    async def resume(self, line: Line, now_ms: int) -> None:
        """Forget a webhook's failures and make what waits for it due."""
        await self._resume(keys=lane_keys(self._keys, line.tenant_id), args=[line.webhook_id, now_ms])
        await self.hint(line.tenant_id, now_ms)

    async def hint(self, tenant_id: str, due_ms: int) -> None:
        """Have the tenant looked at, at that time or earlier."""
        await self._hint({tenant_id: due_ms}, "LT")

    async def hinted(self, now_ms: int) -> list[str]:
        """Return up to 1,000 tenants to look at now, longest waiting first.

        Their hints move on by a lease, not away: the next call sees the next tenants, and should this process
        die before it looks at these, another one will.
        """
        hints = self._keys.webhook_hints()
        found = await self._redis.zrangebyscore(hints, "-inf", now_ms, start=0, num=_HINTS_AT_ONCE)
        if found:
            later = now_ms + self._lease_ms
            await self._hint(dict.fromkeys(found, later), "XX")
        return [tenant.decode() for tenant in found]

    async def rebuild_hints(self) -> None:
        """Read every tenant's lanes and leave the hints they ask for."""
        cursor = 0
        while True:
            cursor, page = await self._redis.sscan(self._keys.tenants(), cursor, count=_TENANTS_AT_ONCE)
            async with self._redis.pipeline(transaction=False) as pipe:
                for tenant in page:
                    pipe.zrange(self._keys.lane_lines(tenant.decode()), 0, 0, withscores=True)
                first = await pipe.execute()
            hints = {tenant: due[0][1] for tenant, due in zip(page, first, strict=True) if due}
            if hints:
                await self._hint(hints, "LT")
            if cursor == 0:
                return

    async def _hint(self, hints: Mapping[Any, float], when: Literal["LT", "XX"]) -> None:
        pairs = chain.from_iterable((at, tenant) for tenant, at in hints.items())
        await self._add_hints(keys=[self._keys.webhook_hints()], args=[when, *pairs])


def _due(line: Line, token: str, event: Sequence[Any]) -> Due:
    lane, log_id, attempt, first_ms, gap, event_id, kind, body = event
    return Due(
        line,
        lane.decode(),
        token,
        log_id.decode(),
        int(attempt),
        int(first_ms),
        bool(gap),
        event_id.decode(),
        kind.decode(),
        body,
    )


def _due_ms(score: bytes | int) -> int | None:
    due = int(float(score))
    return None if due < 0 else due
