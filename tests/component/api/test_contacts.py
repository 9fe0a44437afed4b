"""Contacts over HTTP, to a scripted bridge over a real socket."""

from __future__ import annotations

import pytest
from yarl import URL

from tests.support.gateway import Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge

JID = "5511987654321@s.whatsapp.net"


async def test_a_contact_has_what_whatsapp_shows(gateway: Gateway, bridge: ScriptedBridge) -> None:
    shown = {
        "jid": JID,
        "lid": "98765432101234@lid",
        "phoneNumber": "+5511987654321",
        "name": "Maria",
        "about": "baking",
        "aboutSetAtMs": 1_795_435_218_000,
        "pictureUrl": "https://pps.whatsapp.net/x.jpg",
        "business": {"description": "Cakes", "websites": ["https://cakes.example"]},
        "isBlocked": False,
    }
    bridge.answers("contact.get", shown)

    answer = await gateway.get("/api/v1/contacts/acme/+5511987654321")

    assert answer.status == 200
    assert answer.json == {
        **{name: value for name, value in shown.items() if name not in ("aboutSetAtMs", "business")},
        "success": True,
        "aboutSetAt": "2026-11-23T12:00:18.000Z",
        "business": {
            "description": "Cakes",
            "category": None,
            "email": None,
            "address": None,
            "websites": ["https://cakes.example"],
        },
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+5511987654321", "+5511987654321"),
        ("%2B5511987654321", "+5511987654321"),
        ("5511987654321", "+5511987654321"),
        (f"{JID}", JID),
        (JID.replace("@", "%40"), JID),
        ("98765432101234@lid", "98765432101234@lid"),
    ],
)
async def test_a_contact_may_be_written_in_any_way(
    gateway: Gateway, bridge: ScriptedBridge, written: str, meant: str
) -> None:
    bridge.answers("contact.get", {"isBlocked": True})

    address = URL(f"/api/v1/contacts/acme/{written}", encoded=True)
    answer = await gateway.request("GET", address)

    assert (answer.status, answer.json["name"], answer.json["isBlocked"]) == (200, None, True)
    assert bridge.called("contact.get") == [{"tenantId": "acme", "contact": meant}]


async def test_what_is_no_contact_is_refused_before_anybody_is_asked(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    for written in ("maria", "120363043968066561@g.us", "12", "x@s.whatsapp.net"):
        answer = await gateway.get(f"/api/v1/contacts/acme/{written}")
        assert answer.problem() == (400, "invalid_request")
    assert not bridge.called("contact.get")


async def test_blocking_unblocking_and_who_is_blocked(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("contact.block", {})
    bridge.answers("contact.unblock", {})
    bridge.answers("contact.blocked", {"contacts": ["98765432101234@lid"]})

    blocked = await gateway.post("/api/v1/contacts/acme/+5511987654321/block")
    unblocked = await gateway.request("DELETE", "/api/v1/contacts/acme/+5511987654321/block")
    everybody = await gateway.get("/api/v1/contacts/acme/blocked")

    assert (blocked.status, blocked.json) == (200, {"success": True, "isBlocked": True})
    assert (unblocked.status, unblocked.json) == (200, {"success": True, "isBlocked": False})
    assert (everybody.status, everybody.json) == (200, {"success": True, "contacts": ["98765432101234@lid"]})
    person = [{"tenantId": "acme", "contact": "+5511987654321"}]
    assert bridge.called("contact.block") == bridge.called("contact.unblock") == person


async def test_a_number_without_an_account_is_422(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("contact.get", Fault("recipient_not_on_whatsapp"))

    answer = await gateway.get("/api/v1/contacts/acme/+5511987654321")

    assert answer.problem() == (422, "recipient_not_on_whatsapp")
