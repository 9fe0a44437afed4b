"""What is answered for what became of a message, and what is known of it later."""

from __future__ import annotations

from typing import Any

import pytest

from control.messages.outcome import FAILURES
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms, outgoing
from tests.support.scripted_outbox import ScriptedOutbox

SEND = "/api/v1/messages/acme/send"
MESSAGES = "/api/v1/messages/acme"
OK = {"to": "+5511999999999", "message": "hello"}
AT = 1_795_435_218_000


def message(**changes: Any) -> dict[str, Any]:
    return {
        "messageId": "3EB0AA",
        "to": "+5511999999999",
        "type": "text",
        "status": "sent",
        "acceptedAtMs": AT,
        **changes,
    }


async def test_a_message_that_waits_says_why_and_until_when(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge, status="accepted", heldBy="paced", expectedAtMs=AT, sendAtMs=AT, expiresAtMs=AT + 1)

    answer = await gateway.post(SEND, json=OK)

    assert answer.status == 202
    assert answer.json["success"] is True
    assert {name: answer.json[name] for name in ("status", "heldBy", "expectedAt", "sendAt", "expiresAt")} == {
        "status": "accepted",
        "heldBy": "paced",
        "expectedAt": "2026-11-23T12:00:18.000Z",
        "sendAt": "2026-11-23T12:00:18.000Z",
        "expiresAt": "2026-11-23T12:00:18.001Z",
    }


@pytest.mark.parametrize("status", ["delivered", "read", "played"])
async def test_what_got_further_meanwhile_is_a_success_too(
    gateway: Gateway, bridge: ScriptedBridge, status: str
) -> None:
    ScriptedOutbox(bridge, status=status)

    answer = await gateway.post(SEND, json=OK)

    assert (answer.status, answer.json["status"]) == (200, status)


async def test_a_chat_that_is_not_known_yet_is_null(gateway: Gateway, bridge: ScriptedBridge) -> None:
    def unknown_chat(params: dict[str, Any]) -> dict[str, Any]:
        result = outgoing(params, "accepted")
        del result["message"]["chatId"]
        return result

    bridge.scripts["message.send"] = unknown_chat

    assert (await gateway.post(SEND, json=OK)).json["chatId"] is None


@pytest.mark.parametrize("failure", FAILURES)
async def test_each_reason_a_message_fails_for_is_a_problem_of_its_own(
    gateway: Gateway, bridge: ScriptedBridge, failure: str
) -> None:
    ScriptedOutbox(bridge, status="failed", failure={"code": failure, "whatsappError": 463}, failedAtMs=now_ms())

    answer = await gateway.post(SEND, json=OK)

    assert answer.problem()[1] == FAILURES[failure]  # type: ignore[index]
    assert answer.status >= 400
    assert answer.json["messageId"] == bridge.called("message.send")[0]["messageId"]
    assert answer.json["whatsappError"] == 463
    assert answer.json["retryable"] is False


async def test_a_message_nobody_knows_about_is_unconfirmed(gateway: Gateway, bridge: ScriptedBridge) -> None:
    ScriptedOutbox(bridge, status="unknown")

    answer = await gateway.post(SEND, json=OK)

    assert answer.problem() == (502, "message_unconfirmed")
    assert answer.json["messageId"] == bridge.called("message.send")[0]["messageId"]


@pytest.mark.parametrize(("told_ms", "seconds"), [(61_200, "62"), (1, "1"), (0, "1"), (10**15, "604800")])
async def test_a_full_queue_says_when_there_is_room_again(
    gateway: Gateway, bridge: ScriptedBridge, told_ms: int, seconds: str
) -> None:
    bridge.answers("message.send", Fault("queue_full", retryAfterMs=told_ms))

    answer = await gateway.post(SEND, json=OK)

    assert answer.problem() == (429, "queue_full")
    assert answer.headers["retry-after"] == seconds


async def test_a_message_is_looked_up_with_all_its_times(gateway: Gateway, bridge: ScriptedBridge) -> None:
    group = "120363040000000001@g.us"
    bridge.answers(
        "message.get",
        message(
            to=group,
            chatId=group,
            status="failed",
            sentAtMs=AT + 1,
            deliveredAtMs=AT + 2,
            readAtMs=AT + 3,
            playedAtMs=AT + 4,
            failedAtMs=AT + 5,
            failure={"code": "rejected", "whatsappError": 463},
            recipientCount=3,
            recipients=[
                {"recipient": "1234567@lid", "phoneNumber": "+5511999990001", "status": "read", "atMs": AT + 6}
            ],
        ),
    )

    answer = await gateway.get(f"{MESSAGES}/3EB0AA")

    assert answer.status == 200
    assert answer.json == {
        "success": True,
        "messageId": "3EB0AA",
        "to": group,
        "chatId": group,
        "type": "text",
        "status": "failed",
        "acceptedAt": "2026-11-23T12:00:18.000Z",
        "sendAt": None,
        "expiresAt": None,
        "sentAt": "2026-11-23T12:00:18.001Z",
        "deliveredAt": "2026-11-23T12:00:18.002Z",
        "readAt": "2026-11-23T12:00:18.003Z",
        "playedAt": "2026-11-23T12:00:18.004Z",
        "failedAt": "2026-11-23T12:00:18.005Z",
        "failure": {"code": "rejected", "whatsappError": 463},
        "heldBy": None,
        "expectedAt": None,
        "batchId": None,
        "recipientCount": 3,
        "recipients": [
            {
                "recipient": "1234567@lid",
                "phoneNumber": "+5511999990001",
                "status": "read",
                "at": "2026-11-23T12:00:18.006Z",
            }
        ],
    }
    assert bridge.called("message.get") == [{"tenantId": "acme", "messageId": "3EB0AA"}]


@pytest.mark.parametrize("message_id", ["3EB0BB", "3%20EB", "x" * 129])
async def test_a_message_that_is_not_there_is_not_found(
    gateway: Gateway, bridge: ScriptedBridge, message_id: str
) -> None:
    bridge.answers("message.get", Fault("message_not_found"))

    assert (await gateway.get(f"{MESSAGES}/{message_id}")).problem() == (404, "message_not_found")


async def test_messages_are_listed_by_status_a_page_at_a_time(gateway: Gateway, bridge: ScriptedBridge) -> None:
    page = {"messages": [message(), message(messageId="3EB0BB")], "hasMore": True}
    bridge.answers("message.list", page)

    answer = await gateway.get(f"{MESSAGES}?status=accepted&before=3EB0ZZ&limit=2")

    assert [one["messageId"] for one in answer.json["messages"]] == ["3EB0AA", "3EB0BB"]
    assert answer.json["next"] == "3EB0BB"
    assert "recipients" not in answer.json["messages"][0]
    assert bridge.called("message.list") == [
        {"tenantId": "acme", "status": "accepted", "before": "3EB0ZZ", "limit": 2}
    ]

    bridge.answers("message.list", {**page, "hasMore": False})
    assert (await gateway.get(MESSAGES)).json["next"] is None
    assert bridge.called("message.list")[-1] == {"tenantId": "acme", "limit": 100}


@pytest.mark.parametrize("query", ["status=late", "limit=0", "limit=201", "limit=x", "before=a%20b", "page=2"])
async def test_a_list_with_a_wrong_parameter_is_refused(gateway: Gateway, query: str) -> None:
    assert (await gateway.get(f"{MESSAGES}?{query}")).problem() == (400, "invalid_request")


async def test_a_message_is_taken_back(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("message.cancel", message(status="failed", failure={"code": "cancelled"}, failedAtMs=AT))

    answer = await gateway.request("DELETE", f"{MESSAGES}/3EB0AA")

    assert (answer.status, answer.json["status"], answer.json["failure"]["code"]) == (200, "failed", "cancelled")

    bridge.answers("message.cancel", Fault("message_not_cancellable"))
    assert (await gateway.request("DELETE", f"{MESSAGES}/3EB0AA")).problem() == (409, "message_not_cancellable")


async def test_texts_and_numbers_stay_out_of_the_log(
    gateway: Gateway, bridge: ScriptedBridge, caplog: pytest.LogCaptureFixture
) -> None:
    from control.log import JsonFormatter

    caplog.set_level("DEBUG")
    ScriptedOutbox(bridge)

    await gateway.post(
        SEND, json={"to": "+5511987654321", "message": "a private text"}, headers={"Idempotency-Key": "k-1"}
    )

    lines = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    assert "message taken" in lines
    assert "a private text" not in lines
    assert "87654321" not in lines
    assert "k-1" not in lines
