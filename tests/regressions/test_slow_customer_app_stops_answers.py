"""Seen elsewhere: webhooks were delivered inside the loop that reads answers, so one slow customer stopped all
calls.

Here a customer's app that never answers delays no call of anybody.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from pathlib import Path
from typing import Any

from tests.support.gateway import running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, outgoing, session
from tests.support.wait import wait_for


def an_event(position: int) -> dict[str, Any]:
    return {
        "position": position,
        "eventId": f"evt_0123456789abcd{position:04d}",
        "tenantId": "acme",
        "sessionId": "acme_1795435218000",
        "sequence": position,
        "occurredAtMs": 1_795_435_218_000,
        "data": {
            "type": "message",
            "messageId": f"M{position}",
            "chatId": f"{5511000000000 + position}@s.whatsapp.net",
            "chatType": "person",
            "isGroup": False,
            "fromMe": False,
            "sender": {"phoneNumber": "+5511999999999"},
            "sentAtMs": 1_795_435_218_000,
            "content": {"type": "text", "text": "hello"},
        },
    }


async def test_an_app_that_never_answers_delays_no_call(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    knocks = 0
    gate = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal knocks
        knocks += 1
        await gate.wait()
        writer.close()

    app = await asyncio.start_server(never, "127.0.0.1", 0)
    port = app.sockets[0].getsockname()[1]
    events = [an_event(position) for position in range(1, 51)]

    async def pull(params: dict[str, Any]) -> dict[str, Any]:
        left = [event for event in events if event["position"] > params["after"]][: params["max"]]
        if not left:
            await gate.wait()
        return {"events": left, "headPosition": 50}

    bridge.scripts["event.pull"] = pull
    bridge.scripts["event.ack"] = lambda params: {"ackedPosition": params["position"]}
    bridge.scripts["message.send"] = outgoing
    bridge.answers("session.get", session("acme"))
    settings = settings_for(
        socket_dir,
        redis_url=redis_server.url,
        redis_prefix=key_prefix,
        outbound_allow_cidrs=(ipaddress.ip_network("127.0.0.0/8"),),
        webhook_url=f"http://127.0.0.1:{port}/hook",
        webhook_secret="a-secret-of-Tests-0123",
    )
    async with running_gateway(settings) as gateway:
        await wait_for(lambda: knocks >= 1)
        # The events are safe, although no customer's app has taken one.
        await wait_for(lambda: bridge.called("event.ack")[-1:] == [{"position": 50}])

        for _ in range(20):
            began = time.monotonic()
            assert (await gateway.get("/api/v1/sessions/acme/status")).status == 200
            sending = {"to": "+5511999999999", "message": "x"}
            assert (await gateway.post("/api/v1/messages/acme/send", json=sending)).status == 200
            assert time.monotonic() - began < 0.5
        gate.set()
    app.close()
    await app.wait_closed()
