"""Tenants over REST: the life of one, what its keys may, and what the operator may while it is suspended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.gateway import Answer, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.s3_server import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Object, S3Server
from tests.support.scripted_bridge import Fault, ScriptedBridge, session
from tests.support.scripted_outbox import ScriptedOutbox
from tests.support.wait import wait_for

TENANTS = "/api/v1/tenants"
ACME = f"{TENANTS}/acme"
SEND = "/api/v1/messages/acme/send"
TEXT = {"to": "+5511999999999", "message": "hello"}
SCOPES = ["tenants:read", "tenants:write", "sessions:read", "sessions:write", "messages:send", "messages:read"]


@pytest.fixture(autouse=True)
def usual(bridge: ScriptedBridge) -> None:
    bridge.scripts["session.get"] = lambda params: session(params["tenantId"])
    bridge.scripts["session.start"] = lambda params: session(params["tenantId"])
    bridge.scripts["session.stop"] = lambda params: session(params["tenantId"], "disconnected")
    bridge.answers("session.delete", {"deleted": True})
    bridge.answers("store.usage", {"mediaFiles": 2, "mediaBytes": 3_000_000, "spoolFiles": 1, "spoolBytes": 500})
    ScriptedOutbox(bridge)


@pytest.fixture
async def strict(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Gateway]:
    """Only the operator creates tenants, and nobody sends more than three messages a day."""
    settings = settings_for(
        socket_dir,
        redis_url=redis_server.url,
        redis_prefix=key_prefix,
        tenant_creation="operator",
        quota_messages_per_day=3,
    )
    async with running_gateway(settings) as running:
        yield running


async def created(gateway: Gateway, tenant: str = "acme", **changes: Any) -> dict[str, Any]:
    answer = await gateway.post(TENANTS, json={"tenantId": tenant, **changes})
    assert answer.status == 201, answer.body
    return dict(answer.json["tenant"])


async def key_of(gateway: Gateway, *tenants: str) -> dict[str, str]:
    """Headers with a key that is bound to tenants, or to none."""
    wanted = {"name": "test", "tenants": list(tenants) or None, "scopes": SCOPES}
    answer = await gateway.post("/api/v1/keys", json=wanted)
    assert answer.status == 201, answer.body
    return {"Authorization": f"Bearer {answer.json['key']}"}


async def usage_of(gateway: Gateway, tenant: str = "acme") -> dict[str, Any]:
    return dict((await gateway.get(f"{TENANTS}/{tenant}/usage")).json["total"])


async def test_a_tenant_is_created_looked_at_changed_and_listed(gateway: Gateway) -> None:
    made = await created(gateway, name="Acme Ltd", labels={"plan": "gold"}, quotas={"messagesPerDay": 1000})

    assert (made["state"], made["createdBy"], made["labels"]) == ("active", "operator", {"plan": "gold"})
    assert made["quotas"] == {"messagesPerDay": 1000, "storageMb": None, "webhooks": None}
    again = await gateway.post(TENANTS, json={"tenantId": "acme"})
    assert again.problem() == (409, "tenant_exists")
    await created(gateway, "beta")
    changed = await gateway.request("PATCH", ACME, json={"quotas": {"storageMb": 50, "messagesPerDay": None}})
    assert changed.json["tenant"]["quotas"] == {"messagesPerDay": None, "storageMb": 50, "webhooks": None}
    assert changed.json["tenant"]["name"] == "Acme Ltd"
    looked = (await gateway.get(ACME)).json
    assert looked["used"]["storageBytes"] == 3_000_500
    assert looked["used"]["messagesToday"] == 0
    first = (await gateway.get(TENANTS, params={"limit": "1"})).json
    assert ([one["tenantId"] for one in first["tenants"]], first["next"]) == (["acme"], "acme")
    second = (await gateway.get(TENANTS, params={"after": "acme"})).json
    assert ([one["tenantId"] for one in second["tenants"]], second["next"]) == (["beta"], None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "tenantId"),
        ({"tenantId": "acme", "quotas": {"messagesPerDay": -1}}, "quotas.messagesPerDay"),
        ({"tenantId": "acme", "quotas": {"pigeons": 1}}, "quotas.pigeons"),
        ({"tenantId": "acme", "labels": {"a b": "c"}}, "labels"),
        ({"tenantId": "acme", "labels": {f"n{n}": "" for n in range(21)}}, "labels"),
        ({"tenantId": "acme", "name": ""}, "name"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_is_wrong_with_a_tenant_is_said(gateway: Gateway, body: dict[str, Any], field: str) -> None:
    answer = await gateway.post(TENANTS, json=body)
    assert answer.problem() == (400, "invalid_request")
    assert answer.json["errors"][0]["field"].startswith(field)
    for tenant in ("../x", "a b", "-x"):
        assert (await gateway.post(TENANTS, json={"tenantId": tenant})).problem() == (400, "invalid_tenant_id")
    assert (await gateway.get(TENANTS)).json["tenants"] == []


async def test_a_start_creates_a_tenant_and_a_look_at_nobody_none(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("session.get", Fault("session_not_found"))
    assert (await gateway.get("/api/v1/sessions/nobody/status")).problem() == (404, "session_not_found")
    assert (await gateway.get(f"{TENANTS}/nobody")).problem() == (404, "tenant_not_found")
    assert (await gateway.get(f"{TENANTS}/nobody/usage")).problem() == (404, "tenant_not_found")
    assert (await gateway.request("DELETE", f"{TENANTS}/nobody")).problem() == (404, "tenant_not_found")
    assert (await gateway.post("/api/v1/sessions/acme/start")).status == 200
    listed = (await gateway.get(TENANTS)).json["tenants"]
    assert [(one["tenantId"], one["createdBy"]) for one in listed] == [("acme", "start")]


async def test_where_only_the_operator_creates_nobody_else_gets_in(
    strict: Gateway, bridge: ScriptedBridge
) -> None:
    known = bridge.scripts["session.get"]
    # Else it would be taken for a tenant of an older version, until those are taken in.
    bridge.answers("session.get", Fault("session_not_found"))
    for method, path in (("POST", "start"), ("GET", "status"), ("DELETE", "")):
        answer = await strict.request(method, f"/api/v1/sessions/acme/{path}".rstrip("/"))
        assert answer.problem() == (404, "tenant_not_found")
    assert not bridge.called("session.start")
    bridge.scripts["session.get"] = known
    await created(strict)
    assert (await strict.post("/api/v1/sessions/acme/start")).status == 200
    # Deleting the session leaves the tenant, so that it can start again.
    assert (await strict.request("DELETE", "/api/v1/sessions/acme")).status == 200
    assert (await strict.post("/api/v1/sessions/acme/start")).status == 200


async def test_sessions_of_an_older_version_become_tenants_by_themselves(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    bridge.answers("session.list", {"sessions": [session("old-1"), session("old-2")], "hasMore": False})
    settings = settings_for(
        socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix, tenant_creation="operator"
    )
    async with running_gateway(settings) as gateway:
        # At once, also when nobody was taken in yet.
        assert (await gateway.get("/api/v1/sessions/old-1/status")).status == 200

        async def taken_in() -> bool:
            listed = (await gateway.get(TENANTS)).json["tenants"]
            return [(one["tenantId"], one["createdBy"]) for one in listed] == [
                ("old-1", "existing"),
                ("old-2", "existing"),
            ]

        await wait_for(taken_in)


async def test_a_bound_key_sees_itself_and_decides_nothing(gateway: Gateway) -> None:
    await created(gateway, quotas={"messagesPerDay": 5})
    await created(gateway, "beta")
    mine = await key_of(gateway, "acme", "not-there")

    assert [one["tenantId"] for one in (await gateway.get(TENANTS, headers=mine)).json["tenants"]] == ["acme"]
    assert (await gateway.get(ACME, headers=mine)).json["tenant"]["quotas"]["messagesPerDay"] == 5
    assert (await gateway.get(f"{ACME}/usage", headers=mine)).status == 200
    everybody = (await gateway.get("/api/v1/usage", headers=mine)).json["tenants"]
    assert [one["tenantId"] for one in everybody] == ["acme"]
    assert (await gateway.get(f"{TENANTS}/beta", headers=mine)).problem() == (404, "tenant_not_found")
    named = await gateway.request("PATCH", ACME, json={"name": "Me"}, headers=mine)
    assert named.json["tenant"]["name"] == "Me"
    forbidden: tuple[tuple[str, str, Any], ...] = (
        ("PATCH", ACME, {"quotas": {"messagesPerDay": 0}}),
        ("POST", f"{ACME}/suspend", {}),
        ("POST", f"{ACME}/resume", {}),
        ("DELETE", ACME, None),
        ("POST", TENANTS, {"tenantId": "more"}),
    )
    for method, path, body in forbidden:
        answer = await gateway.request(method, path, json=body, headers=mine)
        assert answer.problem() == (403, "forbidden"), (method, path)
    assert (await gateway.get(ACME)).json["tenant"]["quotas"]["messagesPerDay"] == 5
    # The same key, bound to nobody, may.
    free = await key_of(gateway)
    assert (await gateway.request("DELETE", f"{TENANTS}/beta", headers=free)).status == 200


async def test_a_suspended_tenant_gets_and_sends_nothing_and_its_number_is_disconnected(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    await created(gateway)
    await created(gateway, "beta")
    mine, both = await key_of(gateway, "acme"), await key_of(gateway, "acme", "beta")

    suspended = await gateway.post(f"{ACME}/suspend", json={"reason": "unpaid"})

    assert suspended.json["tenant"]["state"] == "suspended"
    assert suspended.json["tenant"]["suspensionReason"] == "unpaid"
    assert bridge.called("session.stop") == [{"tenantId": "acme"}]
    status = "/api/v1/sessions/acme/status"
    for headers in (mine, both):
        for method, path in (("GET", status), ("POST", SEND), ("GET", ACME), ("DELETE", ACME)):
            answer = await gateway.request(method, path, json=TEXT if method == "POST" else None, headers=headers)
            assert answer.problem() == (403, "tenant_suspended"), (method, path)
            assert "unpaid" not in answer.body.decode()
    assert (await gateway.get("/api/v1/sessions/beta/status", headers=both)).status == 200
    # The operator looks and deletes, but starts and sends nothing either.
    assert (await gateway.get("/api/v1/sessions/acme/status")).status == 200
    for path in (SEND, "/api/v1/sessions/acme/start", "/api/v1/sessions/acme/restart"):
        assert (await gateway.post(path, json=TEXT)).problem() == (403, "tenant_suspended")
    assert not bridge.called("message.send")

    resumed = await gateway.post(f"{ACME}/resume")

    assert resumed.json["tenant"]["state"] == "active"
    assert bridge.called("session.start") == [{"tenantId": "acme", "waitMs": 0}]
    assert (await gateway.post(SEND, json=TEXT, headers=mine)).status == 200


async def test_a_session_that_did_not_run_is_not_started_by_resuming(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.scripts["session.get"] = lambda params: session(params["tenantId"], "logged_out")
    await created(gateway)
    await gateway.post(f"{ACME}/suspend")
    await gateway.post(f"{ACME}/suspend", json={"reason": "again"})
    assert (await gateway.post(f"{ACME}/resume")).json["tenant"]["state"] == "active"
    assert (await gateway.post(f"{ACME}/resume")).status == 200
    assert not bridge.called("session.stop")
    assert not bridge.called("session.start")


async def test_the_day_s_messages_end_at_the_quota_and_repeated_and_refused_ones_do_not_count(
    strict: Gateway, bridge: ScriptedBridge
) -> None:
    await created(strict)

    async def send(key: str | None = None) -> Answer:
        return await strict.post(SEND, json=TEXT, headers={"Idempotency-Key": key} if key else None)

    assert (await send("a")).status == 200
    assert (await send("a")).headers["idempotent-replayed"] == "true"
    before = bridge.scripts["message.send"]
    bridge.answers("message.send", Fault("session_not_connected"))
    assert (await send()).status == 409
    bridge.scripts["message.send"] = before
    assert [(await send()).status for _ in range(2)] == [200, 200]
    over = await send()
    assert over.problem() == (429, "quota_exceeded")
    assert {name: over.json[name] for name in ("quota", "limit", "used")} == {
        "quota": "messagesPerDay",
        "limit": 3,
        "used": 3,
    }
    assert 0 < int(over.headers["retry-after"]) <= 86_401
    # What was answered before is answered again, quota or not.
    assert (await send("a")).headers["idempotent-replayed"] == "true"
    batch = await strict.post(
        "/api/v1/messages/acme/batch",
        json={"message": "x", "recipients": [{"to": "+5511999999998"}]},
    )
    assert batch.problem() == (429, "quota_exceeded")
    assert (await strict.get(ACME)).json["used"]["messagesToday"] == 3
    await strict.request("PATCH", ACME, json={"quotas": {"messagesPerDay": 4}})
    assert [(await send()).status for _ in range(2)] == [200, 429]
    assert (await usage_of(strict))["messages"]["accepted"] == 4


async def test_files_and_webhooks_have_their_quotas(gateway: Gateway, bridge: ScriptedBridge) -> None:
    await created(gateway, quotas={"storageMb": 2, "webhooks": 1})
    data = "data:text/plain;base64,aGVsbG8="
    file = {"to": "+5511999999999", "type": "document", "mediaBase64": data, "fileName": "a.txt"}
    refused = await gateway.post(SEND, json=file)
    assert refused.problem() == (409, "storage_quota_exceeded")
    assert refused.json["quota"] == "storageMb"
    assert not bridge.called("message.send")
    assert (await gateway.post(SEND, json=TEXT)).status == 200
    await gateway.request("PATCH", ACME, json={"quotas": {"storageMb": 3}})
    assert (await gateway.post(SEND, json=file)).status == 200

    hook = {"url": "https://example.com/hook"}
    assert (await gateway.post("/api/v1/webhooks/acme", json=hook)).status == 201
    second = await gateway.post("/api/v1/webhooks/acme", json=hook)
    assert second.problem() == (409, "too_many_webhooks")
    assert second.json["limit"] == 1


async def test_usage_is_told_by_day_and_in_all(gateway: Gateway) -> None:
    await created(gateway)
    await created(gateway, "beta")
    for _ in range(2):
        await gateway.post(SEND, json=TEXT)
    usage = (await gateway.get(f"{ACME}/usage")).json
    assert len(usage["days"]) == 1
    # The two sends, and the question itself.
    assert (usage["total"]["messages"]["accepted"], usage["total"]["requests"]) == (2, 3)
    # The answers said so, and no event will.
    assert usage["total"]["messages"]["sent"] == 2
    assert usage["days"][0]["messages"] == usage["total"]["messages"]
    long_ago = await gateway.get(f"{ACME}/usage", params={"from": "2024-01-01", "to": "2024-12-31"})
    assert (long_ago.json["days"], long_ago.json["total"]["requests"]) == ([], 0)
    page = (await gateway.get("/api/v1/usage", params={"limit": "1"})).json
    assert ([one["tenantId"] for one in page["tenants"]], page["next"]) == (["acme"], "acme")
    backwards = {"from": "2026-02-02", "to": "2026-02-01"}
    for wrong in ({"from": "yesterday"}, {"from": "2026-02-30"}, backwards, {"day": "1"}):
        assert (await gateway.get(f"{ACME}/usage", params=wrong)).problem() == (400, "invalid_request")
    too_long = await gateway.get(f"{ACME}/usage", params={"from": "2024-01-01", "to": "2026-01-01"})
    assert too_long.problem() == (400, "invalid_request")


async def test_a_deleted_tenant_is_gone_with_its_keys_and_all_that_control_wrote(
    gateway: Gateway, bridge: ScriptedBridge, socket_dir: Path
) -> None:
    tenant = "tenant-to-forget-2718"
    await created(gateway, tenant, name="A name to forget 1618", quotas={"messagesPerDay": 5})
    mine = await key_of(gateway, tenant)
    both = await key_of(gateway, tenant, "acme")
    assert (await gateway.post(f"/api/v1/messages/{tenant}/send", json=TEXT, headers=mine)).status == 200
    await gateway.post(f"/api/v1/webhooks/{tenant}", json={"url": "https://example.com/hook"})

    deleted = await gateway.request("DELETE", f"{TENANTS}/{tenant}")

    assert deleted.json == {"success": True, "deleted": True, "tenantId": tenant}
    assert bridge.called("session.delete") == [{"tenantId": tenant}]
    assert (await gateway.get(f"{TENANTS}/{tenant}", headers=mine)).status == 401
    assert (await gateway.get(f"{TENANTS}/{tenant}", headers=both)).problem() == (404, "tenant_not_found")
    assert (await gateway.get(f"{TENANTS}/{tenant}")).problem() == (404, "tenant_not_found")
    again = await created(gateway, tenant)
    assert (again["name"], again["quotas"]["messagesPerDay"]) == (None, None)
    assert (await gateway.get(f"{TENANTS}/{tenant}")).json["used"]["messagesToday"] == 0
    await gateway.request("DELETE", f"{TENANTS}/{tenant}")
    for name in ("tenants.sqlite", "usage.sqlite", "webhooks.sqlite"):
        assert tenant.encode() not in (socket_dir / "control" / name).read_bytes(), name
        assert b"to forget 1618" not in (socket_dir / "control" / name).read_bytes(), name


@pytest.mark.parametrize("fails", ["session.delete", "session.get"])
async def test_a_deletion_that_failed_is_finished_by_asking_again(
    gateway: Gateway, bridge: ScriptedBridge, fails: str
) -> None:
    await created(gateway)
    mine = await key_of(gateway, "acme")
    before: Callable[..., Any] = bridge.scripts[fails]
    bridge.answers(fails, Fault("store_unavailable"))
    failed = await gateway.request("DELETE", ACME)
    if fails == "session.delete":
        assert failed.problem() == (503, "store_unavailable")
        # Nobody works with what is half gone.
        assert (await gateway.get(ACME, headers=mine)).problem() == (403, "tenant_suspended")
        bridge.scripts[fails] = before
        failed = await gateway.request("DELETE", ACME)
    assert failed.status == 200
    assert (await gateway.get(ACME)).problem() == (404, "tenant_not_found")


async def test_deleting_a_session_or_a_tenant_empties_its_part_of_the_bucket(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    async with S3Server() as s3:
        settings = settings_for(
            socket_dir,
            redis_url=redis_server.url,
            redis_prefix=key_prefix,
            media_s3_endpoint=s3.url,
            media_s3_bucket=BUCKET,
            media_s3_region=REGION,
            media_s3_access_key=ACCESS_KEY,
            media_s3_secret_key=SECRET_KEY,
            media_s3_prefix="media/",
        )
        for tenant in ("acme", "beta", "acme-2"):
            s3.objects[f"media/{tenant}/med_1"] = Object(b"x", {})
        async with running_gateway(settings) as gateway:
            await created(gateway)
            assert (await gateway.request("DELETE", ACME)).status == 200
            await wait_for(lambda: set(s3.objects) == {"media/beta/med_1", "media/acme-2/med_1"})
            assert (await gateway.request("DELETE", "/api/v1/sessions/beta")).status == 200
            await wait_for(lambda: set(s3.objects) == {"media/acme-2/med_1"})
        assert not s3.refused
