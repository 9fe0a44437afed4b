"""Contacts who write to the tenants, one message after the other in each chat."""

from __future__ import annotations

import asyncio
import contextlib
from itertools import count

from tests.campaign.history import History, Said
from tests.campaign.plan import Plan
from tests.campaign.stage import Stage, Tenant


class Speakers:
    """All contacts that speak."""

    def __init__(self, plan: Plan, stage: Stage, history: History) -> None:
        self._plan = plan
        self._sandbox = stage.sandbox
        self._history = history
        self._stopping = asyncio.Event()
        self._tasks = [task for tenant in stage.tenants for task in self._of(tenant)]

    def _of(self, tenant: Tenant) -> list[asyncio.Task[None]]:
        alone = [asyncio.create_task(self._speak(tenant, contact, contact)) for contact in tenant.speakers]
        return [*alone, asyncio.create_task(self._speak(tenant, tenant.members[0], tenant.group))]

    async def stop(self) -> None:
        """Fall silent. What was about to be said is said, or its id would be unknown."""
        self._stopping.set()
        await asyncio.gather(*self._tasks)

    def cancel(self) -> None:
        """Fall silent at once, when the campaign is broken off."""
        for task in self._tasks:
            task.cancel()

    async def _speak(self, tenant: Tenant, contact: str, chat: str) -> None:
        chance = self._plan.chance(tenant.name, "speaks", chat)
        for number in count(1):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), chance.uniform(*self._plan.speak))
            if self._stopping.is_set():
                return
            await self._say(tenant, contact, chat, f"said {number} in {chat}")

    async def _say(self, tenant: Tenant, contact: str, chat: str, text: str) -> None:
        place = {"group": chat} if chat == tenant.group else {"to": tenant.number}
        answer = await self._sandbox.call("POST", f"/contacts/{contact}/say", json={**place, "text": text})
        said = Said(tenant.name, chat, str(answer["id"]), text, self._history.now())
        self._history.said.append(said)
