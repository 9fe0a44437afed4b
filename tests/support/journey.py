"""The first steps every end-to-end test takes: start a session, let the mock phone scan, be connected."""

from __future__ import annotations

import base64

from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

SECRET = "a-secret-the-customer-chose-31415"
TENANT = "Loja_Exemplo-1"
CONTACT = "+5511987654321"


async def start_and_scan(
    gateway: Installation, sandbox: Sandbox, customer: CustomerApp, tenant: str = TENANT
) -> str:
    """Start the session with a webhook, let the mock phone scan; return the number once connected."""
    webhook = {"url": f"{customer.url}/webhook", "secret": SECRET}
    status, started = await gateway.call("POST", f"/api/v1/sessions/{tenant}/start", {"webhook": webhook})
    assert status == 200, started
    assert started["success"] is True
    assert started["sessionId"].startswith(f"{tenant}_")
    assert started["qrCode"].startswith("data:image/png;base64,")
    assert base64.b64decode(started["qrCode"].split(",")[1]).startswith(b"\x89PNG")
    await sandbox.scan_qr(started["qr"])
    return await connected_number(gateway, tenant)


async def connected_number(gateway: Installation, tenant: str = TENANT) -> str:
    """Wait until the tenant's session is connected; return its phone number."""
    seen: dict[str, object] = {}

    async def is_connected() -> bool:
        status, answer = await gateway.call("GET", f"/api/v1/sessions/{tenant}/status")
        seen.update(answer, httpStatus=status)
        return status == 200 and answer["connected"] is True

    await wait_for(is_connected, seconds=30, every=0.1, what=lambda: f"{seen}\n{gateway.describe()}")
    assert seen["status"] == "connected"
    assert seen["qrCode"] is None
    return str(seen["phoneNumber"])
