"""JSON-RPC over a real socket: every call ends, and ends with what is true."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from control.errors import GatewayError
from control.rpc.faults import CallTimeout, LinkDown, RpcFault
from control.rpc.peer import Peer
from tests.support.scripted_bridge import Fault, Never, ScriptedBridge
from tests.support.wait import wait_for


@pytest.fixture
async def peer(bridge: ScriptedBridge) -> AsyncIterator[Peer]:
    loop = asyncio.get_running_loop()
    _, connected = await loop.create_unix_connection(lambda: Peer(max_pending=5), str(bridge.path))
    yield connected
    connected.close()


async def test_answers_reach_their_own_callers_in_whatever_order_they_come(
    peer: Peer, bridge: ScriptedBridge
) -> None:
    gates = [asyncio.Event() for _ in range(5)]

    async def wait(params: dict[str, Any]) -> int:
        await gates[params["n"]].wait()
        return int(params["n"])

    bridge.scripts["wait"] = wait
    calls = [asyncio.create_task(peer.call("wait", {"n": n}, seconds=5)) for n in range(5)]

    for gate in reversed(gates):
        gate.set()

    assert await asyncio.gather(*calls) == [0, 1, 2, 3, 4]
    assert peer.pending_calls == 0


async def test_a_result_may_be_null(peer: Peer, bridge: ScriptedBridge) -> None:
    bridge.answers("nothing", None)

    assert await peer.call("nothing", {}, seconds=5) is None


async def test_an_error_has_its_code_its_sentence_and_its_data(peer: Peer, bridge: ScriptedBridge) -> None:
    bridge.answers("fail", Fault("send_rejected", whatsappError=463))

    with pytest.raises(RpcFault) as failed:
        await peer.call("fail", {}, seconds=5)

    assert (failed.value.code, failed.value.name) == (1202, "send_rejected")
    assert failed.value.data["whatsappError"] == 463


async def test_an_answer_after_the_deadline_is_logged_and_harms_nobody(
    peer: Peer, bridge: ScriptedBridge, caplog: pytest.LogCaptureFixture
) -> None:
    gate = asyncio.Event()

    async def late(params: dict[str, Any]) -> str:
        await gate.wait()
        return "late"

    bridge.scripts["late"] = late
    bridge.answers("next", "next")
    with pytest.raises(CallTimeout) as failed:
        await peer.call("late", {}, seconds=0.05)
    assert failed.value.sent

    gate.set()
    await wait_for(lambda: "nobody waits for" in caplog.text)

    assert await peer.call("next", {}, seconds=5) == "next"


async def test_a_cancelled_call_is_forgotten(peer: Peer, bridge: ScriptedBridge) -> None:
    bridge.answers("hang", Never())
    call = asyncio.create_task(peer.call("hang", {}, seconds=5))
    await wait_for(lambda: peer.pending_calls == 1)

    call.cancel()
    await asyncio.wait({call})

    assert peer.pending_calls == 0


async def test_more_calls_than_the_limit_are_refused_at_once(peer: Peer, bridge: ScriptedBridge) -> None:
    bridge.answers("hang", Never())
    calls = [asyncio.create_task(peer.call("hang", {}, seconds=5)) for _ in range(5)]
    await wait_for(lambda: peer.pending_calls == 5)

    with pytest.raises(GatewayError, match="overloaded"):
        await peer.call("hang", {}, seconds=5)

    bridge.drop()
    assert {type(outcome) for outcome in await asyncio.gather(*calls, return_exceptions=True)} == {LinkDown}


async def test_a_call_on_a_closed_connection_fails_at_once_and_was_not_sent(
    peer: Peer, bridge: ScriptedBridge
) -> None:
    bridge.drop()
    await asyncio.wait_for(asyncio.shield(peer.closed), 5)

    with pytest.raises(LinkDown) as failed:
        await peer.call("any", {}, seconds=5)

    assert not failed.value.sent


async def test_a_bridge_that_does_not_read_holds_calls_back_but_not_for_ever(bridge: ScriptedBridge) -> None:
    reading = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reading.wait()
        writer.close()

    path = bridge.path.with_name("deaf.sock")
    server = await asyncio.start_unix_server(deaf, path, limit=1)
    _, peer = await asyncio.get_running_loop().create_unix_connection(Peer, str(path))
    began = time.monotonic()

    outcomes = await asyncio.gather(
        *(peer.call("big", {"pad": "x" * 500_000}, seconds=0.3) for _ in range(20)), return_exceptions=True
    )

    assert {type(outcome) for outcome in outcomes} == {CallTimeout}
    assert time.monotonic() - began < 2
    # What was held back is known not to have been sent.
    assert {outcome.sent for outcome in outcomes if isinstance(outcome, CallTimeout)} == {True, False}
    reading.set()
    peer.close()
    server.close()


async def test_a_line_over_the_maximum_is_not_sent(peer: Peer, bridge: ScriptedBridge) -> None:
    with pytest.raises(GatewayError, match="payload_too_large"):
        await peer.call("big", {"pad": "x" * 1_100_000}, seconds=5)

    assert not bridge.calls
    assert peer.pending_calls == 0


async def test_an_answer_of_a_megabyte_arrives(peer: Peer, bridge: ScriptedBridge) -> None:
    bridge.answers("big", "x" * 1_000_000)

    assert len(await peer.call("big", {}, seconds=5)) == 1_000_000


async def test_a_request_from_the_bridge_is_logged_and_ignored(
    peer: Peer, bridge: ScriptedBridge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await wait_for(lambda: bridge.connections == 1)
    bridge.answers("next", 1)

    bridge.send_raw(b'{"jsonrpc":"2.0","method":"surprise","params":{}}\n')

    assert await peer.call("next", {}, seconds=5) == 1
    assert "the bridge sent a request" in caplog.text
