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
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager

from redis.exceptions import RedisError

from control.storage.redis import leave_if_cancelled
from control.storage.seal import SealBroken
from control.webhooks.circuit import is_hopeless
from control.webhooks.delivery import Delivery, Outcome, Parcel
from control.webhooks.endpoint import DisabledReason, Endpoint
from control.webhooks.endpoints import WebhookEndpoints
from control.webhooks.inline_media import InlineMedia
from control.webhooks.notices import disabled_notice
from control.webhooks.queue import DeliveryQueue, Due, Line, Settled, Verdict
from control.webhooks.retry import next_delay
from control.webhooks.slots import Slot, Slots, endpoint_of

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
REBUILD_SECONDS = 60.0
STOP_SECONDS = 5.0
RELEASE_SECONDS = 1.0
REDIS_BACKOFF_SECONDS = 0.5
SETTLE_BACKOFF_SECONDS = 0.1


class WebhookWorker:
    """The loop from the lanes to the customers' apps."""

    def __init__(
        self,
        queue: DeliveryQueue,
        endpoints: WebhookEndpoints,
        delivery: Delivery,
        *,
        inline: InlineMedia | None = None,
        on_attempt: Callable[[str, bool], None] = lambda tenant_id, delivered: None,
        slots: Slots | None = None,
        clock: Callable[[], float] = time.time,
        poll_seconds: float = POLL_SECONDS,
        stop_seconds: float = STOP_SECONDS,
        observed: Callable[[str, int | None, float, float | None], None] | None = None,
        on_given_up: Callable[[], None] = lambda: None,
        on_switched_off: Callable[[DisabledReason], None] = lambda reason: None,
    ) -> None:
        """clock: unix seconds, for what is due and leased. stop_seconds: what attempts get to end by.

        inline: adds files to events; without it none are added. on_attempt: told of each attempt's tenant and
        whether its app took the event. observed: told of every attempt that ended: its outcome, HTTP status,
        seconds, and the event's age in seconds if it was delivered. on_given_up: told of each event whose attempts
        are used up. on_switched_off: told why a webhook was switched off. None may block.
        """
        self._queue = queue
        self._endpoints = endpoints
        self._delivery = delivery
        self._inline = inline
        self._on_attempt = on_attempt
        self._slots = slots or Slots()
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._stop_seconds = stop_seconds
        self._observed = observed
        self._on_given_up = on_given_up
        self._on_switched_off = on_switched_off
        self._attempts: set[asyncio.Task[None]] = set()
        self._woken: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._stopping = False

    def wake(self, tenants: Iterable[str]) -> None:
        """Look at these tenants at once. Only saves them the wait for the next poll."""
        self._woken.update(dict.fromkeys(tenants))
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
                        self._woken.update(dict.fromkeys(await self._queue.hinted(self._now_ms())))
                    await self._look()
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

    async def _look(self) -> None:
        """Find what is due of the tenants that were named."""
        if not self._woken:
            return
        woken, self._woken = self._woken, {}
        try:
            for line in await self._queue.due_lines(woken, self._now_ms()):
                self._slots.ready(line)
        except BaseException:
            self._woken = {**woken, **self._woken}
            raise

    async def _begin_attempts(self) -> None:
        while (line := self._slots.next()) is not None:
            try:
                await self._visit(line)
            except Exception:
                self._slots.ready(line)
                raise

    async def _visit(self, line: Line) -> None:
        """Claim what a webhook has due, as much as it may have under way now."""
        try:
            endpoint = await self._endpoints.find(line)
        except SealBroken:
            # Kept, not given up: the key file may come back. The hint left by the poll brings it here again.
            log.error("webhook secret does not open, its key file was replaced", extra=_named(line))
            return
        if endpoint is None:
            if not await self._endpoints.exists(line):
                dropped = await self._queue.drop(line)
                log.info("webhook is gone, and what waited for it", extra={**_named(line), "events": dropped})
            return
        share = self._slots.share(endpoint_of(line))
        if share == 0:
            self._slots.wait(line)
            return
        now_ms = self._now_ms()
        claim = await self._queue.claim(line, token=secrets.token_hex(8), now_ms=now_ms, limit=share)
        for due in claim.events:
            slot = self._slots.begin(endpoint_of(line))
            task = asyncio.create_task(self._deliver_lane(endpoint, due, slot))
            self._attempts.add(task)
            task.add_done_callback(self._attempts.discard)
        if claim.next_due_ms is not None and claim.next_due_ms <= now_ms:
            self._slots.ready(line)
        if not claim.events:
            self._slots.pass_on(endpoint_of(line))

    async def _deliver_lane(self, endpoint: Endpoint, due: Due, slot: Slot) -> None:
        """Send the head of a lane and, while nobody else waits, what follows it."""
        held: Due | None = due
        begun: Slot | None = slot
        try:
            while held is not None:
                begun = begun or self._slots.begin(endpoint_of(due.line))
                outcome = await self._attempt(endpoint, held)
                self._slots.answered(begun, timed_out=outcome.timed_out)
                held = await self._settle(endpoint, held, outcome)
                self._slots.end(begun)
                begun = None
        except asyncio.CancelledError:
            if held is not None:
                await self._release(held)
            raise
        except Exception:
            log.exception("webhook not settled, its lease will end", extra=_named(due.line))
        finally:
            if begun is not None:
                self._slots.end(begun)
            self._changed.set()

    async def _attempt(self, endpoint: Endpoint, due: Due) -> Outcome:
        try:
            async with self._body(endpoint, due) as body:
                parcel = Parcel(due.event_id, due.type, body, due.attempt, due.after_gap)
                outcome = await self._delivery.attempt(endpoint, parcel)
        except Exception:
            # Counted as a failure, so that an event that trips a fault here runs out of attempts too.
            log.exception("webhook attempt failed inside the gateway", extra=_named(due.line))
            outcome = Outcome(False, "internal_error")
        self._on_attempt(due.line.tenant_id, outcome.delivered)
        if self._observed is not None:
            age = self._clock() - due.stored_ms / 1000 if outcome.delivered else None
            self._observed(outcome.reason, outcome.status, outcome.milliseconds / 1000, age)
        # What goes as it should is in the list of deliveries; as a line for each it would bury the rest.
        log.log(
            logging.DEBUG if outcome.delivered and due.attempt == 1 else logging.INFO,
            "webhook attempt",
            extra={
                **_named(due.line),
                "eventId": due.event_id,
                "type": due.type,
                "attempt": due.attempt,
                "outcome": outcome.reason,
                "status": outcome.status,
                "ms": outcome.milliseconds,
            },
        )
        return outcome

    def _body(self, endpoint: Endpoint, due: Due) -> AbstractAsyncContextManager[bytes]:
        if self._inline is None:
            return contextlib.nullcontext(due.body)
        return self._inline.added(endpoint, due.line.tenant_id, due.type, due.body)

    async def _settle(self, endpoint: Endpoint, due: Due, outcome: Outcome) -> Due | None:
        """Write down what became of the attempt; return the lane's next event when it may follow at once."""
        verdict: Verdict = "done"
        now_ms = due_ms = self._now_ms()
        if not outcome.delivered:
            delay = next_delay(
                due.attempt,
                tried_for=(now_ms - due.first_ms) / 1000,
                overloaded=outcome.overloaded,
                retry_after=outcome.retry_after,
            )
            # Who wants no more gets nothing given up: it waits until the webhook is switched on again.
            verdict = "dead" if delay is None and outcome.disable is None else "later"
            due_ms = now_ms + int((delay or 0) * 1000)
        if verdict == "dead":
            log.warning(
                "webhook given up",
                extra={**_named(due.line), "eventId": due.event_id, "outcome": outcome.reason},
            )
        go_on = (
            not self._stopping and outcome.disable is None and not self._slots.others_wait(endpoint_of(due.line))
        )
        settled = await self._written(due, verdict, due_ms, go_on, outcome)
        if not settled.held:
            log.warning("webhook lease was lost", extra={**_named(due.line), "eventId": due.event_id})
        elif verdict == "dead":
            self._on_given_up()
        reason = outcome.disable
        if reason is None and is_hopeless(settled.failing_since_ms, settled.failures, now_ms):
            reason = "failing"
        if reason is not None:
            await self._switch_off(endpoint, due.line, reason, settled.failing_since_ms)
        elif settled.next_due_ms is not None and settled.next_due_ms <= self._now_ms():
            self._slots.ready(due.line)
        return settled.next

    async def _written(self, due: Due, verdict: Verdict, due_ms: int, go_on: bool, outcome: Outcome) -> Settled:
        give_up_at = time.monotonic() + 2 * self._queue.lease_seconds
        while True:
            try:
                return await self._queue.settle(
                    due, verdict, now_ms=self._now_ms(), due_ms=due_ms, go_on=go_on, attempted=outcome.attempted
                )
            except RedisError:
                # Delivered but not written down would be delivered twice: worth some patience.
                if time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(SETTLE_BACKOFF_SECONDS)

    async def _switch_off(self, endpoint: Endpoint, line: Line, reason: DisabledReason, since_ms: int) -> None:
        """Send nothing more to a webhook. Should this fail, the next attempt says the same again."""
        notice = disabled_notice(line.tenant_id, line.webhook_id, endpoint.url, reason, since_ms, self._now_ms())
        if await self._endpoints.disable(line, reason, notice):
            self._on_switched_off(reason)
            log.warning("webhook switched off", extra={**_named(line), "reason": reason})
            self.wake([line.tenant_id])

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


def _named(line: Line) -> dict[str, str]:
    return {"tenantId": line.tenant_id, "webhookId": line.webhook_id}


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
