"""The audit log over REST: what was done and refused, for whom it is, and what never stands in it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from control.api.context import AUDIT
from control.audit.audit_log import EACH_MAX, WAITING_MAX
from tests.support.audit_entry import entry
from tests.support.gateway import KEY, Gateway
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, ScriptedBridge, session
from tests.support.wait import wait_for

AUDIT_LOG = "/api/v1/audit"


async def made_key(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    body = {"name": "shop", "tenants": ["acme"], "scopes": ["sessions:read", "sessions:write", "audit:read"]}
    return (await gateway.post("/api/v1/keys", json={**body, **changes})).json


async def entries(gateway: Gateway, query: str = "", *, key: str = KEY) -> list[dict[str, Any]]:
    await gateway.app[AUDIT].write(everything=True)
    answer = await gateway.get(f"{AUDIT_LOG}{query}", headers={"Authorization": f"Bearer {key}"})
    assert answer.status == 200, answer.body
    found = answer.json["entries"]
    assert isinstance(found, list)
    return found


@pytest.fixture(autouse=True)
def _sessions(bridge: ScriptedBridge) -> None:
    bridge.scripts["session.stop"] = lambda params: session(params["tenantId"], "disconnected")
    bridge.scripts["session.get"] = lambda params: session(params["tenantId"])


async def test_what_a_key_did_is_told_with_who_when_where_what_and_how_it_ended(gateway: Gateway) -> None:
    key = await made_key(gateway)
    headers = {"Authorization": f"Bearer {key['key']}", "X-Request-Id": "req-1"}
    await gateway.post("/api/v1/sessions/acme/stop", headers=headers)
    await gateway.get("/api/v1/sessions/acme/status", headers=headers)

    stopped, made = await entries(gateway)

    assert stopped.pop("at") >= made["at"]
    assert stopped.pop("id") > made["id"]
    assert stopped == {
        "until": None,
        "count": 1,
        "kind": "key",
        "keyId": key["id"],
        "address": "127.0.0.1",
        "method": "POST",
        "route": "/api/v1/sessions/{tenantId}/stop",
        "action": "stopSession",
        "tenantId": "acme",
        "target": None,
        "status": 200,
        "requestId": "req-1",
    }
    assert (made["kind"], made["action"], made["target"], made["status"]) == (
        "operator",
        "createKey",
        key["id"],
        201,
    )


async def test_what_was_refused_is_in_it_too(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("session.stop", Fault("session_not_found"))
    key = await made_key(gateway, scopes=["sessions:read"])
    headers = {"Authorization": f"Bearer {key['key']}"}

    await gateway.post("/api/v1/sessions/acme/stop")
    await gateway.post("/api/v1/sessions/acme/stop", headers=headers)
    await gateway.post("/api/v1/sessions/beta/stop", headers=headers)

    other_tenant, no_scope, missing, _ = await entries(gateway)
    assert [one["status"] for one in (other_tenant, no_scope, missing)] == [404, 403, 404]
    assert [one["tenantId"] for one in (other_tenant, no_scope, missing)] == [None, "acme", "acme"]
    assert other_tenant["target"] == "beta"


async def test_refused_credentials_are_counted_by_network_and_claimed_key(gateway: Gateway) -> None:
    key = await made_key(gateway)
    await gateway.request("DELETE", f"/api/v1/keys/{key['id']}")
    for given in ("wrong-key-0123456789", "wrong-key-9876543210", key["key"]):
        await gateway.get("/api/v1/sessions/acme/status", headers={"Authorization": f"Bearer {given}"})

    found = await entries(gateway, "?action=authenticate")
    assert sorted((one["keyId"] or "", one["count"], one["kind"], one["status"]) for one in found) == [
        ("", 2, "nobody", 401),
        (key["id"], 1, "nobody", 401),
    ]
    assert {one["tenantId"] for one in found} == {None}
    assert all(one["id"].endswith("r") for one in found)


async def test_a_bound_key_sees_its_tenants_only_and_no_whole_address(gateway: Gateway) -> None:
    key = await made_key(gateway)
    await gateway.get("/api/v1/sessions", headers={"Authorization": "Bearer wrong-key-0123456789"})
    for tenant in ("acme", "beta"):
        await gateway.post(f"/api/v1/sessions/{tenant}/stop")
    await gateway.post("/api/v1/sessions/acme/stop", headers={"Authorization": f"Bearer {key['key']}"})

    found = await entries(gateway, key=key["key"])

    assert {one["tenantId"] for one in found} == {"acme"}
    assert [one["kind"] for one in found] == ["key", "operator"]
    assert {one["address"] for one in found} == {"127.0.0.0/24"}
    headers = {"Authorization": f"Bearer {key['key']}"}
    refused = await gateway.get(f"{AUDIT_LOG}?tenantId=beta", headers=headers)
    assert refused.problem() == (404, "tenant_not_found")


async def test_pages_go_back_from_the_newest_and_forward_from_an_id_and_filters_hold(gateway: Gateway) -> None:
    for number in range(4):
        await gateway.post(f"/api/v1/sessions/t{number}/stop")
    await gateway.get("/api/v1/sessions", headers={"Authorization": "Bearer wrong-key-0123456789"})
    newest = await entries(gateway)
    ids = [one["id"] for one in newest]
    assert len(ids) == 5

    walked: list[str] = []
    query = "?limit=2"
    while query:
        page = (await gateway.get(f"{AUDIT_LOG}{query}")).json
        walked += [one["id"] for one in page["entries"]]
        query = f"?limit=2&before={page['next']}" if page["next"] else ""
    assert walked == ids
    forward = await entries(gateway, f"?after={ids[-1]}")
    assert [one["id"] for one in forward] == ids[-2::-1]
    assert [one["tenantId"] for one in await entries(gateway, "?tenantId=t2")] == ["t2"]
    assert len(await entries(gateway, "?action=stopSession")) == 4
    assert await entries(gateway, "?keyId=3fWq8ZkT") == []
    for wrong in ("after=x", "before=1", "after=1-0&before=1-0", "limit=0", "kind=key"):
        assert (await gateway.get(f"{AUDIT_LOG}?{wrong}")).problem() == (400, "invalid_request")


async def test_what_is_done_all_the_time_is_counted(gateway: Gateway) -> None:
    for _ in range(3):
        await gateway.post("/api/v1/messages/acme/send", json={"to": "nobody", "type": "text", "message": "x"})
    (sends,) = await entries(gateway)
    assert (sends["action"], sends["count"], sends["tenantId"]) == ("sendMessage", 3, "acme")

    for _ in range(EACH_MAX + 5):
        await gateway.post("/api/v1/sessions/acme/stop")
    stops = await entries(gateway, "?action=stopSession&limit=500")
    assert sum(one["count"] for one in stops) == EACH_MAX + 5
    assert len(stops) <= EACH_MAX + 2  # a minute may end meanwhile


async def test_no_body_secret_or_number_stands_in_it(gateway: Gateway, redis_server: RedisServer) -> None:
    key = await made_key(gateway)
    text, secret = "canary-of-a-message", "canary-of-a-secret-0123456789"
    await gateway.post(
        "/api/v1/messages/acme/send", json={"to": "+5511987654321", "message": text, "type": "text"}
    )
    hook = {"url": "https://example.com/x", "secret": secret}
    await gateway.post("/api/v1/webhooks/acme", json=hook)
    await gateway.post("/api/v1/contacts/acme/+5511987654321/block")
    await gateway.get(f"/api/v1/sessions?token={key['key']}")

    said = orjson.dumps(await entries(gateway)).decode()

    for canary in (text, secret, KEY, key["key"][16:], "5511987654321", "example.com"):
        assert canary not in said
    assert "+5511***" in said


async def test_a_tenant_that_is_deleted_is_not_named_any_more_and_what_was_done_stays(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("session.delete", {"deleted": True})
    tenant = "a-customer-with-a-name"
    key = await made_key(gateway)
    await gateway.post(f"/api/v1/messages/{tenant}/send", json={})
    for path in (tenant, "acme"):
        await gateway.post(f"/api/v1/sessions/{path}/stop")
    await gateway.post(f"/api/v1/sessions/{tenant}/stop", headers={"Authorization": f"Bearer {key['key']}"})

    assert (await gateway.request("DELETE", f"/api/v1/sessions/{tenant}")).status == 200

    found = await entries(gateway)
    assert tenant not in orjson.dumps(found).decode()
    assert sorted((one["action"], one["status"]) for one in found if one["tenantId"] == "a-custome***") == [
        ("deleteSession", 200),
        ("sendMessage", 400),
        ("stopSession", 200),
    ]
    assert [one["tenantId"] for one in found if one["action"] == "stopSession"].count("acme") == 1


async def test_entries_wait_for_redis_within_a_bound_and_the_lost_are_counted(gateway: Gateway) -> None:
    audit = gateway.app[AUDIT]
    for number in range(WAITING_MAX + 7):
        # In minutes of their own, so that none is only counted.
        audit.record(entry(at_ms=number * 60_000, kind="operator", action="x"))

    (lost,) = await wait_for(lambda: entries(gateway, "?action=auditEntriesLost"), seconds=20, every=0.1)
    assert lost["count"] == 7
    assert lost["kind"] == "gateway"
