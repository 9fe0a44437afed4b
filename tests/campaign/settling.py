"""After the faults: waits until nothing is left to do, and says what is left when that takes too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from tests.campaign.history import History
from tests.campaign.stage import Stage


@dataclass(frozen=True, slots=True)
class Settled:
    """seconds: how long it took. left: what was not done when the time was over."""

    seconds: float
    left: tuple[str, ...]


async def settle(stage: Stage, history: History, seconds: float, say: Callable[[str], None]) -> Settled:
    """Wait until health is green, every session connected, every message settled and every webhook taken.

    seconds: how long nothing may change while something is left; a long campaign leaves much, and slow is not
    lost. say: told what is left, each time it is something else.
    """
    began = changed = history.now()
    before: list[str] = []
    while True:
        left = await _left(stage, history)
        if left != before:
            changed = history.now()
            say(f"{changed:7.1f} s  {'; '.join(left) or 'all is done'}")
        before = left
        if not left or history.now() - changed > seconds:
            return Settled(history.now() - began, tuple(left))
        await asyncio.sleep(0.25)


async def _left(stage: Stage, history: History) -> list[str]:
    try:
        return await _unhealthy(stage) or await _undone(stage, history)
    except (aiohttp.ClientError, TimeoutError) as error:
        return [f"the API does not answer: {type(error).__name__}"]


async def _unhealthy(stage: Stage) -> list[str]:
    status, health = await stage.gateway.call("GET", "/health", key=None)
    if status != 200 or health["status"] != "ok":
        return [f"health is {status} {health.get('status')} {health.get('degraded')}"]
    left = []
    for tenant in stage.tenants:
        status, session = await stage.gateway.call("GET", f"/api/v1/sessions/{tenant.name}/status")
        if status != 200 or session["connected"] is not True:
            left.append(f"{tenant.name} is {session.get('status')}")
    return left


async def _undone(stage: Stage, history: History) -> list[str]:
    left = []
    for tenant in stage.tenants:
        path = f"/api/v1/messages/{tenant.name}?status=accepted&limit=200"
        status, page = await stage.gateway.call("GET", path)
        if status != 200:
            left.append(f"the messages of {tenant.name} cannot be listed: {page.get('code')}")
        elif page["messages"]:
            holds = {str(message["heldBy"]) for message in page["messages"]}
            more = "+" if page["next"] else ""
            left.append(
                f"{len(page['messages'])}{more} messages of {tenant.name} wait: {', '.join(sorted(holds))}"
            )
    taken = {message_of(hook.event) for hook in history.hooks if hook.taken}
    missing = sum(1 for said in history.said if said.message_id not in taken)
    if missing:
        left.append(f"{missing} webhooks were not taken")
    return left


def message_of(event: dict[str, object]) -> str | None:
    """The id of the message that came in, by the event that tells of it; None for other events."""
    data = event["data"]
    return str(data["messageId"]) if event["event"] == "message" and isinstance(data, dict) else None
