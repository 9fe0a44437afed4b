"""What the bridge tells by events reaches Redis through the whole control plane."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from control.sessions.store import SessionStore
from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.support.gateway import running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, now_ms
from tests.support.wait import wait_for


def an_event(position: int, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "position": position,
        "eventId": f"evt_0123456789abcd{position:04d}",
        "tenantId": "acme",
        "sessionId": "acme_1795435218000",
        "sequence": position,
        "occurredAtMs": now_ms(),
        "data": data,
    }


async def test_session_events_are_in_redis_before_they_are_acknowledged(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    code = {"text": "2@abc", "expiresAtMs": now_ms() + 60_000}
    journal = [
        an_event(1, {"type": "session.status", "state": "qr", "sinceMs": now_ms()}),
        an_event(2, {"type": "session.qr", "qr": code}),
    ]

    async def pull(params: dict[str, Any]) -> dict[str, Any]:
        left = [event for event in journal if event["position"] > params["after"]]
        if not left:
            await asyncio.sleep(params["waitMs"] / 1000)
        return {"events": left, "headPosition": len(journal)}

    bridge.scripts["event.pull"] = pull
    bridge.scripts["event.ack"] = lambda params: {"ackedPosition": params["position"]}
    redis = connect_redis(redis_server.url)
    store = SessionStore(redis, Keys(key_prefix))
    async with running_gateway(settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)):
        await wait_for(lambda: bridge.called("event.ack") == [{"position": 2}])

        stored = await store.qr("acme")
        assert stored is not None
        assert stored.text == "2@abc"
        assert (await store.metadata("acme"))["state"] == "qr"
    await redis.aclose()
