"""The clients as an application uses them, against the whole gateway."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from whatsapp_gateway import AsyncWhatsAppClient, File, GatewayError, WhatsAppClient, verify_webhook

from tests.support.customer_app import CustomerApp
from tests.support.installation import ROOT, Installation
from tests.support.journey import CONTACT, SECRET
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

pytestmark = pytest.mark.usefixtures("sandbox")


async def in_typescript(step: str, gateway: Installation, tenant: str, given: bytes = b"") -> dict[str, Any]:
    """Run a step of tests/clients/journey.ts and return what it says."""
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        f'source "{ROOT}/scripts/environment"; use_node; exec node "$@"',
        "bash",
        str(ROOT / "build/tests/clients/journey.js"),
        step,
        env={
            **os.environ,
            "BASE_URL": gateway.url,
            "API_KEY": gateway.api_key,
            "TENANT": tenant,
            "CONTACT": CONTACT,
            "SECRET": SECRET,
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(50):
        out, _ = await process.communicate(given)
    assert process.returncode == 0
    said: dict[str, Any] = orjson.loads(out)
    return said


async def texts(sandbox: Sandbox) -> list[str]:
    return [message["text"] for message in await sandbox.messages(CONTACT) if message.get("text")]


async def unpaced(gateway: Installation, tenant: str) -> None:
    """Let messages leave at once: a pause between two may be longer than an answer waits."""
    status, answer = await gateway.call("PUT", f"/api/v1/sessions/{tenant}/limits", {"profile": "unpaced"})
    assert status == 200, answer


async def test_the_typescript_client_pairs_sends_and_hears(gateway: Installation, sandbox: Sandbox) -> None:
    started = await in_typescript("start", gateway, "ts-shop")
    await sandbox.scan_qr(started["qr"])
    await unpaced(gateway, "ts-shop")
    said = await in_typescript("talk", gateway, "ts-shop")
    assert said["connected"] is True
    assert said["phoneNumber"].startswith("+55")
    assert (said["status"], said["file"], said["wrong"], said["found"]) == (
        "sent",
        "sent",
        "invalid_recipient",
        True,
    )
    assert said["once"] is True
    assert said["knownTo"] == CONTACT
    assert "message.status" in said["events"]
    received = await texts(sandbox)
    assert received.count("from TypeScript") == 1
    assert received.count("said twice") == 1


@pytest.mark.parametrize("kind", ["with asyncio", "without"])
async def test_the_python_clients_pair_send_and_hear(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp, kind: str
) -> None:
    tenant = "py-shop"
    sync = WhatsAppClient(gateway.url, gateway.api_key)
    other = AsyncWhatsAppClient(gateway.url, gateway.api_key)

    async def do(name: str, *arguments: Any, **options: Any) -> Any:
        if kind == "without":
            call: Callable[..., Any] = getattr(sync, name)
            return await asyncio.to_thread(call, *arguments, **options)
        return await getattr(other, name)(*arguments, **options)

    webhook = {"url": f"{customer.url}/hook", "secret": SECRET}
    started = await do("start_session", tenant, {"webhook": webhook})
    await sandbox.scan_qr(started["qr"])
    connected = await do("wait_until_connected", tenant, 30)
    assert connected["status"] == "connected"
    await unpaced(gateway, tenant)
    sent = await do("send_message", tenant, CONTACT, "from Python")
    assert sent["status"] == "sent"
    file = File("list.txt", b"eggs", "text/plain")
    document = {"to": CONTACT, "type": "document"}
    assert (await do("send_message", tenant, document, file=file))["status"] == "sent"
    with pytest.raises(GatewayError, match="invalid_recipient"):
        await do("send_message", tenant, "nobody", "x")
    pages = other.event_pages(tenant)
    async with asyncio.timeout(20):
        first = await anext(pages)
    assert first["events"][0]["tenantId"] == tenant
    await pages.aclose()  # type: ignore[attr-defined]

    def taken() -> list[Any]:
        return [each for each in customer.received if each.event["event"] == "message.status"]

    await wait_for(taken, seconds=15)
    for each in customer.received:
        assert verify_webhook(each.body, each.headers, SECRET)["tenantId"] == tenant
    recorded = taken()[0]
    headers = {str(name): value for name, value in recorded.headers.items()}
    given = orjson.dumps({"body": recorded.body.decode(), "headers": headers})
    assert await in_typescript("verify", gateway, tenant, given) == {"event": "message.status", "tenantId": tenant}
    sync.close()
    await other.aclose()
