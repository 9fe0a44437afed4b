"""The link to the bridge: it comes up by itself, says why it is down, and trusts nobody it should not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from control.errors import GatewayError
from control.rpc import link as link_module
from control.rpc.client import BridgeClient
from control.rpc.contract_gen import CONTRACT_HASH
from control.rpc.faults import LinkDown
from control.rpc.link import BridgeLink, ContractMismatch, LinkState
from tests.support.scripted_bridge import JOURNAL_ID, Fault, Never, ScriptedBridge, hello, session
from tests.support.wait import wait_for

OTHER_HASH = "0" * 64


@asynccontextmanager
async def running(bridge: ScriptedBridge) -> AsyncIterator[BridgeLink]:
    link = BridgeLink(bridge.path)
    task = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def up(link: BridgeLink) -> None:
    await link.ready(within=5)


async def test_hello_comes_first_and_carries_the_contract_s_hash(bridge: ScriptedBridge) -> None:
    async with running(bridge) as link:
        await up(link)

        assert bridge.calls[0] == ("system.hello", {"contractHash": CONTRACT_HASH, "clientName": "control"})
        assert link.view.state is LinkState.up
        assert link.journal_id == JOURNAL_ID
        assert link.hello is not None
        assert link.hello.sandbox is True


async def test_it_waits_for_a_bridge_that_comes_later(bridge: ScriptedBridge) -> None:
    await bridge.stop()
    async with running(bridge) as link:
        await wait_for(lambda: link.view.state is LinkState.down)
        assert link.view.problem == "there is no socket"

        await bridge.start()

        await up(link)


async def test_it_comes_back_after_every_drop(bridge: ScriptedBridge) -> None:
    async with running(bridge) as link:
        for _ in range(3):
            await up(link)
            bridge.drop()
            await wait_for(lambda: link.view.state is LinkState.down)
        await up(link)

    assert bridge.connections == 4


async def test_a_call_waits_a_moment_for_a_link_that_dropped_just_now(bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", session("acme"))
    async with running(bridge) as link:
        await up(link)
        bridge.drop()
        await wait_for(lambda: link.view.state is LinkState.down)

        assert (await BridgeClient(link).session_get("acme")).tenant_id == "acme"


async def test_a_call_while_the_bridge_is_away_fails_at_once(bridge: ScriptedBridge) -> None:
    async with running(bridge) as link:
        await up(link)
        await bridge.stop()
        await wait_for(lambda: link.view.state is LinkState.down and link.view.since > link_module.GRACE_SECONDS)
        began = time.monotonic()

        with pytest.raises(LinkDown):
            await link.call("session.get", {}, seconds=5)

        assert time.monotonic() - began < 0.05
        with pytest.raises(GatewayError, match="bridge_unavailable"):
            _ = link.journal_id


async def test_a_bridge_that_keeps_refusing_is_called_less_and_less_often(bridge: ScriptedBridge) -> None:
    pauses: list[float] = []

    async def no_sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    bridge.answers("system.hello", Fault("shutting_down"))
    task = asyncio.create_task(BridgeLink(bridge.path, sleep=no_sleep).run())
    await wait_for(lambda: len(pauses) >= 12)
    task.cancel()
    await asyncio.wait({task})

    assert pauses[0] <= link_module.FIRST_RETRY_SECONDS
    assert all(1.0 <= pause <= link_module.LAST_RETRY_SECONDS for pause in pauses[7:])


@pytest.mark.parametrize(
    "answer", [hello(contractHash=OTHER_HASH), Fault("contract_mismatch", bridgeHash=OTHER_HASH)], ids=str
)
async def test_another_contract_is_refused_with_both_hashes(
    bridge: ScriptedBridge, answer: object, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.answers("system.hello", answer)

    with pytest.raises(ContractMismatch) as refused:
        await asyncio.wait_for(BridgeLink(bridge.path).run(), 5)

    assert CONTRACT_HASH in str(refused.value)
    assert OTHER_HASH in str(refused.value)
    assert "another contract" in caplog.text


@pytest.mark.parametrize("answer", [{"contractHash": 1}, Fault("hello_required"), Never()], ids=str)
async def test_a_hello_that_is_none_is_tried_again(bridge: ScriptedBridge, answer: object) -> None:
    bridge.answers("system.hello", answer)
    async with running(bridge) as link:
        await wait_for(lambda: bridge.connections >= 2)
        assert link.view.state is LinkState.down

        bridge.answers("system.hello", hello())

        await up(link)


async def test_a_socket_of_another_user_gets_nothing(
    bridge: ScriptedBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_module, "_peer_uid", lambda connection: os.getuid() + 1)
    async with running(bridge) as link:
        await wait_for(lambda: link.view.problem == "the socket may not be used by this user")

    assert not bridge.calls


async def test_the_kernel_says_who_listens(bridge: ScriptedBridge) -> None:
    _, writer = await asyncio.open_unix_connection(bridge.path)

    assert link_module._peer_uid(writer.get_extra_info("socket")) == os.getuid()
    writer.close()
