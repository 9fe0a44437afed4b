"""How messages are spaced, and what is done in a chat besides sending."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge

LIMITS = "/api/v1/sessions/acme/limits"
READ = "/api/v1/chats/acme/read"
PRESENCE = "/api/v1/chats/acme/presence"
AT = 1_795_435_218_000
AT_ISO = "2026-11-23T12:00:18.000Z"


def limits(**changes: Any) -> dict[str, Any]:
    return {
        "profile": "paced",
        "isDefault": True,
        "queued": 3,
        "queueLimit": 5_000,
        "parkedNewChats": 1,
        "buckets": [],
        "restrictions": [],
        **changes,
    }


async def test_limits_show_all_that_holds_messages_up(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers(
        "limits.get",
        limits(
            gapMs={"min": 1, "median": 2, "max": 3},
            buckets=[
                {"name": "day", "limit": 10, "used": 10, "freeAtMs": AT},
                {"name": "hour", "limit": 5, "used": 1},
            ],
            warmUp={"day": 2, "days": 14},
            restrictions=[{"kind": "reachout_timelock", "untilMs": AT}],
            nextSendAtMs=AT,
        ),
    )

    answer = await gateway.get(LIMITS)

    assert answer.status == 200
    assert answer.json == {
        "success": True,
        "profile": "paced",
        "isDefault": True,
        "queued": 3,
        "queueLimit": 5_000,
        "parkedNewChats": 1,
        "gapMs": {"min": 1, "median": 2, "max": 3},
        "buckets": [
            {"name": "day", "limit": 10, "used": 10, "freeAt": AT_ISO},
            {"name": "hour", "limit": 5, "used": 1, "freeAt": None},
        ],
        "warmUp": {"day": 2, "days": 14},
        "restrictions": [
            {"kind": "reachout_timelock", "until": AT_ISO, "quota": None, "used": None, "status": None}
        ],
        "nextSendAt": AT_ISO,
    }


async def test_a_tenant_without_limits_has_nulls(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("limits.get", limits(profile="unpaced"))

    answer = await gateway.get(LIMITS)

    assert [answer.json[name] for name in ("gapMs", "warmUp", "nextSendAt")] == [None, None, None]


@pytest.mark.parametrize("profile", ["paced", "conversations", "unpaced", None])
async def test_a_profile_is_chosen(gateway: Gateway, bridge: ScriptedBridge, profile: str | None) -> None:
    bridge.answers("limits.set", limits(profile=profile or "paced", isDefault=profile is None))

    answer = await gateway.request("PUT", LIMITS, json={"profile": profile})

    assert (answer.status, answer.json["isDefault"]) == (200, profile is None)
    wanted = {"tenantId": "acme"} | ({"profile": profile} if profile else {})
    assert bridge.called("limits.set") == [wanted]


@pytest.mark.parametrize("body", [{}, {"profile": "fast"}, {"profile": 1}, {"profile": "paced", "perDay": 5}])
async def test_a_profile_that_is_none_is_refused(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any]
) -> None:
    assert (await gateway.request("PUT", LIMITS, json=body)).problem() == (400, "invalid_request")
    assert not bridge.called("limits.set")


@pytest.mark.parametrize("chat", [{"chatId": "12345678@lid"}, {"to": "12345678@LID"}])
async def test_messages_are_marked_as_read(gateway: Gateway, bridge: ScriptedBridge, chat: dict[str, str]) -> None:
    bridge.answers("chat.read", {})

    answer = await gateway.post(READ, json={**chat, "messageIds": ["3EB0AA", "3EB0BB"]})

    assert (answer.status, answer.json) == (200, {"success": True})
    assert bridge.called("chat.read") == [
        {"tenantId": "acme", "chatId": "12345678@lid", "messageIds": ["3EB0AA", "3EB0BB"]}
    ]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"presence": "composing"}, {"presence": "composing"}),
        ({"presence": "typing", "seconds": 2.5}, {"presence": "composing", "durationMs": 2_500}),
        ({"presence": "recording", "seconds": 60}, {"presence": "recording", "durationMs": 60_000}),
        ({"presence": "paused"}, {"presence": "paused"}),
    ],
    ids=str,
)
async def test_typing_is_shown(
    gateway: Gateway, bridge: ScriptedBridge, fields: dict[str, Any], wanted: dict[str, Any]
) -> None:
    bridge.answers("chat.presence", {})

    assert (await gateway.post(PRESENCE, json={"to": "+5511999999999", **fields})).json == {"success": True}
    assert bridge.called("chat.presence") == [{"tenantId": "acme", "chatId": "+5511999999999", **wanted}]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (READ, {"messageIds": ["a"]}, "chatId"),
        (READ, {"to": "+5511999999999", "chatId": "12345678@lid", "messageIds": ["a"]}, "chatId"),
        (READ, {"to": "+5511999999999", "messageIds": []}, "messageIds"),
        (READ, {"to": "+5511999999999", "messageIds": ["a b"]}, "messageIds.0"),
        (READ, {"to": "+5511999999999", "messageIds": ["a"] * 101}, "messageIds"),
        (PRESENCE, {"to": "+5511999999999"}, "presence"),
        (PRESENCE, {"to": "+5511999999999", "presence": "asleep"}, "presence"),
        (PRESENCE, {"to": "+5511999999999", "presence": "typing", "seconds": 61}, "seconds"),
        (PRESENCE, {"to": "status", "presence": "typing"}, "to"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(gateway: Gateway, path: str, body: dict[str, Any], field: str) -> None:
    answer = await gateway.post(path, json=body)

    assert answer.problem() == (400, "invalid_request")
    assert field in [wrong["field"] for wrong in answer.json["errors"]]


async def test_whatsapp_s_wish_for_fewer_questions_says_how_long(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("chat.read", Fault("whatsapp_rate_limited", retryAfterMs=90_000))

    answer = await gateway.post(READ, json={"to": "+5511999999999", "messageIds": ["a"]})

    assert answer.problem() == (429, "whatsapp_rate_limited")
    assert answer.headers["retry-after"] == "90"
