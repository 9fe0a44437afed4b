"""Delivers what is due: finds tenants, claims the heads of their lanes, sends, settles.

Everything durable is in Redis (storage/lanes.py): killed at any point, the leases end and the events are sent
again with the same id. At least once, never lost; in order within a chat, as the head of a lane is settled
before the next is claimed. How one endpoint is kept from delaying another is in slots.py.

Tenants are found by hints: wake() from the ingest of this process, and the hints in Redis, which any process
leaves. Hints may be lost, so all lanes are looked through at the start, after Redis was away, and every minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Sequence

from redis.exceptions import RedisError

from control.storage.redis import leave_if_cancelled
from control.storage.seal import SealBroken
from control.webhooks.delivery import Delivery, Outcome
from control.webhooks.endpoints import Endpoint, WebhookEndpoints
from control.webhooks.queue import LEASE_SECONDS, NO_EVENTS, DeliveryQueue, Due, Verdict, wanted
from control.webhooks.retry import next_delay
from control.webhooks.slots import Slots

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
REBUILD_SECONDS = 60.0
STOP_SECONDS = 5.0
RELEASE_SECONDS = 1.0
REDIS_BACKOFF_SECONDS = 0.5
SETTLE_BACKOFF_SECONDS = 0.1
# Without an endpoint nothing is sent; so many lanes are emptied in one claim.
DROP_AT_ONCE = 64


class WebhookWorker:
    """The loop from the lanes to the customers' apps."""

    def __init__(
        self,
        queue: DeliveryQueue,
        endpoints: WebhookEndpoints,
        delivery: Delivery,
        *,
        slots: Slots | None = None,
        clock: Callable[[], float] = time.time,
        poll_seconds: float = POLL_SECONDS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """clock: unix seconds, for what is due and leased. stop_seconds: what attempts get to end by."""
        self._queue = queue
        self._endpoints = endpoints
        self._delivery = delivery
        self._slots = slots or Slots()
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._stop_seconds = stop_seconds
        self._attempts: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._stopping = False

    def wake(self, tenants: Iterable[str]) -> None:
        """Look at these tenants at once. Only saves them the wait for the next poll."""
        for tenant in tenants:
            self._slots.ready(tenant)
        self._changed.set()

    @property
    def under_way(self) -> int:
        """How many attempts are under way."""
        return len(self._attempts)

    async def run(self) -> None:
        """Deliver until cancelled. Nothing Redis or a customer's app does ends it.

        Cancelled, it begins nothing more, gives attempts under way stop_seconds to end, and releases the rest.
        """
        rebuild_at = poll_at = 0.0
        try:
            while True:
                leave_if_cancelled()
                self._changed.clear()
                now = time.monotonic()
                try:
                    if now >= rebuild_at:
                        await self._queue.rebuild_hints()
                        rebuild_at = now + REBUILD_SECONDS
                    if now >= poll_at:
                        poll_at = now + self._poll_seconds
                        for tenant in await self._queue.hinted(self._now_ms()):
                            self._slots.ready(tenant)
                    await self._begin_attempts()
                except RedisError as error:
                    log.warning("webhook queue is not reachable, trying again", extra={"reason": _brief(error)})
                    rebuild_at = 0.0
                    await asyncio.sleep(REDIS_BACKOFF_SECONDS)
                except Exception:
                    # A fault of this code must not end the only way events go out.
                    log.exception("webhook worker failed, trying again")
                    rebuild_at = 0.0
                    await asyncio.sleep(REDIS_BACKOFF_SECONDS)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, poll_at - time.monotonic())):
                        await self._changed.wait()
        finally:
            await self._stop()

    async def _begin_attempts(self) -> None:
        while (tenant := self._slots.next()) is not None:
            try:
                await self._visit(tenant)
            except Exception:
                self._slots.ready(tenant)
                raise

    async def _visit(self, tenant: str) -> None:
        """Claim what the tenant has due, as much as it may have under way now."""
        try:
            endpoint = await self._endpoints.for_tenant(tenant)
        except SealBroken:
            # Kept, not given up: the key file may come back. The hint left by the poll brings it here again.
            log.error("webhook secret does not open, its key file was replaced", extra={"tenantId": tenant})
            return
        if endpoint is None:
            await self._claim(tenant, DROP_AT_ONCE, NO_EVENTS)
            return
        share = self._slots.share(endpoint.id)
        if share == 0:
            self._slots.wait(tenant, endpoint.id)
            return
        events = await self._claim(tenant, share, wanted(endpoint.events))
        for due in events:
            self._slots.begin(endpoint.id)
            task = asyncio.create_task(self._deliver_lane(endpoint, due))
            self._attempts.add(task)
            task.add_done_callback(self._attempts.discard)
        if not events:
            self._slots.pass_on(endpoint.id)

    async def _claim(self, tenant: str, limit: int, types: str) -> Sequence[Due]:
        now_ms = self._now_ms()
        claim = await self._queue.claim(
            tenant, token=secrets.token_hex(8), now_ms=now_ms, limit=limit, types=types
        )
        if claim.next_due_ms is not None and claim.next_due_ms <= now_ms:
            self._slots.ready(tenant)
        return claim.events

    async def _deliver_lane(self, endpoint: Endpoint, due: Due) -> None:
        """Send the head of a lane and, while nobody else waits, what follows it."""
        held: Due | None = due
        try:
            while held is not None:
                outcome = await self._attempt(endpoint, held)
                self._slots.answered(endpoint.id, timed_out=outcome.timed_out)
                held = await self._settle(endpoint, held, outcome)
        except asyncio.CancelledError:
            if held is not None:
                await self._release(held)
            raise
        except Exception:
            log.exception("webhook not settled, its lease will end", extra={"tenantId": due.tenant_id})
        finally:
            self._slots.end(endpoint.id)
            self._changed.set()

    async def _attempt(self, endpoint: Endpoint, due: Due) -> Outcome:
        try:
            outcome = await self._delivery.attempt(endpoint, due)
        except Exception:
            # Counted as a failure, so that an event that trips a fault here runs out of attempts too.
            log.exception("webhook attempt failed inside the gateway", extra={"tenantId": due.tenant_id})
            outcome = Outcome(False, "internal_error")
        log.info(
            "webhook attempt",
            extra={
                "tenantId": due.tenant_id,
                "eventId": due.event_id,
                "type": due.type,
                "attempt": due.attempt,
                "outcome": outcome.reason,
                "status": outcome.status,
                "ms": outcome.milliseconds,
            },
        )
        return outcome

    async def _settle(self, endpoint: Endpoint, due: Due, outcome: Outcome) -> Due | None:
        """Write down what became of the attempt; return the lane's next event when it may follow at once."""
        verdict: Verdict = "done"
        due_ms = 0
        if not outcome.delivered:
            delay = next_delay(due.attempt, overloaded=outcome.overloaded, retry_after=outcome.retry_after)
            verdict = "dead" if delay is None else "later"
            due_ms = self._now_ms() + int((delay or 0) * 1000)
        if verdict == "dead":
            log.warning(
                "webhook given up",
                extra={"tenantId": due.tenant_id, "eventId": due.event_id, "outcome": outcome.reason},
            )
        go_on = not self._stopping and not self._slots.others_wait(endpoint.id)
        give_up_at = time.monotonic() + 2 * LEASE_SECONDS
        while True:
            try:
                settled = await self._queue.settle(
                    due,
                    verdict,
                    now_ms=self._now_ms(),
                    due_ms=due_ms,
                    types=wanted(endpoint.events) if go_on else "",
                    reason=outcome.reason,
                )
                break
            except RedisError:
                # Delivered but not written down would be delivered twice: worth some patience.
                if time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(SETTLE_BACKOFF_SECONDS)
        if not settled.held:
            log.warning("webhook lease was lost", extra={"tenantId": due.tenant_id, "eventId": due.event_id})
        if settled.next_due_ms is not None and settled.next_due_ms <= self._now_ms():
            self._slots.ready(due.tenant_id)
        return settled.next

    async def _release(self, due: Due) -> None:
        """Let another process have the event at once instead of after the lease."""
        with contextlib.suppress(RedisError, TimeoutError):
            async with asyncio.timeout(RELEASE_SECONDS):
                now_ms = self._now_ms()
                await self._queue.settle(due, "release", now_ms=now_ms, due_ms=now_ms)

    async def _stop(self) -> None:
        self._stopping = True
        if self._attempts:
            _, late = await asyncio.wait(self._attempts, timeout=self._stop_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=2 * RELEASE_SECONDS)

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
