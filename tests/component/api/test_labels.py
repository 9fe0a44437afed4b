"""Labels over HTTP, to a scripted bridge over a real socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge

LABELS = "/api/v1/labels/acme"
LABEL = {"labelId": "7", "name": "Paid", "color": 3}
CHAT = "5511987654321@s.whatsapp.net"


async def test_labels_are_listed_made_changed_and_deleted(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("label.list", {"labels": [{**LABEL, "predefined": True}]})
    bridge.answers("label.save", LABEL)
    bridge.answers("label.delete", {})

    assert (await gateway.get(LABELS)).json["labels"] == [{**LABEL, "predefined": True}]
    made = await gateway.post(LABELS, json={"name": "Paid", "color": 3})
    changed = await gateway.request("PUT", f"{LABELS}/7", json={"name": "Paid"})
    deleted = await gateway.request("DELETE", f"{LABELS}/7")

    assert made.json == changed.json == {"success": True, **LABEL, "predefined": False}
    assert deleted.json == {"success": True}
    assert bridge.called("label.save") == [
        {"tenantId": "acme", "name": "Paid", "color": 3},
        {"tenantId": "acme", "labelId": "7", "name": "Paid", "color": 0},
    ]
    assert bridge.called("label.delete") == [{"tenantId": "acme", "labelId": "7"}]


async def test_a_label_is_put_on_a_chat_by_its_number_in_the_form_whatsapp_knows(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    known = {"phoneNumber": "+5511987654321", "exists": True, "jid": "551187654321@s.whatsapp.net"}
    bridge.answers("number.check", {"numbers": [known]})
    bridge.answers("label.assign", {})

    by_number = await gateway.post(f"{LABELS}/7/assign", json={"chat": "+55 11 98765-4321"})
    by_id = await gateway.post(f"{LABELS}/7/assign", json={"chat": CHAT, "messageId": "3EB0", "assigned": False})

    assert by_number.json == {"success": True, "chatId": "551187654321@s.whatsapp.net", "assigned": True}
    assert by_id.json == {"success": True, "chatId": CHAT, "assigned": False}
    first, second = bridge.called("label.assign")
    assert (first["chatId"], first["assigned"]) == ("551187654321@s.whatsapp.net", True)
    assert (second["messageId"], second["assigned"]) == ("3EB0", False)


async def test_a_label_for_a_number_without_an_account_is_422(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("number.check", {"numbers": [{"phoneNumber": "+5511987654321", "exists": False}]})

    answer = await gateway.post(f"{LABELS}/7/assign", json={"chat": "+5511987654321"})

    assert answer.problem() == (422, "recipient_not_on_whatsapp")


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x", "color": 20}, {"name": "x", "colour": 1}])
async def test_labels_that_make_no_sense_are_refused(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any]
) -> None:
    assert (await gateway.post(LABELS, json=body)).problem() == (400, "invalid_request")
    assert not bridge.called("label.save")


async def test_a_label_that_is_not_there_is_404(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("label.delete", Fault("label_not_found"))

    assert (await gateway.request("DELETE", f"{LABELS}/7")).problem() == (404, "label_not_found")
    assert (await gateway.request("DELETE", f"{LABELS}/seven")).problem() == (404, "label_not_found")
    assert len(bridge.called("label.delete")) == 1
