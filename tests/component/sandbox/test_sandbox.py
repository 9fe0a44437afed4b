"""The sandbox's buttons exist in the sandbox only, for the operator only. What they do: tests/e2e/pages."""

from __future__ import annotations

import pytest

from tests.component.sandbox.conftest import Running
from tests.support.installation import free_port
from tests.support.scripted_bridge import ScriptedBridge, session

ACTIONS = [
    ("/api/v1/sandbox/acme/scan", {}),
    ("/api/v1/sandbox/acme/say", {"from": "+5511912345678", "text": "hello"}),
]


def nobody_there() -> str:
    return f"wss://127.0.0.1:{free_port()}/ws/chat"


@pytest.mark.parametrize(("path", "body"), ACTIONS)
async def test_with_real_whatsapp_there_is_nothing_at_these_addresses(
    running: Running, bridge: ScriptedBridge, path: str, body: dict[str, str]
) -> None:
    async with running(url=None, in_sandbox=False) as gateway:
        assert (await gateway.post(path, json=body)).problem() == (404, "not_found")
    assert not bridge.called("session.get")


@pytest.mark.parametrize(("path", "body"), ACTIONS)
async def test_an_address_left_behind_in_the_environment_brings_them_not_back(
    running: Running, bridge: ScriptedBridge, path: str, body: dict[str, str]
) -> None:
    async with running(url=nobody_there(), in_sandbox=False) as gateway:
        assert (await gateway.post(path, json=body)).problem() == (404, "not_found")
    assert not bridge.called("session.get")


async def test_a_sandbox_that_is_away_is_said_to_be_away(running: Running, bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", session("acme", phoneNumber="+5511900000001"))
    async with running(url=nobody_there(), in_sandbox=True) as gateway:
        answer = await gateway.post(ACTIONS[1][0], json=ACTIONS[1][1])

    assert answer.problem() == (503, "sandbox_unavailable")
    assert answer.headers["retry-after"] == "2"


async def test_a_number_that_is_not_linked_hears_nothing(running: Running, bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", session("acme", "qr"))
    async with running(url=nobody_there(), in_sandbox=True) as gateway:
        answer = await gateway.post(ACTIONS[1][0], json=ACTIONS[1][1])

    assert answer.problem() == (409, "session_not_connected")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": "../phone/scan", "text": "x"}, "from"),
        ({"from": "+5511912345678", "text": " "}, "text"),
        ({"from": "+5511912345678", "text": "x" * 4097}, "text"),
        ({"from": "+5511912345678", "text": "x", "to": "+5511900000001"}, "to"),
        ({"text": "x"}, "from"),
    ],
)
async def test_only_known_fields_with_checked_values_go_to_the_sandbox(
    running: Running, body: dict[str, str], field: str
) -> None:
    async with running(url=nobody_there(), in_sandbox=True) as gateway:
        answer = await gateway.post("/api/v1/sandbox/acme/say", json=body)

    assert answer.problem() == (400, "invalid_request")
    assert [error["field"] for error in answer.json["errors"]] == [field]
