"""Number checks over HTTP, to a scripted bridge over a real socket."""

from __future__ import annotations

from typing import Any

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge

CHECK = "/api/v1/numbers/acme/check"


def everybody(params: dict[str, Any]) -> dict[str, Any]:
    """Every number is on WhatsApp, Brazil's without the ninth digit."""
    return {
        "numbers": [
            {"phoneNumber": number, "exists": True, "jid": f"{number[1:].replace('55119', '5511')}@s.whatsapp.net"}
            for number in params["phoneNumbers"]
        ]
    }


async def test_a_number_is_answered_with_the_form_whatsapp_knows(gateway: Gateway, bridge: ScriptedBridge) -> None:
    known = {"phoneNumber": "+5511988887777", "exists": True, "jid": "551188887777@s.whatsapp.net", "lid": "1@lid"}
    bridge.answers("number.check", {"numbers": [known, {"phoneNumber": "+14155550100", "exists": False}]})

    answer = await gateway.post(CHECK, json={"numbers": ["+55 (11) 98888-7777", "0014155550100"]})

    assert answer.status == 200
    assert bridge.called("number.check")[0]["phoneNumbers"] == ["+5511988887777", "+14155550100"]
    assert answer.json == {
        "success": True,
        "numbers": [
            {
                "number": "+5511988887777",
                "exists": True,
                "whatsappNumber": "+551188887777",
                "jid": "551188887777@s.whatsapp.net",
                "lid": "1@lid",
            },
            {"number": "+14155550100", "exists": False, "whatsappNumber": None, "jid": None, "lid": None},
        ],
    }


async def test_a_hundred_numbers_are_asked_in_two_calls_and_answered_in_their_order(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.scripts["number.check"] = everybody
    numbers = [f"+1415555{index:04}" for index in range(99)] + ["+14155550000"]

    answer = await gateway.post(CHECK, json={"numbers": numbers})

    assert [len(params["phoneNumbers"]) for params in bridge.called("number.check")] == [50, 49]
    assert [one["number"] for one in answer.json["numbers"]] == numbers


async def test_wrong_numbers_are_named_by_their_place(gateway: Gateway, bridge: ScriptedBridge) -> None:
    answer = await gateway.post(CHECK, json={"numbers": ["+5511988887777", "abc"]})

    assert answer.problem() == (400, "invalid_request")
    assert [wrong["field"] for wrong in answer.json["errors"]] == ["numbers.1"]
    bodies: list[dict[str, Any]] = [{}, {"numbers": []}, {"numbers": ["+5511988887777"] * 101}, {"number": "+1"}]
    for body in bodies:
        assert (await gateway.post(CHECK, json=body)).problem() == (400, "invalid_request")
    assert not bridge.called("number.check")


async def test_too_many_questions_are_429_with_the_time_to_wait(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("number.check", Fault("whatsapp_rate_limited", retryAfterMs=61_500))

    answer = await gateway.post(CHECK, json={"numbers": ["+5511988887777"]})

    assert answer.problem() == (429, "whatsapp_rate_limited")
    assert answer.headers["retry-after"] == "62"
