"""Seen elsewhere: when the link dropped nobody told the calls under way, which waited for answers of the past.

Here they all fail at once, and the next link starts with none of them.
"""

from __future__ import annotations

import asyncio
import time

from control.errors import GatewayError
from control.rpc.client import BridgeClient
from control.rpc.link import BridgeLink
from tests.support.scripted_bridge import Never, ScriptedBridge, session
from tests.support.wait import wait_for


async def test_every_pending_call_fails_at_once_when_the_link_drops(bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", Never())
    link = BridgeLink(bridge.path)
    task = asyncio.create_task(link.run())
    await link.ready(within=5)
    client = BridgeClient(link)
    calls = [asyncio.create_task(client.session_get(f"t{n}")) for n in range(100)]
    await wait_for(lambda: len(bridge.called("session.get")) == 100)
    began = time.monotonic()

    bridge.drop()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert time.monotonic() - began < 0.5
    assert {error.code for error in outcomes if isinstance(error, GatewayError)} == {"bridge_unavailable"}
    assert len(outcomes) == 100

    bridge.answers("session.get", session("t1"))
    await link.ready(within=5)
    assert (await client.session_get("t1")).tenant_id == "t1"
    task.cancel()
    await asyncio.wait({task})
