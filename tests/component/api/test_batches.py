"""Batches over HTTP: one message for many, all of them or none."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from control.rpc.contract_gen import BatchCreateParams
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge
from tests.support.scripted_outbox import ScriptedOutbox, batch

BATCH = "/api/v1/messages/acme/batch"
BATCHES = "/api/v1/messages/acme/batches"
TO = ["+55 11 99999-0001", {"to": "+5511999990002", "variables": {"name": "Ana"}}]
ID = "bat_0123456789abcdef"


async def test_a_batch_is_recorded_with_its_variables(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge)
    recipients = [{"to": "5511999990001", "variables": {"name": "Bia"}}, TO[1], {**TO[1]}]  # type: ignore[dict-item]

    answer = await gateway.post(
        BATCH, json={"recipients": recipients, "message": "Hi {{name}}", "expiresIn": 3_600}
    )

    assert answer.status == 202
    assert answer.json["success"] is True
    assert (answer.json["state"], answer.json["total"], answer.json["duplicates"]) == ("running", 2, 1)
    assert answer.json["counts"]["accepted"] == 2
    (params,) = bridge.called("batch.create")
    assert params["content"] == {"type": "text", "text": "Hi {{name}}"}
    assert params["recipients"] == [
        {"to": "+5511999990001", "variables": {"name": "Bia"}},
        {"to": "+5511999990002", "variables": {"name": "Ana"}},
        {"to": "+5511999990002", "variables": {"name": "Ana"}},
    ]
    BatchCreateParams.model_validate(params)


async def test_a_thousand_recipients_and_a_long_text_fit(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge)
    recipients = [{"to": f"+55119{at:08}", "variables": {"name": "x" * 100}} for at in range(1_000)]

    answer = await gateway.post(BATCH, json={"recipients": recipients, "message": "{{name}}" + "é" * 60_000})

    assert (answer.status, answer.json["total"]) == (202, 1_000)


async def test_a_batch_too_large_for_the_bridge_is_said_to_be(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge)
    # Just within the limit of a body, and above that of a line once the numbers have become objects.
    full = [{"to": "+5511999990001", "variables": {"a": "x" * 4_000, "b": ""}} for _ in range(250)]
    body = {"recipients": [*full, *["+5511999990001"] * 750], "message": "x"}
    left = 1024 * 1024 - len(orjson.dumps(body))
    for at in range(left // 4_000):
        full[at]["variables"]["b"] = "x" * 4_000  # type: ignore[index]

    data = io.BytesIO(orjson.dumps(body))
    answer = await gateway.post(BATCH, data=data, headers={"Content-Type": "application/json"})

    assert answer.problem() == (413, "payload_too_large")
    assert "bridge" in answer.json["detail"]
    assert not bridge.called("batch.create")


async def test_a_repeated_batch_is_the_same_batch(gateway: Gateway, bridge: ScriptedBridge) -> None:
    outbox = ScriptedOutbox(bridge)
    headers = {"Idempotency-Key": "campaign-7"}
    body = {"recipients": ["+5511999990001"], "message": "x"}

    first = await gateway.post(BATCH, json=body, headers=headers)
    again = await gateway.post(BATCH, json=body, headers=headers)
    other = await gateway.post(BATCH, json={**body, "message": "y"}, headers=headers)

    assert len(outbox.batches) == 1
    assert (again.status, again.body, again.headers["idempotent-replayed"]) == (202, first.body, "true")
    assert "idempotent-replayed" not in first.headers
    assert other.problem() == (422, "idempotency_mismatch")


async def test_a_key_of_a_message_is_none_for_a_batch(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge)
    headers = {"Idempotency-Key": "k"}
    await gateway.post(
        "/api/v1/messages/acme/send", json={"to": "+5511999990001", "message": "x"}, headers=headers
    )

    answer = await gateway.post(BATCH, json={"recipients": ["+5511999990001"], "message": "x"}, headers=headers)

    assert answer.problem() == (422, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"recipients": []}, "recipients", "needs at least 1"),
        ({"recipients": ["+5511999990001"] * 1_001}, "recipients", "has more than 1000 entries"),
        ({"recipients": "+5511999990001"}, "recipients", "must be a list"),
        ({"recipients": ["+5511999990001", "12"]}, "recipients.1.to", "is no phone number"),
        ({"recipients": [{"number": "+5511999990001"}]}, "recipients.0.to", "is required"),
        ({"recipients": ["status"]}, "recipients", "are chats; a story is a message of its own"),
        ({"recipients": TO, "message": "Hi {{name}}"}, "recipients.0.variables", "lacks name"),
        (
            {"recipients": [{"to": "+5511999990001", "variables": {"name": 5}}]},
            "recipients.0.variables.name",
            "must be",
        ),
        ({"recipients": TO, "message": "Hi {{ name }}"}, "recipients.0.variables", "lacks name"),
        ({"message": "Hi {{first name}}"}, "message", "has {{first name}}, which is no {{name}} of a variable"),
        (
            {"type": "poll", "question": "{{x}}?", "options": ["a", "b"], "message": None},
            "recipients.0.variables",
            "lacks x",
        ),
        (
            {"message": "x", "preview": {"url": "https://a.example/{{id}}", "title": "t"}},
            "recipients.0.variables",
            "lacks id",
        ),
        ({"message": "x", "font": 1}, "font", "is for stories only"),
        ({"to": "+5511999990001"}, "to", "is not a known field"),
        ({"queue": False}, "queue", "is not a known field"),
        ({"type": "delete", "messageId": "3EB0"}, "type", "delete belongs to one chat and cannot go to many"),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_a_batch_that_is_wrong_is_refused_as_a_whole(
    gateway: Gateway, bridge: ScriptedBridge, fields: dict[str, Any], field: str, sentence: str
) -> None:
    ScriptedOutbox(bridge)
    text = {} if "messageId" in fields else {"message": "x"}

    body = {"recipients": ["+5511999990001"], **text, **fields}
    answer = await gateway.post(BATCH, json={name: value for name, value in body.items() if value is not None})

    assert answer.problem() == (400, "invalid_request")
    assert any(
        wrong["field"] == field and wrong["message"].startswith(sentence) for wrong in answer.json["errors"]
    ), answer.json["errors"]
    assert not bridge.called("batch.create")


async def test_a_text_that_its_variables_make_too_long_is_refused(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    recipients = [{"to": "+5511999990001", "variables": {"a": "x" * 4_096}}]

    answer = await gateway.post(BATCH, json={"recipients": recipients, "message": "{{a}}" * 16 + "y"})

    assert answer.problem() == (422, "message_too_long")


async def test_a_batch_is_looked_up_listed_and_steered(gateway: Gateway, bridge: ScriptedBridge) -> None:
    for method in ("get", "pause", "resume", "cancel"):
        bridge.answers(f"batch.{method}", batch(batchId=ID, state="paused", expectedEndAtMs=1_795_435_218_000))
    bridge.answers("batch.list", {"batches": [batch(batchId=ID)], "hasMore": True})
    message = {"messageId": "3EB0AA", "to": "+5511999999999", "type": "text", "status": "sent", "acceptedAtMs": 1}
    bridge.answers("batch.messages", {"messages": [message], "hasMore": True})

    found = await gateway.get(f"{BATCHES}/{ID}")
    assert (found.status, found.json["batchId"], found.json["state"]) == (200, ID, "paused")
    assert found.json["expectedEndAt"] == "2026-11-23T12:00:18.000Z"
    for verb in ("pause", "resume", "cancel"):
        assert (await gateway.post(f"{BATCHES}/{ID}/{verb}")).json["success"] is True
        assert bridge.called(f"batch.{verb}") == [{"tenantId": "acme", "batchId": ID}]

    listed = await gateway.get(f"{BATCHES}?before={ID}&limit=5")
    assert (len(listed.json["batches"]), listed.json["next"]) == (1, ID)
    assert bridge.called("batch.list") == [{"tenantId": "acme", "before": ID, "limit": 5}]

    messages = await gateway.get(f"{BATCHES}/{ID}/messages?after=3EB0&limit=200")
    assert (messages.json["messages"][0]["messageId"], messages.json["next"]) == ("3EB0AA", "3EB0AA")
    assert bridge.called("batch.messages") == [{"tenantId": "acme", "batchId": ID, "after": "3EB0", "limit": 200}]


@pytest.mark.parametrize("batch_id", [ID, "bat_1", "other"])
async def test_a_batch_that_is_not_there_is_not_found(
    gateway: Gateway, bridge: ScriptedBridge, batch_id: str
) -> None:
    bridge.answers("batch.get", Fault("batch_not_found"))

    assert (await gateway.get(f"{BATCHES}/{batch_id}")).problem() == (404, "batch_not_found")


async def test_a_batch_that_is_over_cannot_be_paused(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("batch.pause", Fault("batch_finished"))

    assert (await gateway.post(f"{BATCHES}/{ID}/pause")).problem() == (409, "batch_finished")
