"""Seen elsewhere: a call waited without a limit, so one lost answer held a caller for ever.

Here every method of the contract has a deadline and no call can be made without one.
"""

from __future__ import annotations

import asyncio
import inspect
import time

import pytest

from control.rpc.contract_gen import METHODS, Method
from control.rpc.faults import CallTimeout
from control.rpc.peer import Peer
from tests.support.scripted_bridge import Never, ScriptedBridge


@pytest.mark.parametrize("method", METHODS.items(), ids=lambda item: item[0])
def test_every_method_has_a_deadline(method: tuple[str, Method]) -> None:
    assert 0 < method[1].timeout_ms <= 60_000


def test_no_call_can_leave_the_deadline_out() -> None:
    assert inspect.signature(Peer.call).parameters["seconds"].default is inspect.Parameter.empty


async def test_a_call_nobody_answers_ends_at_its_deadline(bridge: ScriptedBridge) -> None:
    bridge.answers("silence", Never())
    _, peer = await asyncio.get_running_loop().create_unix_connection(Peer, str(bridge.path))
    began = time.monotonic()

    with pytest.raises(CallTimeout):
        await peer.call("silence", {}, seconds=0.1)

    assert 0.1 <= time.monotonic() - began < 1
    assert peer.pending_calls == 0
    peer.close()
