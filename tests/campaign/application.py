"""A customer's application that sends: asks with a key, and asks again as docs/messages.md tells it to."""

from __future__ import annotations

import asyncio
import random
from typing import Any, Final

import aiohttp
import orjson

from tests.campaign.history import Asked, Attempt, History, is_final
from tests.campaign.plan import WAYS, Plan, choose
from tests.campaign.requests import RequestMaker
from tests.campaign.stage import Stage, Tenant

PATIENCE_SECONDS: Final = 8.0
"""After so long without an answer the application hangs up and asks again."""

SIDE_BY_SIDE: Final = 4
"""Requests at a time that are repeated in the end."""

REPLAYED: Final = 0.1
"""Share of requests that are repeated although they were answered."""


class Application:
    """All clients of all tenants."""

    def __init__(self, plan: Plan, stage: Stage, history: History) -> None:
        self._plan = plan
        self._url = stage.gateway.url
        self._history = history
        self._headers = {"Authorization": f"Bearer {stage.gateway.api_key}"}
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS))
        self._stopping = asyncio.Event()
        self._clients = [task for tenant in stage.tenants for task in self._of(tenant)]

    def _of(self, tenant: Tenant) -> list[asyncio.Task[None]]:
        chats = [*tenant.chats, tenant.shared, tenant.shared, tenant.group]
        return [asyncio.create_task(self._client(tenant, str(i), to)) for i, to in enumerate(chats)]

    async def finish(self, seconds: float) -> None:
        """Begin no more requests, and give those that are open so long to be answered."""
        self._stopping.set()
        _, late = await asyncio.wait(self._clients, timeout=seconds)
        for task in late:
            task.cancel()
        for result in await asyncio.gather(*self._clients, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def close(self) -> None:
        """Close the connections."""
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await self._http.close()

    async def _client(self, tenant: Tenant, name: str, to: str) -> None:
        """One client: writes into one chat, one message after the other."""
        chance = self._plan.chance(tenant.name, name)
        maker = RequestMaker(tenant, name, to, chance)
        while not self._stopping.is_set():
            asked = maker.new(choose(chance, WAYS))
            self._history.asked.append(asked)
            await self._until_settled(asked, chance)
            if chance.random() < REPLAYED:
                await self.attempt(asked, wait=0)
            await asyncio.sleep(chance.uniform(*self._plan.pause))

    async def _until_settled(self, asked: Asked, chance: random.Random) -> None:
        wait = chance.choice((0, 0, 5))
        if asked.way == "twins":
            await asyncio.gather(self.attempt(asked, wait), self.attempt(asked, wait))
        while not asked.settled:
            attempt = await self.attempt(asked, wait)
            if attempt.accepted or is_final(attempt):
                return
            seconds = float(attempt.body.get("retryAfter") or 0)
            await asyncio.sleep(max(seconds, chance.uniform(0.1, 0.6)))

    async def repeat_at_rest(self, most: int) -> None:
        """Make requests that were accepted twice more, when everything has ended. most: how many of them."""
        accepted = [asked for asked in self._history.asked if asked.first_answer is not None]
        chosen = self._plan.chance("repeats").sample(accepted, min(most, len(accepted)))
        room = asyncio.Semaphore(SIDE_BY_SIDE)

        async def twice(asked: Asked) -> None:
            async with room:
                for _ in range(2):
                    (await self.attempt(asked, wait=0)).at_rest = True

        await asyncio.gather(*(twice(asked) for asked in chosen))

    async def attempt(self, asked: Asked, wait: int) -> Attempt:
        """Make the request once, and note what it was answered."""
        attempt = Attempt(began=self._history.now())
        asked.attempts.append(attempt)
        path = "batch" if asked.way == "batch" else f"send?wait={wait}"
        headers = {**self._headers, "Idempotency-Key": f'"{asked.key}"'}
        try:
            async with self._http.post(
                f"{self._url}/api/v1/messages/{asked.tenant}/{path}", headers=headers, **_content(asked)
            ) as answer:
                raw = await answer.read()
                attempt.replayed = answer.headers.get("Idempotent-Replayed") == "true"
                attempt.raw, attempt.body = raw, orjson.loads(raw)
                if "Retry-After" in answer.headers:
                    attempt.body.setdefault("retryAfter", min(float(answer.headers["Retry-After"]), 5.0))
                attempt.status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            attempt.trouble = type(error).__name__
        attempt.ended = self._history.now()
        return attempt


def _content(asked: Asked) -> dict[str, Any]:
    if asked.upload is None:
        return {"json": asked.body}
    form = aiohttp.FormData()
    form.add_field("payload", orjson.dumps(asked.body).decode())
    form.add_field("file", asked.upload, filename="picture.jpg", content_type="image/jpeg")
    return {"data": form}
