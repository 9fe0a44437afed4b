"""Each method of the contract, called over a real socket, with parameters and results as the contract has them."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from control.errors import GatewayError
from control.rpc.client import BridgeClient
from control.rpc.contract_gen import CONTRACT_HASH, METHODS, BatchCreateParams, MessageSendParams
from control.rpc.faults import CallTimeout, LinkDown, RpcFault
from control.rpc.link import BridgeLink
from tests.support.scripted_bridge import JOURNAL_ID, Fault, Never, ScriptedBridge, outgoing, session

ARGUMENTS: dict[str, dict[str, Any]] = {
    "system.hello": {"contract_hash": CONTRACT_HASH, "client_name": "test"},
    "system.health": {},
    "system.metrics": {"max_tenants": 2},
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
    "store.usage": {"tenant_id": "acme"},
    "session.list": {"after": None, "limit": 10},
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


EXAMPLES = Path(__file__).resolve().parents[3] / "bridge" / "contract" / "examples"
SEND = {"tenantId": "acme", "to": "+5511999999999", "content": {"type": "text", "text": "x"}, "waitMs": 5_000}
BATCH = {
    "tenantId": "acme",
    "content": {"type": "text", "text": "x"},
    "recipients": [{"to": "+5511999999999"}],
    "idempotency": {"key": "k", "fingerprint": "0" * 64},
}


def snake_case(method: str) -> str:
    return re.sub(r"[A-Z]", lambda big: f"_{big[0].lower()}", method).replace(".", "_")


def example(method: str) -> dict[str, Any]:
    """The parameters and the result of a method's first example that has both."""
    for path in sorted((EXAMPLES / method).glob("*.json")):
        found: dict[str, Any] = orjson.loads(path.read_bytes())
        if {"params", "result"} <= found.keys():
            return found
    pytest.fail(f"{method} has no example with parameters and a result")


def arguments(method: str) -> dict[str, Any]:
    """What a method is called with. Those not listed above take the contract's parameters as one object."""
    if method in ARGUMENTS:
        return ARGUMENTS[method]
    return {"params": METHODS[method].params.model_validate(example(method)["params"])}


def send_params() -> MessageSendParams:
    return MessageSendParams.model_validate({**SEND, "messageId": "3EB0"})


@pytest.fixture
async def client(bridge: ScriptedBridge) -> AsyncIterator[BridgeClient]:
    for method in ("start", "stop", "logout", "get", "restart", "setProxy", "import"):
        bridge.answers(f"session.{method}", session("acme"))
    code = {"code": "ABCDEFGH", "expiresAtMs": 5}
    bridge.answers("session.pairingCode", {"pairingCode": code, "session": session("acme")})
    bridge.answers("session.delete", {"deleted": True})
    bridge.answers("store.rotateMasterKey", {"sessions": 1})
    usage = {"mediaFiles": 1, "mediaBytes": 2, "spoolFiles": 3, "spoolBytes": 4}
    bridge.answers("store.usage", usage)
    copy = {"fileName": "store.sqlite", "sizeBytes": 1, "sessions": 1, "headPosition": 1}
    bridge.answers("store.backup", {**copy, "journalId": JOURNAL_ID})
    bridge.answers("session.list", {"sessions": [session("acme")], "hasMore": False})
    bridge.answers("event.ack", {"ackedPosition": 5})
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
    if method not in ARGUMENTS:
        bridge.answers(method, example(method)["result"])

    result = await getattr(client, snake_case(method))(**arguments(method))

    assert type(result) is METHODS[method].result
    METHODS[method].params.model_validate(bridge.called(method)[-1])
    if method not in ARGUMENTS:
        assert bridge.called(method)[-1] == example(method)["params"]


@pytest.mark.parametrize("method", METHODS)
def test_a_method_takes_the_contract_s_parameters_under_their_names(method: str) -> None:
    taken = inspect.signature(getattr(BridgeClient, snake_case(method)), eval_str=True).parameters

    if method in ARGUMENTS:
        assert list(taken)[1:] == list(METHODS[method].params.model_fields)
    else:
        assert [parameter.annotation for parameter in taken.values()][1:] == [METHODS[method].params]


@pytest.mark.parametrize(
    "method", [name for name in METHODS if name not in ("event.pull", "message.send", "batch.create")]
)
async def test_a_result_that_breaks_the_contract_is_a_bridge_error_and_its_values_stay_out_of_the_log(
    client: BridgeClient, bridge: ScriptedBridge, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.answers(method, {"unheard": "a private text"})

    with pytest.raises(GatewayError, match="bridge_error"):
        await getattr(client, snake_case(method))(**arguments(method))

    assert "breaks the contract" in caplog.text
    assert "a private text" not in caplog.text


@pytest.mark.parametrize("method", ["message.send", "batch.create"])
async def test_an_answer_to_a_send_that_cannot_be_read_leaves_open_what_became_of_it(
    client: BridgeClient, bridge: ScriptedBridge, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    bridge.answers(method, {"unheard": "a private text"})

    with pytest.raises(GatewayError, match="message_unconfirmed"):
        await getattr(client, snake_case(method))(**arguments(method))

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


SENT = outgoing({**SEND, "messageId": "3EB0"})


async def test_a_send_that_was_never_written_is_plainly_unavailable() -> None:
    link = PlayedLink(LinkDown(sent=False))

    with pytest.raises(GatewayError, match="bridge_unavailable"):
        await BridgeClient(link).message_send(send_params())


async def test_a_send_that_was_written_is_asked_for_again_once() -> None:
    link = PlayedLink(LinkDown(sent=True), SENT)

    await BridgeClient(link).message_send(send_params())

    assert link.ids == ["3EB0", "3EB0"]


@pytest.mark.parametrize(
    "link",
    [
        PlayedLink(LinkDown(sent=True), comes_back=False),
        PlayedLink(LinkDown(sent=True), LinkDown(sent=True)),
        PlayedLink(LinkDown(sent=True), LinkDown(sent=False)),
        PlayedLink(LinkDown(sent=True), CallTimeout(sent=False)),
        # Answers of a bridge that did not look: a fault of the contract by its number, and one of this end.
        PlayedLink(LinkDown(sent=True), RpcFault(1003, "overloaded")),
        PlayedLink(LinkDown(sent=True), RpcFault(1004, "shutting down")),
        PlayedLink(LinkDown(sent=True), RpcFault(1301, "store unavailable")),
        PlayedLink(LinkDown(sent=True), GatewayError("overloaded")),
        PlayedLink(CallTimeout(sent=True)),
        PlayedLink(RpcFault(-32603, "broke")),
    ],
)
async def test_a_send_nobody_answers_is_unconfirmed_and_names_its_id(link: PlayedLink) -> None:
    with pytest.raises(GatewayError) as failed:
        await BridgeClient(link).message_send(send_params())

    assert (failed.value.code, failed.value.extra) == ("message_unconfirmed", {"messageId": "3EB0"})


@pytest.mark.parametrize(
    "outcome", [RpcFault(1003, "overloaded"), RpcFault(1301, "store unavailable"), GatewayError("overloaded")]
)
async def test_a_first_try_that_was_turned_away_is_no_mystery(outcome: Exception) -> None:
    with pytest.raises(GatewayError) as failed:
        await BridgeClient(PlayedLink(outcome)).message_send(send_params())

    assert failed.value.code in ("overloaded", "store_unavailable")


async def test_a_definite_refusal_of_the_second_try_is_passed_on(
    client: BridgeClient, bridge: ScriptedBridge
) -> None:
    async def first(params: dict[str, Any]) -> None:
        bridge.answers("message.send", Fault("session_not_connected"))
        bridge.drop()
        raise Never

    bridge.scripts["message.send"] = first

    with pytest.raises(GatewayError, match="session_not_connected"):
        await client.message_send(send_params())


async def test_a_batch_is_asked_for_again_when_the_link_drops(
    client: BridgeClient, bridge: ScriptedBridge
) -> None:
    made = example("batch.create")["result"]

    async def first(params: dict[str, Any]) -> None:
        bridge.answers("batch.create", made)
        bridge.drop()
        raise Never

    bridge.scripts["batch.create"] = first

    result = await client.batch_create(BatchCreateParams.model_validate(BATCH))

    assert result.batch.batch_id == made["batch"]["batchId"]
    one, two = bridge.called("batch.create")
    assert one == two


async def test_a_batch_without_a_key_is_not_even_asked_for(client: BridgeClient, bridge: ScriptedBridge) -> None:
    params = {name: value for name, value in BATCH.items() if name != "idempotency"}

    with pytest.raises(ValueError, match="made twice"):
        await client.batch_create(BatchCreateParams.model_validate(params))

    assert not bridge.called("batch.create")
