"""Sends a test event to a webhook, once and at once, and says what happened."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from control.errors import GatewayError
from control.storage.seal import SealBroken
from control.webhooks.delivery import Delivery, Outcome
from control.webhooks.endpoint import Stored
from control.webhooks.endpoints import WebhookEndpoints
from control.webhooks.notices import trial_parcel

AT_ONCE: Final = 4
"""Tests under way in all; they have no part in the worker's limits."""


class Trial:
    """Sends test events."""

    def __init__(
        self, endpoints: WebhookEndpoints, delivery: Delivery, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._endpoints = endpoints
        self._delivery = delivery
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)

    async def send(self, tenant_id: str, stored: Stored) -> tuple[str, Outcome]:
        """Return the event's id and what became of it. Raises `webhook_busy`, `webhook_secret_lost`."""
        if self._room.locked():
            raise GatewayError("webhook_busy", retry_after=5)
        async with self._room:
            try:
                endpoint = await self._endpoints.ready(tenant_id, stored)
            except SealBroken:
                raise GatewayError("webhook_secret_lost") from None
            parcel = trial_parcel(tenant_id, stored.id, int(self._clock() * 1000))
            return parcel.event_id, await self._delivery.attempt(endpoint, parcel)
