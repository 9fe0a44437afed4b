"""The main job on the real wire: pair, send, receive a signed webhook, and survive what kills processes.

Everything is real but WhatsApp and the customer's app: supervisord, Valkey, the Node process with unmodified
Baileys, the Unix socket, the control plane.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import signal
from pathlib import Path

import pytest

from tests.support.customer_app import CustomerApp, Received
from tests.support.installation import Installation
from tests.support.journey import CONTACT, SECRET, TENANT, connected_number, start_and_scan
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

AFTER_KILL = "after the bridge was killed"


async def texts_of(sandbox: Sandbox, contact: str = CONTACT) -> list[str]:
    """The texts a mock contact decrypted."""
    return [str(message["text"]) for message in await sandbox.messages(contact)]


async def send(gateway: Installation, text: str, tenant: str = TENANT) -> dict[str, object]:
    """Send a text to the contact and expect that WhatsApp's server took it."""
    body = {"to": CONTACT, "message": text, "type": "text"}
    status, answer = await gateway.call("POST", f"/api/v1/messages/{tenant}/send?wait=20", body)
    assert status == 200, answer
    assert answer["success"] is True
    assert answer["status"] == "sent"
    assert answer["messageId"]
    return dict(answer)


def connections_in(entries: list[dict[str, object]]) -> int:
    """How often a client logged in, by the ledger: each login is answered with <success>."""
    return sum(1 for entry in entries if entry["tag"] == "success")


@pytest.mark.timeout(180)
async def test_a_tenant_pairs_sends_receives_and_survives_the_death_of_each_process(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    number = await start_and_scan(gateway, sandbox, customer)
    assert re.fullmatch(r"\+[1-9]\d{6,16}", number)

    # Out: the mock contact decrypted exactly that text.
    text = "Olá! Seu pedido nº 42 saiu para entrega 🚚\nObrigado."
    await send(gateway, text)
    assert [m["text"] for m in await sandbox.messages(CONTACT, wait_ms=10_000)] == [text]

    # In: the contact answers, the signed webhook arrives.
    reply = "Ótimo, obrigado! ❤️"
    message_id = await sandbox.say(CONTACT, number, reply)
    hook = await webhook_for(gateway, customer, message_id)
    expected = hmac.new(SECRET.encode(), hook.body, hashlib.sha256).hexdigest()
    assert hook.headers["X-Webhook-Signature"] == f"sha256={expected}"
    event = hook.event
    assert event["event"] == "message"
    assert event["tenantId"] == TENANT
    assert event["data"]["message"] == reply
    assert event["data"]["from"] == CONTACT
    assert event["data"]["fromMe"] is False

    # kill -9 of the bridge: the session is back without a new QR code, and a send works.
    old = await gateway.kill("bridge")
    await wait_for(lambda: new_pid(gateway, "bridge", old), seconds=20, every=0.1, what=gateway.describe)
    assert await connected_number(gateway) == number
    await send(gateway, AFTER_KILL)
    await wait_for(
        lambda: has_text(sandbox, "after the bridge was killed"), seconds=15, every=0.1, what=gateway.describe
    )

    # Restart of control: no WhatsApp connection notices.
    bridge = await gateway.pid("bridge")
    before = await sandbox.ledger()
    await gateway.ctl("restart", "control")
    await wait_for(gateway.is_ready, seconds=30, every=0.1, what=gateway.describe)
    await send(gateway, "after control was restarted")
    after = await sandbox.ledger()
    assert connections_in(after) == connections_in(before)
    assert await gateway.pid("bridge") == bridge

    # kill -9 of control while a message comes in: it waits in the bridge and still arrives.
    await gateway.kill("control")
    waiting = await sandbox.say(CONTACT, number, "said while control was dead")
    await webhook_for(gateway, customer, waiting)

    # kill -9 of Redis: the same.
    await gateway.kill("redis")
    waiting = await sandbox.say(CONTACT, number, "said while Redis was dead")
    await webhook_for(gateway, customer, waiting)

    # Nothing came twice under two ids, nothing was sent twice.
    sent = await texts_of(sandbox)
    assert sorted(sent) == sorted({*sent})
    hooks = [hook for hook in customer.received if hook.event["event"] == "message"]
    ids = {hook.event["data"]["messageId"]: hook.headers["webhook-id"] for hook in hooks}
    assert all(ids[hook.event["data"]["messageId"]] == hook.headers["webhook-id"] for hook in hooks)

    # What must not be in a log is not there.
    logs = gateway.logs()
    for secret in (SECRET, gateway.api_key, text, reply, CONTACT, number):
        assert secret not in logs


async def webhook_for(gateway: Installation, customer: CustomerApp, message_id: str) -> Received:
    """Wait for the webhook of a message; return it as it came over the wire."""

    def arrived() -> Received | None:
        hooks = (hook for hook in customer.received if hook.event["event"] == "message")
        return next((hook for hook in hooks if hook.event["data"]["messageId"] == message_id), None)

    hook: Received = await wait_for(arrived, seconds=30, what=gateway.describe)
    return hook


async def new_pid(gateway: Installation, program: str, old: int) -> bool:
    """Whether supervisord runs the program under another process id."""
    return await gateway.pid(program) not in (0, old)


async def has_text(sandbox: Sandbox, text: str) -> bool:
    """Whether the mock contact decrypted the text."""
    return text in await texts_of(sandbox)


@pytest.mark.timeout(120)
async def test_stopping_and_starting_again_needs_no_new_qr_code_but_logging_out_does(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    number = await start_and_scan(gateway, sandbox, customer)

    status, stopped = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/stop")
    assert (status, stopped["status"]) == (200, "disconnected")
    body = {"to": CONTACT, "message": "x", "type": "text", "queue": False}
    status, refused = await gateway.call("POST", f"/api/v1/messages/{TENANT}/send", body)
    assert (status, refused["code"]) == (409, "session_not_connected")

    status, started = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/start")
    assert (status, started["connected"], started["qrCode"]) == (200, True, None)
    assert await connected_number(gateway) == number

    status, out = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/logout")
    assert (status, out["status"]) == (200, "logged_out")
    status, again = await gateway.call("POST", f"/api/v1/sessions/{TENANT}/start")
    assert status == 200
    assert again["qrCode"].startswith("data:image/png;base64,")


@pytest.mark.timeout(120)
async def test_killing_supervisord_leaves_no_process_and_the_next_start_finds_everything(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp
) -> None:
    number = await start_and_scan(gateway, sandbox, customer)
    children = [await gateway.pid(program) for program in ("redis", "sandbox", "bridge", "control")]
    supervisord = int((gateway.data_dir / "run" / "supervisord.pid").read_text())
    os.kill(supervisord, signal.SIGKILL)
    await wait_for(lambda: none_lives(children), seconds=15, every=0.1, what=gateway.describe)

    await gateway.start()
    assert await connected_number(gateway) == number
    await send(gateway, "after everything was killed")


def none_lives(pids: list[int]) -> bool:
    """Whether every one of the processes is gone."""
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)
