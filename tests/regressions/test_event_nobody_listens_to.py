"""Seen elsewhere: an event that arrived while no consumer was attached was dropped.

Here an event is written to the tenant's log before it is acknowledged, webhook or not, and one that cannot be
written is not acknowledged, so that the bridge keeps it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from control.storage.keys import Keys
from control.storage.redis import connect_redis, execute
from tests.regressions.test_slow_customer_app_stops_answers import an_event
from tests.support.gateway import running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge
from tests.support.wait import wait_for


def journal_of(bridge: ScriptedBridge, count: int) -> None:
    events = [an_event(position) for position in range(1, count + 1)]

    async def pull(params: dict[str, Any]) -> dict[str, Any]:
        left = [event for event in events if event["position"] > params["after"]]
        if not left:
            await asyncio.sleep(params["waitMs"] / 1000)
        return {"events": left, "headPosition": count}

    bridge.scripts["event.pull"] = pull
    bridge.scripts["event.ack"] = lambda params: {"ackedPosition": params["position"]}


async def test_an_event_of_a_tenant_without_a_webhook_is_kept(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    journal_of(bridge, 3)
    redis = connect_redis(redis_server.url)
    async with running_gateway(settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)):
        await wait_for(lambda: bridge.called("event.ack") == [{"position": 3}])

        assert await execute(redis, "XLEN", Keys(key_prefix).events("acme")) == 3
    await redis.aclose()


async def test_an_event_that_cannot_be_stored_is_not_acknowledged_until_it_can(
    bridge: ScriptedBridge, socket_dir: Path
) -> None:
    journal_of(bridge, 3)
    with RedisServer.started() as server:
        server.stop()
        async with running_gateway(settings_for(socket_dir, redis_url=server.url)) as gateway:
            await wait_for(lambda: bridge.connections == 1)
            # Time enough for the ingest to have tried: health has been down and up meanwhile.
            assert (await gateway.get("/health")).json["degraded"] == ["redis"]
            assert not bridge.called("event.ack")

            server.start()

            await wait_for(lambda: bridge.called("event.ack") == [{"position": 3}], seconds=10)
