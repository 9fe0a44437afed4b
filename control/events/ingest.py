"""Takes events from the bridge into the tenants' logs, each exactly once, and tells the bridge when they are safe.

    pull → append (one script per tenant) → tell listeners → move the cursor → ack

The order is the guarantee. Killed before the append, nothing happened; after it, the tenants' cursors make the
next append skip what is there; listeners hear an event again rather than never. The bridge keeps an event until
it is acked, so a Redis that is down, full or slow only makes this loop wait: nothing is acked and the order is
kept.

A wiped Redis has no cursors. The loop notices before it appends, starts again from 0, and the bridge fills the
logs with what it retained. A new journal (a new bridge store) has cursors of its own and starts at 0 likewise.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

from pydantic import ValidationError
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.events.envelope import envelope, lane
from control.events.shape import UnknownEvent
from control.events.stream import Entry, EventLog, LogWentBack
from control.rpc.contract_gen import Event, EventPullResult
from control.storage.redis import leave_if_cancelled

log = logging.getLogger(__name__)

PULL_MAX = 200
PULL_WAIT_MS = 25_000
# Beyond the wait itself: the contract gives event.pull 40 s and event.ack 5 s.
PULL_GRACE_SECONDS = 15.0
ACK_SECONDS = 5.0
LISTENER_SECONDS = 1.0
LISTENERS_SECONDS_PER_BATCH = 5.0
BACKOFF_FIRST_SECONDS = 0.1
BACKOFF_LAST_SECONDS = 2.0

_BRIDGE_FAILURES = (GatewayError, OSError, TimeoutError)

OnEvent = Callable[[Event], Awaitable[None]]
"""Hears of every event after it is in the log, at least once, in order within a tenant."""


class EventSource(Protocol):
    """What the ingest needs of the bridge's RPC client."""

    @property
    def journal_id(self) -> str:
        """The journal of the store the bridge runs on now; raises GatewayError while it is not known."""

    async def event_pull(self, after: int, max: int, wait_ms: int) -> EventPullResult:
        """Events after a position; raises GatewayError, or ValidationError for an answer that is no such thing."""

    async def event_ack(self, position: int) -> Any:
        """Everything up to the position is stored."""


class EventIngest:
    """The loop from the bridge to the log."""

    def __init__(
        self,
        bridge: EventSource,
        event_log: EventLog,
        *,
        base_url: str = "",
        on_event: Sequence[OnEvent] = (),
        wake: Callable[[Iterable[str]], None] = lambda tenants: None,
        on_given_up: Callable[[int], None] = lambda events: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """base_url: where callers reach this service. on_event: listeners. wake: told at once which tenants have
        new events; on_given_up: told how many events were given up because they waited for a webhook too long or
        behind too many. Neither may block.
        """
        self._bridge = bridge
        self._log = event_log
        self._base_url = base_url
        self._on_event = tuple(on_event)
        self._wake = wake
        self._on_given_up = on_given_up
        self._clock = clock
        self._known: dict[str, int] = {}
        self._journal: str | None = None
        self._acked = 0
        self._max = PULL_MAX

    async def run(self) -> None:
        """Ingest until cancelled. Nothing the bridge or Redis does ends it."""
        failures = 0
        while True:
            leave_if_cancelled()
            try:
                await self.step()
                failures = 0
                continue
            except LogWentBack:
                log.warning("event log is behind its cursor, refilling it from the bridge")
                self._known.clear()
            except _BRIDGE_FAILURES as error:
                log.warning("bridge gives no events, trying again", extra={"reason": _brief(error)})
            except RedisError as error:
                log.warning("event log cannot be written, trying again", extra={"reason": _brief(error)})
            except Exception:
                # A fault of this code must not end the only way events come in.
                log.exception("ingest failed, trying again")
            failures += 1
            await asyncio.sleep(_backoff(failures))

    def forget(self, tenant_id: str) -> None:
        """A tenant's cursor was removed on purpose, with its log."""
        self._known.pop(tenant_id, None)

    async def step(self) -> None:
        """Pull one batch and put it away; raises whatever kept it from being put away."""
        journal = self._bridge.journal_id
        if journal != self._journal:
            self._journal = journal
            self._acked = 0
            self._known.clear()
        after = await self._log.cursor(journal)
        if after > self._acked:
            # Stored, but this process was killed or the link cut before the bridge heard of it.
            await self._ack(journal, after)
        # Once more: past this line a lost cancellation would wait for as long as the pull does.
        leave_if_cancelled()
        if self._bridge.journal_id != journal:
            # Another bridge since the cursor was read: its positions are others, and a pull might wait long.
            return
        pulled = await self._pull(journal, after)
        if pulled is None or self._bridge.journal_id != journal:
            return
        if pulled.head_position < after:
            log.error(
                "the bridge's journal ends before the log's cursor: its store was put back to an older state",
                extra={"head": pulled.head_position, "cursor": after},
            )
        if not pulled.events:
            return
        # The pull may have waited half a minute, in which Redis may have been wiped.
        if await self._log.cursor(journal) < after:
            raise LogWentBack
        batch = _by_tenant(pulled.events, self._base_url)
        try:
            written = await self._log.append(journal, batch, self._known, int(self._clock() * 1000))
        except LogWentBack:
            # One tenant's part is gone (a node of a cluster) while the common cursor stands.
            await self._log.rewind(journal)
            raise
        self._note(written)
        self._wake(batch)
        await self._tell(pulled.events)
        position = pulled.events[-1].position
        try:
            await self._log.advance(journal, after, position)
        except LogWentBack:
            # Wiped in the moment since the check above: these tenants' logs begin too late.
            await self._log.forget_cursors(journal, list(batch))
            raise
        await self._ack(journal, position)

    async def _ack(self, journal: str, position: int) -> None:
        if self._bridge.journal_id == journal:
            async with asyncio.timeout(ACK_SECONDS):
                await self._bridge.event_ack(position)
            self._acked = position

    async def _pull(self, journal: str, after: int) -> EventPullResult | None:
        try:
            async with asyncio.timeout(PULL_WAIT_MS / 1000 + PULL_GRACE_SECONDS):
                pulled = await self._bridge.event_pull(after=after, max=self._max, wait_ms=PULL_WAIT_MS)
        except ValidationError as error:
            await self._step_around(journal, after, error)
            return None
        self._max = PULL_MAX
        return pulled

    async def _step_around(self, journal: str, after: int, error: ValidationError) -> None:
        """Close in on an event that does not match the contract, then leave that one position out.

        Such an event is a fault of the bridge or of the contract, and one of them must not hold up every tenant.
        The bridge retains it; the log line says where.
        """
        if self._max > 1:
            self._max //= 2
            return
        fields = sorted({".".join(map(str, e["loc"])) for e in error.errors(include_input=False)})
        log.error("an event of the bridge cannot be read", extra={"position": after + 1, "fields": fields})
        await self._log.advance(journal, after, after + 1)

    def _note(self, written: dict[str, Any]) -> None:
        for tenant, result in written.items():
            self._known[tenant] = result.cursor
            if result.given_up:
                self._on_given_up(result.given_up)
                log.warning(
                    "too many events wait for their webhook, the oldest are given up",
                    extra={"tenantId": tenant, "events": result.given_up},
                )

    async def _tell(self, events: Sequence[Event]) -> None:
        """Tell the listeners. They hold up the ingest for a bounded time and cannot make it fail."""
        if not self._on_event:
            return
        ends = asyncio.get_running_loop().time() + LISTENERS_SECONDS_PER_BATCH
        for told, event in enumerate(events):
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                log.error("listeners were too slow, events not told", extra={"events": len(events) - told})
                return
            for listener in self._on_event:
                try:
                    async with asyncio.timeout(min(LISTENER_SECONDS, left)):
                        await listener(event)
                except Exception:
                    log.exception("listener failed", extra={"tenantId": event.tenant_id, "event": event.event_id})


def _by_tenant(events: Sequence[Event], base_url: str) -> dict[str, list[Entry]]:
    batch: dict[str, list[Entry]] = {}
    for event in events:
        kind = event.data.type
        try:
            entry = Entry(event.position, event.event_id, kind, lane(event), envelope(event, base_url))
        except UnknownEvent as unknown:
            log.error(
                "no envelope for an event, put into quarantine",
                extra={"tenantId": event.tenant_id, "event": event.event_id, "reason": str(unknown)},
            )
            raw = event.model_dump_json(by_alias=True, exclude_none=True).encode()
            entry = Entry(event.position, event.event_id, kind, "", raw)
        batch.setdefault(event.tenant_id, []).append(entry)
    return batch


def _backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: full jitter over the upper half."""
    longest = min(BACKOFF_LAST_SECONDS, BACKOFF_FIRST_SECONDS * float(2 ** min(failures - 1, 10)))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311


def _brief(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
