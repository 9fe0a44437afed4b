"""What is left of a tenant that is deleted while something still happens to it."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from control.api.context import TENANTS, USAGE
from control.tenancy.usage import Counted
from tests.support.gateway import Gateway
from tests.support.scripted_bridge import ScriptedBridge

ACME = "/api/v1/tenants/acme"


async def test_what_is_counted_of_a_tenant_while_it_is_deleted_goes_too(
    gateway: Gateway, bridge: ScriptedBridge, redis: Redis, key_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.answers("session.delete", {"deleted": True})
    await gateway.post("/api/v1/tenants", json={"tenantId": "acme"})
    tenants, usage = gateway.app[TENANTS], gateway.app[USAGE]
    erase = tenants.erase

    async def counted_meanwhile(tenant_id: str) -> None:
        # A webhook attempt that ends now, a request that was let in before.
        usage.count(tenant_id, Counted.WEBHOOKS_DELIVERED)
        await usage.flush()
        await erase(tenant_id)

    monkeypatch.setattr(tenants, "erase", counted_meanwhile)
    assert (await gateway.request("DELETE", ACME)).status == 200
    await usage.flush()

    assert [name async for name in redis.scan_iter(f"{key_prefix}:*usage*acme*")] == []
    await gateway.post("/api/v1/tenants", json={"tenantId": "acme"})
    total = (await gateway.get(f"{ACME}/usage")).json["total"]
    assert total["webhooks"] == {"delivered": 0, "failed": 0}
