"""What a caller hears when a part is down, with every process real: a problem with a stable code, soon, and all
of it mends itself."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.journey import CONTACT, connected_number, start_and_scan
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

SECONDS = 2.0
TENANT = "acme"
SEND = f"/api/v1/messages/{TENANT}/send"
TEXT = {"to": CONTACT, "message": "hello", "type": "text"}


async def refusal(
    gateway: Installation, method: str, path: str, body: Any = None, **options: Any
) -> tuple[int, str]:
    """Call the API, expect a problem within two seconds; return its status and code."""
    began = time.monotonic()
    status, problem = await gateway.call(method, path, body, **options)
    assert time.monotonic() - began < SECONDS, problem
    assert problem["success"] is False
    assert problem["status"] == status
    assert problem["detail"]
    assert "Traceback" not in str(problem)
    return status, problem["code"]


@pytest.mark.timeout(180)
async def test_every_wrong_input_and_every_dead_part_has_its_answer_and_all_of_it_mends_itself(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    assert await refusal(gateway, "GET", "/api/v1/sessions/nobody/status") == (404, "session_not_found")
    assert await refusal(gateway, "POST", "/api/v1/messages/nobody/send", TEXT) == (404, "session_not_found")
    assert await refusal(gateway, "GET", "/api/v1/sessions/no%20body/status") == (400, "invalid_tenant_id")
    assert await refusal(gateway, "GET", f"/api/v1/sessions/{TENANT}/status", key=None) == (401, "unauthorized")
    assert await refusal(gateway, "GET", f"/api/v1/sessions/{TENANT}/status", key="wrong") == (401, "unauthorized")
    assert await refusal(gateway, "GET", "/api/v1/nothing") == (404, "not_found")

    number = await start_and_scan(gateway, sandbox, customer, TENANT)
    wrong: list[tuple[Any, tuple[int, str]]] = [
        ({**TEXT, "message": ""}, (400, "invalid_request")),
        ({**TEXT, "message": "x" * 65_537}, (422, "message_too_long")),
        ({**TEXT, "to": "12"}, (422, "invalid_recipient")),
        ({**TEXT, "to": 5511987654321}, (400, "invalid_request")),
        ({**TEXT, "unknown": 1}, (400, "invalid_request")),
        ([TEXT], (400, "invalid_request")),
    ]
    for body, expected in wrong:
        assert await refusal(gateway, "POST", SEND, body) == expected, body

    absent = "+5511900000000"
    await sandbox.call("POST", "/contacts", json={"number": absent, "exists": False})
    assert await refusal(gateway, "POST", SEND, {**TEXT, "to": absent}) == (422, "recipient_not_on_whatsapp")

    # WhatsApp refuses the message: never "sent".
    await sandbox.fault(kind="error-ack", code=479, count=1)
    assert await refusal(gateway, "POST", SEND, TEXT) == (502, "send_rejected")

    # WhatsApp is gone: a new session says so at once, the old one is not connected, and both come back.
    await gateway.ctl("stop", "sandbox")
    assert await refusal(gateway, "POST", "/api/v1/sessions/other/start") == (503, "whatsapp_unreachable")
    await wait_for(lambda: state_is(gateway, "reconnecting"), seconds=30, every=0.1, what=gateway.describe)
    at_once = {**TEXT, "queue": False}
    assert await refusal(gateway, "POST", SEND, at_once) == (409, "session_not_connected")
    await gateway.ctl("start", "sandbox")
    assert await connected_number(gateway, TENANT) == number
    status, other = await gateway.call("POST", "/api/v1/sessions/other/start")
    assert (status, other["status"]) == (200, "qr")

    # The bridge is gone.
    await gateway.ctl("stop", "bridge")
    for method, path, body in (
        ("GET", f"/api/v1/sessions/{TENANT}/status", None),
        ("POST", f"/api/v1/sessions/{TENANT}/start", None),
        ("POST", SEND, TEXT),
    ):
        assert await refusal(gateway, method, path, body) == (503, "bridge_unavailable")
    status, health = await gateway.call("GET", "/health", key=None)
    assert (status, health["status"]) == (200, "degraded")
    await gateway.ctl("start", "bridge")
    assert await connected_number(gateway, TENANT) == number

    # Redis is gone: messages flow, what needs it says so, and it comes back by itself.
    await gateway.ctl("stop", "redis")
    webhook = {"webhook": {"url": customer.url, "secret": "another-secret-27182"}}
    answer = await refusal(gateway, "POST", f"/api/v1/sessions/{TENANT}/start", webhook)
    assert answer == (503, "redis_unavailable")
    status, sent = await gateway.call("POST", f"{SEND}?wait=20", TEXT)
    assert (status, sent["status"]) == (200, "sent")
    said = await sandbox.say(CONTACT, number, "said while Redis was stopped")
    await gateway.ctl("start", "redis")
    await wait_for(lambda: said in webhook_ids(customer), seconds=30, what=gateway.describe)


def webhook_ids(customer: CustomerApp) -> set[str]:
    """The ids of the messages the customer's app was told of."""
    return {hook.event["data"]["messageId"] for hook in customer.received if hook.event["event"] == "message"}


async def state_is(gateway: Installation, state: str) -> bool:
    """Whether the tenant's session is in that state."""
    _, answer = await gateway.call("GET", f"/api/v1/sessions/{TENANT}/status")
    return bool(answer.get("status") == state)


@pytest.mark.timeout(60)
async def test_garbage_on_the_sockets_closes_that_peer_only(gateway: Installation) -> None:
    socket = str(gateway.data_dir / "run" / "bridge.sock")
    bridge = await gateway.pid("bridge")
    for garbage in (b"not json\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b"x" * 1_200_000):
        reader, writer = await asyncio.open_unix_connection(socket, limit=2**22)
        try:
            writer.write(garbage)
            await writer.drain()
            async with asyncio.timeout(5):
                await reader.read(-1)
        except ConnectionError:
            pass
        finally:
            writer.close()
    assert await gateway.pid("bridge") == bridge
    status, health = await gateway.call("GET", "/health", key=None)
    assert (status, health["bridge"]["status"]) == (200, "up")
