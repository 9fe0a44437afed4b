"""What a tenant can do with its webhooks besides changing them: look, switch on, test, send again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from control.errors import GatewayError
from control.webhooks.delivery import Outcome
from control.webhooks.endpoint import Stored
from control.webhooks.endpoints import RegisteredWebhook, WebhookEndpoints
from control.webhooks.history import Health, WebhookHistory
from control.webhooks.queue import DeliveryQueue, Line
from control.webhooks.recovery import Recovered, Recovery, Retried, Scope
from control.webhooks.trial import Trial


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook and how it stands."""

    stored: Stored
    health: Health

    @property
    def state(self) -> str:
        """enabled, degraded (its circuit is open) or disabled."""
        if self.stored.disabled is not None:
            return "disabled"
        return "degraded" if self.health.next_probe_ms is not None else "enabled"


class WebhookService:
    """The verbs. All raise `webhook_not_found`, and redis.RedisError when Redis does."""

    def __init__(
        self,
        endpoints: WebhookEndpoints,
        queue: DeliveryQueue,
        history: WebhookHistory,
        recovery: Recovery,
        trial: Trial,
        *,
        wake: Callable[[Iterable[str]], None] = lambda tenants: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """wake: told of tenants with something due."""
        self.endpoints = endpoints
        self.history = history
        self._queue = queue
        self._recovery = recovery
        self._trial = trial
        self._wake = wake
        self._clock = clock

    async def register(
        self, tenant_id: str, *, url: str, secret: str | None, events: Sequence[str] | None
    ) -> RegisteredWebhook:
        """Add or change the webhook of the session's start, and switch it on. See endpoints.register()."""
        registered = await self.endpoints.register(tenant_id, url=url, secret=secret, events=events)
        await self._look_now(tenant_id)
        return registered

    async def page(self, tenant_id: str) -> list[WebhookView]:
        """Return the tenant's webhooks, oldest first, or the installation's."""
        return await self._views(tenant_id, await self.endpoints.page(tenant_id))

    async def get(self, tenant_id: str, webhook_id: str) -> WebhookView:
        """Return one webhook."""
        return await self.view(tenant_id, await self.endpoints.get(tenant_id, webhook_id))

    async def view(self, tenant_id: str, stored: Stored) -> WebhookView:
        """Return how a webhook stands."""
        (view,) = await self._views(tenant_id, [stored])
        return view

    async def change(self, tenant_id: str, webhook_id: str, values: dict[str, Any]) -> WebhookView:
        """Change a webhook; switched on, it begins afresh with what waits. Raises what endpoints.update() does."""
        stored = await self.endpoints.update(tenant_id, webhook_id, **values)
        if values.get("enabled") is True:
            await self._queue.resume(Line(tenant_id, webhook_id), self._now_ms())
            self._wake([tenant_id])
        return await self.view(tenant_id, stored)

    async def remove(self, tenant_id: str, webhook_id: str) -> int:
        """Remove a webhook with all that waits for it; return how much that was."""
        await self.endpoints.remove(tenant_id, webhook_id)
        return await self._queue.drop(Line(tenant_id, webhook_id))

    async def test(self, tenant_id: str, webhook_id: str) -> tuple[str, Outcome]:
        """Send a test event; return its id and what became of it. Raises what Trial.send() does."""
        return await self._trial.send(tenant_id, await self.endpoints.get(tenant_id, webhook_id))

    async def retry(self, tenant_id: str, webhook_id: str, event_id: str) -> Retried:
        """Send one event again. Raises `delivery_not_found`."""
        line = await self.line(tenant_id, webhook_id)
        became = await self._recovery.retry(line, event_id, now_ms=self._now_ms())
        if became is None:
            raise GatewayError("delivery_not_found")
        await self._look_now(tenant_id)
        return became

    async def recover(
        self, tenant_id: str, webhook_id: str, scope: Scope, *, since_ms: int, until_ms: int | None
    ) -> Recovered:
        """Send again what was given up, or everything, of events between two times."""
        line, now_ms = await self.line(tenant_id, webhook_id), self._now_ms()
        done = await self._recovery.recover(
            line, scope, since_ms=since_ms, until_ms=until_ms if until_ms is not None else now_ms, now_ms=now_ms
        )
        await self._look_now(tenant_id)
        return done

    async def line(self, tenant_id: str, webhook_id: str) -> Line:
        """Return the webhook's line."""
        return Line(tenant_id, (await self.endpoints.get(tenant_id, webhook_id)).id)

    async def _views(self, tenant_id: str, found: list[Stored]) -> list[WebhookView]:
        health = await self.history.health(tenant_id, [stored.id for stored in found])
        return [WebhookView(stored, health[stored.id]) for stored in found]

    async def _look_now(self, tenant_id: str) -> None:
        await self._queue.hint(tenant_id, self._now_ms())
        self._wake([tenant_id])

    def _now_ms(self) -> int:
        return int(self._clock() * 1000)
