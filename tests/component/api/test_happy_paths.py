"""The three endpoints of the design, to the letter, over HTTP and over a real socket to a scripted bridge."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path

import pytest

from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, now_ms, outgoing, session


async def test_start_answers_with_the_qr_code_to_scan(gateway: Gateway, bridge: ScriptedBridge) -> None:
    qr = {"text": "https://wa.me/settings/linked_devices#2@abc", "expiresAtMs": now_ms() + 60_000}
    bridge.answers("session.start", session("acme", "qr", qr=qr))

    answer = await gateway.post("/api/v1/sessions/acme/start")

    assert answer.status == 200
    assert answer.json["success"] is True
    assert answer.json["sessionId"] == "acme_1795435218000"
    assert answer.json["qrCode"].startswith("data:image/png;base64,")
    assert answer.json["qr"] == qr["text"]
    assert answer.json["status"] == "qr"
    assert answer.json["connected"] is False
    assert answer.json["phoneNumber"] is None
    assert bridge.called("session.start") == [{"tenantId": "acme", "waitMs": 20_000}]


async def test_start_of_a_paired_session_answers_connected_without_a_code(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("session.start", session("acme", phoneNumber="+5511999999999"))

    answer = await gateway.post("/api/v1/sessions/acme/start", json={})

    assert answer.status == 200
    assert answer.json["qrCode"] is None
    assert answer.json["connected"] is True
    assert answer.json["status"] == "connected"
    assert answer.json["phoneNumber"] == "+5511999999999"


async def test_status_has_the_promised_fields(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", session("acme", phoneNumber="+5511999999999", lastActivityMs=1_795_435_218_123))

    answer = await gateway.get("/api/v1/sessions/acme/status")

    assert answer.status == 200
    promised = {
        name: answer.json[name] for name in ("connected", "status", "phoneNumber", "qrCode", "lastActivity")
    }
    assert promised == {
        "connected": True,
        "status": "connected",
        "phoneNumber": "+5511999999999",
        "qrCode": None,
        "lastActivity": "2026-11-23T12:00:18.123Z",
    }
    assert answer.json["message"] == "Connected. Messages can be sent and received."


async def test_send_answers_sent_once_whatsapp_has_the_message(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.scripts["message.send"] = outgoing

    answer = await gateway.post(
        "/api/v1/messages/acme/send", json={"to": "+55 (11) 99999-9999", "message": "Olá", "type": "text"}
    )

    assert answer.status == 200
    assert answer.json["success"] is True
    assert answer.json["status"] == "sent"
    assert answer.json["to"] == "+5511999999999"
    assert re.fullmatch(r"3EB0[0-9A-F]{18}", answer.json["messageId"])
    (params,) = bridge.called("message.send")
    assert params["content"] == {"type": "text", "text": "Olá"}
    assert params["messageId"] == answer.json["messageId"]


async def test_send_answers_202_while_whatsapp_has_not_taken_the_message(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.scripts["message.send"] = lambda params: outgoing(params, "accepted")

    answer = await gateway.post("/api/v1/messages/acme/send", json={"to": "5511999999999", "message": "x"})

    assert (answer.status, answer.json["status"]) == (202, "accepted")


@pytest.mark.parametrize(("verb", "state"), [("stop", "disconnected"), ("logout", "logged_out")])
async def test_stop_and_logout_answer_with_the_session(
    gateway: Gateway, bridge: ScriptedBridge, verb: str, state: str
) -> None:
    bridge.answers(f"session.{verb}", session("acme", state))

    answer = await gateway.post(f"/api/v1/sessions/acme/{verb}")

    assert (answer.status, answer.json["success"], answer.json["status"]) == (200, True, state)


async def test_start_registers_a_webhook_and_shows_its_secret_once(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    bridge.answers("session.start", session("acme"))
    settings = settings_for(
        socket_dir,
        redis_url=redis_server.url,
        redis_prefix=key_prefix,
        outbound_allow_cidrs=(ipaddress.ip_network("127.0.0.0/8"),),
    )
    webhook = {"url": "http://127.0.0.1:9999/hook", "events": ["message"]}
    async with running_gateway(settings) as gateway:
        first = await gateway.post("/api/v1/sessions/acme/start", json={"webhook": webhook})
        second = await gateway.post("/api/v1/sessions/acme/start", json={"webhook": webhook})

    assert (first.json["webhook"]["url"], first.json["webhook"]["events"]) == (webhook["url"], ["message"])
    assert first.json["webhook"]["secret"].startswith("whsec_")
    assert second.json["webhook"]["secret"] is None


async def test_start_refuses_a_webhook_to_an_internal_address_and_starts_nothing(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    answer = await gateway.post(
        "/api/v1/sessions/acme/start", json={"webhook": {"url": "https://169.254.169.254/latest"}}
    )

    assert answer.problem() == (422, "webhook_url_refused")
    assert not bridge.called("session.start")
