"""An Idempotency-Key on the real stack: one message, and the same answer to the byte, whatever dies."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.journey import CONTACT, TENANT, start_and_scan
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

PATH = f"/api/v1/messages/{TENANT}/send"
Answer = tuple[int, bytes, bool]


async def send(http: aiohttp.ClientSession, key: str, **fields: Any) -> Answer:
    """Status, body, and whether it is said to be the answer of an earlier request."""
    body = {"to": CONTACT, "message": "once", **fields}
    async with http.post(PATH, json=body, headers={"Idempotency-Key": key}) as answer:
        return answer.status, await answer.read(), answer.headers.get("Idempotent-Replayed") == "true"


async def count(sandbox: Sandbox, text: str) -> int:
    return [message.get("text") for message in await sandbox.messages(CONTACT)].count(text)


@pytest.mark.timeout(180)
async def test_a_request_repeated_a_hundred_times_and_after_the_death_of_each_process_is_one_message(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    await start_and_scan(gateway, sandbox, customer)
    headers = {"Authorization": f"Bearer {gateway.api_key}"}
    async with aiohttp.ClientSession(gateway.url, headers=headers) as http:
        answers = await asyncio.gather(*(send(http, "order-1") for _ in range(100)))

        assert {status for status, _, _ in answers} <= {200, 202, 409}
        (body,) = {body for status, body, _ in answers if status != 409}
        first = next(status for status, _, _ in answers if status != 409)
        await wait_for(lambda: count(sandbox, "once"), seconds=20, every=0.1, what=gateway.describe)
        assert await send(http, "order-1") == (first, body, True)
        assert (await send(http, "order-1", message="twice"))[0] == 422

        for program in ("control", "bridge"):
            await gateway.kill(program)
            await wait_for(gateway.is_ready, seconds=60, every=0.1, what=gateway.describe)
            assert await send(http, "order-1") == (first, body, True)

        # A message of its own shows that all of them had the time to arrive.
        assert (await send(http, "order-2", message="another", wait=30))[0] == 200
    await wait_for(lambda: count(sandbox, "another"), seconds=20, every=0.1, what=gateway.describe)
    assert await count(sandbox, "once") == 1
    assert await count(sandbox, "twice") == 0
