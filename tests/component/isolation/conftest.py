"""A gateway with two tenants, of which the tests let one look for the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from control.storage.redis import connect_redis
from tests.component.isolation.addresses import State
from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, ScriptedBridge, session

OTHER_NUMBER = "+5521900000077"
OTHER_WEBHOOK = "https://beta-canary.example/hook"
OTHER_NAME = "beta-canary-key"
ALL_SCOPES = [
    *("sessions:read", "sessions:write", "messages:read", "messages:send", "contacts:read", "contacts:write"),
    *("groups:read", "groups:write", "channels:read", "channels:write", "labels:read", "labels:write"),
    *("events:read", "webhooks:read", "webhooks:write", "tenants:read", "tenants:write"),
    *("keys:read", "keys:write", "audit:read"),
]


@dataclass(frozen=True, slots=True)
class Two:
    """acme, whose key the tests hold, and beta, which has everything a tenant can have here."""

    gateway: Gateway
    state: State
    webhook_id: str
    key_id: str
    key: str

    async def new_key(self, **changes: Any) -> dict[str, Any]:
        """Make a key of acme with all scopes, unless changed."""
        body = {"name": "acme", "tenants": ["acme"], "scopes": ALL_SCOPES, **changes}
        answer = await self.gateway.post("/api/v1/keys", json=body)
        assert answer.status == 201, answer.body
        return answer.json


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
async def two(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Two]:
    def one_session(params: dict[str, Any]) -> dict[str, Any]:
        number = OTHER_NUMBER if params["tenantId"] == "beta" else "+5511900000011"
        if params["tenantId"] not in ("acme", "beta"):
            raise Fault("session_not_found")
        return session(params["tenantId"], phoneNumber=number)

    bridge.scripts["session.get"] = one_session
    bridge.answers("session.list", {"sessions": [one_session({"tenantId": "beta"})], "hasMore": False})
    settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)
    redis = connect_redis(redis_server.url)
    async with running_gateway(settings) as gateway:
        made = {}
        for tenant, url in (("beta", OTHER_WEBHOOK), ("acme", "https://acme.example/hook")):
            answer = await gateway.post(f"/api/v1/webhooks/{tenant}", json={"url": url})
            assert answer.status == 201, answer.body
            made[tenant] = answer.json["id"]
        other = {"name": OTHER_NAME, "tenants": ["beta"], "scopes": ["sessions:read"]}
        other_key = (await gateway.post("/api/v1/keys", json=other)).json
        own = {"name": "acme", "tenants": ["acme"], "scopes": ALL_SCOPES}
        key = (await gateway.post("/api/v1/keys", json=own)).json["key"]
        state = State(bridge, redis, key_prefix, socket_dir)
        yield Two(gateway, state, made["beta"], other_key["id"], key)
    await redis.aclose()
