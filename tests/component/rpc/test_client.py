"""Each method of the contract, called over a real socket, with parameters and results as the contract has them."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from control.errors import GatewayError
from control.rpc.client import BridgeClient
from control.rpc.contract_gen import (
    CONTRACT_HASH,
    METHODS,
    LimitsSetParams,
    OutgoingText,
    SendProfile,
    TenantParams,
)
from control.rpc.faults import LinkDown
from control.rpc.link import BridgeLink
from tests.support.scripted_bridge import JOURNAL_ID, Fault, Never, ScriptedBridge, outgoing, session

ARGUMENTS: dict[str, dict[str, Any]] = {
    "system.hello": {"contract_hash": CONTRACT_HASH, "client_name": "test"},
    "system.health": {},
    "session.start": {"tenant_id": "acme", "wait_ms": 20_000},
    "session.stop": {"tenant_id": "acme"},
    "session.logout": {"tenant_id": "acme"},
    "session.restart": {"tenant_id": "acme", "wait_ms": 20_000},
    "session.delete": {"tenant_id": "acme"},
    "session.pairingCode": {"tenant_id": "acme", "phone_number": "+5511999999999"},
    "session.setProxy": {"tenant_id": "acme", "proxy_url": None},
    "session.import": {"tenant_id": "acme", "folder": "from-elsewhere"},
    "session.get": {"tenant_id": "acme"},
    "store.backup": {"file_name": "store.sqlite"},
    "store.rotateMasterKey": {},
    "session.list": {"after": None, "limit": 10},
    "message.send": {
        "tenant_id": "acme",
        "to": "+5511999999999",
        "content": OutgoingText(type="text", text="x"),
        "message_id": "3EB0",
        "wait_ms": 5_000,
    },
    "limits.get": {"params": TenantParams(tenant_id="acme")},
    "limits.set": {"params": LimitsSetParams(tenant_id="acme", profile=SendProfile.unpaced)},
    "event.pull": {"after": 0, "max": 10, "wait_ms": 0},
    "event.ack": {"position": 5},
}

LIMITS = {
    "profile": "unpaced",
    "isDefault": False,
    "queued": 0,
    "queueLimit": 1000,
    "parkedNewChats": 0,
    "buckets": [],
    "restrictions": [],
}


def snake_case(method: str) -> str:
    return re.sub(r"[A-Z]", lambda big: f"_{big[0].lower()}", method).replace(".", "_")


@pytest.fixture
async def client(bridge: ScriptedBridge) -> AsyncIterator[BridgeClient]:
    for method in ("start", "stop", "logout", "get", "restart", "setProxy", "import"):
        bridge.answers(f"session.{method}", session("acme"))
    code = {"code": "ABCDEFGH", "expiresAtMs": 5}
    bridge.answers("session.pairingCode", {"pairingCode": code, "session": session("acme")})
    bridge.answers("session.delete", {"deleted": True})
    bridge.answers("store.rotateMasterKey", {"sessions": 1})
    copy = {"fileName": "store.sqlite", "sizeBytes": 1, "sessions": 1, "headPosition": 1}
    bridge.answers("store.backup", {**copy, "journalId": JOURNAL_ID})
    bridge.answers("session.list", {"sessions": [session("acme")], "hasMore": False})
    bridge.answers("event.ack", {"ackedPosition": 5})
    for method in ("limits.get", "limits.set"):
        bridge.answers(method, LIMITS)
    bridge.scripts["message.send"] = outgoing
    link = BridgeLink(bridge.path)
    task = asyncio.create_task(link.run())
    await link.ready(within=5)
    yield BridgeClient(link)
    task.cancel()
    await asyncio.wait({task})


@pytest.mark.parametrize("method", METHODS)
async def test_a_method_sends_valid_parameters_and_returns_the_contract_s_shape(
    client: BridgeClient, bridge: ScriptedBridge, method: str
) -> None:
    result = await getattr(client, snake_case(method))(**ARGUMENTS[method])

    assert type(result) is METHODS[method].result
    METHODS[method].params.model_validate(bridge.called(method)[-1])


@pytest.mark.parametrize("method", METHODS)
def test_a_method_takes_the_contract_s_parameters_under_their_names(method: str) -> None:
    taken = list(inspect.signature(getattr(BridgeClient, snake_case(method))).parameters)

    assert taken[1:] in (list(METHODS[method].params.model_fields), ["params"])


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("event.pull", "message.send")])
async def test_a_result_that_breaks_the_contract_is_a_bridge_error_and_its_values_stay_out_of_the_log(
    client: BridgeClient, bridge: ScriptedBridge, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.answers(method, {"unheard": "a private text"})

    with pytest.raises(GatewayError, match="bridge_error"):
        await getattr(client, snake_case(method))(**ARGUMENTS[method])

    assert "breaks the contract" in caplog.text
    assert "a private text" not in caplog.text


async def test_a_pull_that_breaks_the_contract_can_be_told_from_a_bridge_that_failed(
    client: BridgeClient, bridge: ScriptedBridge
) -> None:
    bridge.answers("event.pull", {"events": [{"position": 1}], "headPosition": 1})
    with pytest.raises(ValidationError):
        await client.event_pull(0, 10, 0)

    bridge.answers("event.pull", Fault("store_unavailable"))
    with pytest.raises(GatewayError, match="store_unavailable"):
        await client.event_pull(0, 10, 0)


class PlayedLink:
    """A link whose calls end the way a test says, one after the other."""

    silence = 0.0

    def __init__(self, *outcomes: Any, comes_back: bool = True) -> None:
        self.outcomes = list(outcomes)
        self.comes_back = comes_back
        self.ids: list[str] = []

    async def ready(self, *, within: float) -> None:
        if not self.comes_back:
            raise LinkDown(sent=False)

    async def call(self, method: str, params: dict[str, Any], *, seconds: float) -> Any:
        self.ids.append(params["messageId"])
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


SENT = {
    "messageId": "3EB0",
    "chatId": "5511999999999@s.whatsapp.net",
    "status": "sent",
    "acceptedAtMs": 1,
}


async def test_a_send_that_was_never_written_is_plainly_unavailable() -> None:
    link = PlayedLink(LinkDown(sent=False))

    with pytest.raises(GatewayError, match="bridge_unavailable"):
        await BridgeClient(link).message_send(**ARGUMENTS["message.send"])


async def test_a_send_that_was_written_is_asked_for_again_once() -> None:
    link = PlayedLink(LinkDown(sent=True), SENT)

    await BridgeClient(link).message_send(**ARGUMENTS["message.send"])

    assert link.ids == ["3EB0", "3EB0"]


@pytest.mark.parametrize(
    "link",
    [
        PlayedLink(LinkDown(sent=True), comes_back=False),
        PlayedLink(LinkDown(sent=True), LinkDown(sent=True)),
        PlayedLink(LinkDown(sent=True), LinkDown(sent=False)),
    ],
)
async def test_a_send_nobody_answers_is_unconfirmed_and_names_its_id(link: PlayedLink) -> None:
    with pytest.raises(GatewayError) as failed:
        await BridgeClient(link).message_send(**ARGUMENTS["message.send"])

    assert (failed.value.code, failed.value.extra) == ("message_unconfirmed", {"messageId": "3EB0"})


async def test_a_definite_refusal_of_the_second_try_is_passed_on(
    client: BridgeClient, bridge: ScriptedBridge
) -> None:
    async def first(params: dict[str, Any]) -> None:
        bridge.answers("message.send", Fault("session_not_connected"))
        bridge.drop()
        raise Never

    bridge.scripts["message.send"] = first

    with pytest.raises(GatewayError, match="session_not_connected"):
        await client.message_send(**ARGUMENTS["message.send"])
