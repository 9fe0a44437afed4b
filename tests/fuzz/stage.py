"""What is fuzzed: the whole gateway with the sandbox, a linked number, and one of everything that has an id."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.installation import Installation
from tests.support.journey import connected_number
from tests.support.media_files import picture
from tests.support.sandbox import Sandbox

TENANT: Final = "fuzzed"
SPARE: Final = "spare"
CONTACT: Final = "+5511987654321"


@dataclass(frozen=True)
class Stage:
    """A running gateway and the ids there are, by the names of path variables."""

    gateway: Installation
    known: dict[str, Any]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start it and prepare; end it."""
    # Unpaced and without limits, or most would only be told to wait. Nothing is looked up outside: the only
    # address is the customer's app's.
    off = {f"RATE_LIMIT_{name}": "off" for name in ("IP", "FAILED_AUTH", "OPERATOR", "KEY", "TENANT")}
    gateway = Installation(SEND_PROFILE="unpaced", **off)
    async with CustomerApp() as customer:
        # What messages with a file carry.
        customer.set("/file", Behaviour(headers={"Content-Type": "image/png"}, body=picture("PNG", size=(60, 40))))
        try:
            await gateway.start()
            sandbox = Sandbox(gateway.sandbox_port, gateway.data_dir / "sandbox" / "ca.pem")
            try:
                yield Stage(gateway, await _prepared(gateway, sandbox, customer))
            finally:
                await sandbox.close()
        finally:
            await gateway.stop()


async def _prepared(gateway: Installation, sandbox: Sandbox, customer: CustomerApp) -> dict[str, Any]:
    async def call(method: str, path: str, body: Any = None) -> dict[str, Any]:
        status, answer = await gateway.call(method, f"/api/v1/{path}", body)
        assert status < 300, f"{method} {path}: {status} {answer}"
        return dict(answer)

    started = await call("POST", f"sessions/{TENANT}/start")
    await sandbox.scan_qr(started["qr"])
    await connected_number(gateway, TENANT)
    sent = await call("POST", f"messages/{TENANT}/send", {"to": CONTACT, "message": "Hello"})
    batch, group, channel, webhook = await asyncio.gather(
        call("POST", f"messages/{TENANT}/batch", {"message": "Hello", "recipients": [CONTACT]}),
        call("POST", f"groups/{TENANT}", {"subject": "Friday", "participants": [CONTACT]}),
        call("POST", f"channels/{TENANT}", {"name": "News"}),
        call("POST", f"webhooks/{TENANT}", {"url": f"{customer.url}/webhook"}),
    )
    label = await call("POST", f"labels/{TENANT}", {"name": "Paid"})
    invite = await call("GET", f"groups/{TENANT}/{group['groupId']}/invite")
    events = await call("GET", f"events/{TENANT}?limit=1")
    return {
        "url": f"{customer.url}/file",
        "spare": SPARE,
        "tenantId": TENANT,
        "contact": CONTACT,
        "messageId": sent["messageId"],
        "batchId": batch["batchId"],
        # Without their servers, which may be left out in addresses.
        "groupId": group["groupId"].partition("@")[0],
        "channelId": channel["channelId"].partition("@")[0],
        "webhookId": webhook["id"],
        "labelId": label["labelId"],
        "code": invite["code"],
        "eventId": events["events"][0]["id"],
    }
