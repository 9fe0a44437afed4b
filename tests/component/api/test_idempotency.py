"""A repeated request with its Idempotency-Key: one message, and the same answer to the byte."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import Answer, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms
from tests.support.scripted_outbox import ScriptedOutbox

SEND = "/api/v1/messages/acme/send"
OK = {"to": "+5511999999999", "message": "hello"}


async def send(gateway: Gateway, key: str = "order-1", *, path: str = SEND, **fields: Any) -> Answer:
    return await gateway.post(path, json={**OK, **fields}, headers={"Idempotency-Key": key})


async def test_a_repeated_request_gets_the_first_answer_to_the_byte(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    outbox = ScriptedOutbox(bridge, status="accepted", heldBy="not_connected")

    first = await send(gateway)
    again = await send(gateway)
    # The same request, written in another way.
    written = await gateway.post(
        SEND,
        data=b'{ "type":"text", "message":"hello", "to":"+55 (11) 99999-9999" }',
        headers={"Content-Type": "application/json", "Idempotency-Key": '"order-1"'},
    )

    assert len(outbox.messages) == 1
    assert first.status == again.status == written.status == 202
    assert first.body == again.body == written.body
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == written.headers["idempotent-replayed"] == "true"


async def test_a_key_with_another_request_is_a_mismatch(gateway: Gateway, bridge: ScriptedBridge) -> None:
    outbox = ScriptedOutbox(bridge)
    await send(gateway)

    for fields in ({"message": "bye"}, {"to": "+5511999999998"}, {"replyTo": "3EB0"}, {"queue": False}):
        assert (await send(gateway, **fields)).problem() == (422, "idempotency_mismatch")
    assert len(outbox.messages) == 1


async def test_how_long_an_answer_is_waited_for_is_no_part_of_the_request(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    outbox = ScriptedOutbox(bridge)

    await send(gateway)
    assert (await send(gateway, path=f"{SEND}?wait=0")).status == 200
    assert (await send(gateway, wait=1)).status == 200
    assert len(outbox.messages) == 1


async def test_tenants_have_keys_of_their_own(gateway: Gateway, bridge: ScriptedBridge) -> None:
    outbox = ScriptedOutbox(bridge)

    await send(gateway)
    other = await send(gateway, path="/api/v1/messages/other/send")

    assert "idempotent-replayed" not in other.headers
    assert len(outbox.messages) == 2


async def test_a_hundred_parallel_requests_make_one_message(gateway: Gateway, bridge: ScriptedBridge) -> None:
    outbox = ScriptedOutbox(bridge)

    answers = await asyncio.gather(*(send(gateway) for _ in range(100)))

    assert len(outbox.messages) == 1
    assert {answer.status for answer in answers} <= {200, 409}
    (body,) = {answer.body for answer in answers if answer.status == 200}
    for answer in answers:
        if answer.status == 409:
            assert answer.problem() == (409, "idempotency_in_flight")
            assert answer.headers["retry-after"] == "1"
    # Those who were told to come back find the same.
    assert (await send(gateway)).body == body


async def test_while_a_request_is_worked_on_another_with_its_key_is_turned_away(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    outbox = ScriptedOutbox(bridge)
    there, go = asyncio.Event(), asyncio.Event()

    async def slowly(params: dict[str, Any]) -> dict[str, Any]:
        there.set()
        await go.wait()
        return outbox.send(params)

    bridge.scripts["message.send"] = slowly
    first = asyncio.create_task(send(gateway))
    await asyncio.wait_for(there.wait(), 5)

    assert (await send(gateway)).problem() == (409, "idempotency_in_flight")
    assert (await send(gateway, message="bye")).problem() == (422, "idempotency_mismatch")
    go.set()
    assert (await first).status == 200
    assert (await send(gateway)).headers["idempotent-replayed"] == "true"


async def test_the_bridge_s_own_in_flight_answer_says_when_to_come_back(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("message.send", Fault("idempotency_in_flight"))

    answer = await send(gateway)

    assert answer.problem() == (409, "idempotency_in_flight")
    assert answer.headers["retry-after"] == "1"


async def test_a_failure_that_was_stored_is_the_same_problem_again(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    outbox = ScriptedOutbox(bridge, status="failed", failure={"code": "rejected", "whatsappError": 479})

    first, again = await send(gateway), await send(gateway)

    assert len(outbox.messages) == 1
    assert first.problem() == again.problem() == (502, "send_rejected")
    assert {**first.json, "instance": ""} == {**again.json, "instance": ""}
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_request_that_was_refused_leaves_its_key_free(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("message.send", Fault("session_not_found"))
    assert (await send(gateway)).problem() == (404, "session_not_found")

    ScriptedOutbox(bridge)
    answer = await send(gateway, message="something else")

    assert answer.status == 200
    assert "idempotent-replayed" not in answer.headers


async def test_control_may_be_started_anew_between_the_two(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    outbox = ScriptedOutbox(bridge)
    settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)
    answers = []
    for _ in range(2):
        async with running_gateway(settings) as gateway:
            answers.append(await send(gateway))

    assert len(outbox.messages) == 1
    assert answers[0].body == answers[1].body
    assert answers[1].headers["idempotent-replayed"] == "true"


async def test_a_repeated_schedule_is_the_same_request_although_its_time_is_over(
    gateway: Gateway, bridge: ScriptedBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = ScriptedOutbox(bridge, status="accepted", heldBy="scheduled")
    at = now_ms() + 60_000
    first = await send(gateway, sendAt=at)

    from control.api.context import SENDER

    monkeypatch.setattr(gateway.app[SENDER], "_now_ms", lambda: at + 3_600_000)
    again = await send(gateway, sendAt=at)

    assert (again.status, again.body) == (202, first.body)
    assert len(outbox.messages) == 1
    # Without a message made in its time it is what it looks like.
    assert (await send(gateway, "order-2", sendAt=at)).problem() == (400, "invalid_request")


@pytest.mark.parametrize("key", ['"a b"', "k" * 255, '"\\"x\\\\"', "a/b:c=", "'"])
async def test_a_key_is_a_string_of_printable_characters(
    gateway: Gateway, bridge: ScriptedBridge, key: str
) -> None:
    ScriptedOutbox(bridge)

    assert (await send(gateway, key)).status == 200


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "a b", '"open', '"a"b', '"a";p=1', "é", "a\tb", '"\\n"'])
async def test_a_key_that_is_none_is_refused(gateway: Gateway, bridge: ScriptedBridge, key: str) -> None:
    assert (await send(gateway, key)).problem() == (400, "invalid_idempotency_key")
    assert not bridge.called("message.send")


async def test_two_keys_are_refused(gateway: Gateway, bridge: ScriptedBridge) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]

    assert (await gateway.post(SEND, json=OK, headers=headers)).problem() == (400, "invalid_idempotency_key")
