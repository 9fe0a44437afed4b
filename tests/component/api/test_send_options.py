"""Where and when a message goes: what all kinds share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge, now_ms, outgoing

SEND = "/api/v1/messages/acme/send"
OK = {"to": "+5511999999999", "message": "hello"}
HOUR_MS = 3_600_000


async def asked(gateway: Gateway, bridge: ScriptedBridge, path: str = SEND, **fields: Any) -> dict[str, Any]:
    """What the bridge was asked for a body that is taken."""
    bridge.scripts["message.send"] = outgoing
    answer = await gateway.post(path, json={**OK, **fields})
    assert answer.status == 200, answer.body
    return bridge.called("message.send")[-1]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("120363040000000001@g.us", "120363040000000001@g.us"),
        ("503357950726539@LID", "503357950726539@lid"),
        ("120363040000000001@newsletter", "120363040000000001@newsletter"),
        ("Status", "status@broadcast"),
        ("status@broadcast", "status@broadcast"),
    ],
)
async def test_every_kind_of_chat_can_be_written_to(
    gateway: Gateway, bridge: ScriptedBridge, given: str, wanted: str
) -> None:
    story: dict[str, Any] = {"audience": ["+5511999990001"]} if wanted == "status@broadcast" else {}

    assert (await asked(gateway, bridge, to=given, **story))["to"] == wanted


async def test_a_reply_and_mentions_become_the_context(gateway: Gateway, bridge: ScriptedBridge) -> None:
    params = await asked(gateway, bridge, replyTo="3EB0AA", mentions=["+55 11 99999-0001", "123456789012345@lid"])

    assert params["context"] == {"replyTo": "3EB0AA", "mentions": ["+5511999990001", "123456789012345@lid"]}


@pytest.mark.parametrize("everybody", ["all", ["all"]])
async def test_everybody_in_a_group_can_be_mentioned(
    gateway: Gateway, bridge: ScriptedBridge, everybody: object
) -> None:
    params = await asked(gateway, bridge, to="120363040000000001@g.us", mentions=everybody)

    assert params["context"] == {"mentionAll": True}


async def test_without_options_the_bridge_decides(gateway: Gateway, bridge: ScriptedBridge) -> None:
    params = await asked(gateway, bridge)

    assert set(params) == {"tenantId", "to", "content", "messageId", "waitMs"}
    assert params["waitMs"] == 5_000


async def test_queue_and_the_choice_for_uncertain_messages_are_passed_on(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    params = await asked(gateway, bridge, queue=False, onUncertain="hold")

    assert (params["queue"], params["whenUncertain"]) == (False, "hold")


@pytest.mark.parametrize(
    ("query", "field", "wait_ms"), [("", 0, 0), ("?wait=30", None, 30_000), ("?wait=2", 9, 2_000)]
)
async def test_the_caller_says_how_long_to_wait(
    gateway: Gateway, bridge: ScriptedBridge, query: str, field: int | None, wait_ms: int
) -> None:
    fields = {} if field is None else {"wait": field}

    assert (await asked(gateway, bridge, SEND + query, **fields))["waitMs"] == wait_ms


@pytest.mark.parametrize("query", ["?wait=31", "?wait=-1", "?wait=x", "?wait=1.5", "?wiat=1"])
async def test_a_wait_that_is_none_is_refused(gateway: Gateway, bridge: ScriptedBridge, query: str) -> None:
    assert (await gateway.post(SEND + query, json=OK)).problem() == (400, "invalid_request")
    assert not bridge.called("message.send")


async def test_a_message_can_be_sent_later_and_expire(gateway: Gateway, bridge: ScriptedBridge) -> None:
    later = datetime.now(timezone(timedelta(hours=-3))).replace(microsecond=0) + timedelta(hours=2)
    later_ms = int(later.timestamp() * 1000)

    params = await asked(gateway, bridge, sendAt=later.isoformat(), expiresIn=60)
    assert (params["sendAtMs"], params["expiresAtMs"]) == (later_ms, later_ms + 60_000)

    params = await asked(gateway, bridge, sendAt=later_ms, expiresAt=later_ms + 5)
    assert (params["sendAtMs"], params["expiresAtMs"]) == (later_ms, later_ms + 5)


async def test_an_expiry_without_a_schedule_counts_from_now(gateway: Gateway, bridge: ScriptedBridge) -> None:
    before = now_ms()

    params = await asked(gateway, bridge, expiresIn=3_600)

    assert "sendAtMs" not in params
    assert before + HOUR_MS <= params["expiresAtMs"] <= now_ms() + HOUR_MS


async def test_a_clock_that_is_half_a_minute_behind_is_no_reason_to_refuse(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    at = now_ms() - 30_000

    assert (await asked(gateway, bridge, sendAt=at))["sendAtMs"] == at


def wrong_times() -> list[tuple[dict[str, Any], str, str]]:
    now = now_ms()
    return [
        ({"sendAt": now - 61_000 - HOUR_MS}, "sendAt", "lies in the past"),
        ({"sendAt": now + 367 * 24 * HOUR_MS}, "sendAt", "is more than a year away"),
        ({"sendAt": datetime.now(UTC).replace(tzinfo=None).isoformat()}, "sendAt", "needs an offset"),
        ({"sendAt": "tomorrow"}, "sendAt", "must be a time in ISO 8601"),
        ({"sendAt": True}, "sendAt", "must be a time: ISO 8601 with an offset, or unix milliseconds"),
        ({"expiresAt": now - 1}, "expiresAt", "is not after now"),
        ({"sendAt": now + HOUR_MS, "expiresAt": now + 1_000}, "expiresAt", "is not after sendAt"),
        ({"expiresIn": 0}, "expiresIn", "must be at least 1"),
        (
            {"expiresIn": 5, "expiresAt": now + HOUR_MS},
            "expiresIn",
            "and expiresAt say the same; give one of them",
        ),
        ({"queue": "no"}, "queue", "must be true or false"),
        ({"onUncertain": "pray"}, "onUncertain", "must be one of 'resend' or 'hold'"),
        ({"mentions": []}, "mentions", "needs at least 1"),
        ({"mentions": ["120363040000000001@g.us"]}, "mentions.0", "is no phone number"),
    ]


WRONG_TIMES = wrong_times()


@pytest.mark.parametrize(("fields", "field", "sentence"), WRONG_TIMES, ids=range(len(WRONG_TIMES)))
async def test_an_option_that_is_wrong_is_named(
    gateway: Gateway, bridge: ScriptedBridge, fields: dict[str, Any], field: str, sentence: str
) -> None:
    answer = await gateway.post(SEND, json={**OK, **fields})

    assert answer.problem() == (400, "invalid_request")
    (wrong,) = answer.json["errors"]
    assert wrong["field"] == field
    assert wrong["message"].startswith(sentence)
    assert not bridge.called("message.send")
