"""API keys over REST: what they open, and that nobody gets more by them than they have."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from control.auth.key_format import key_id_of
from control.auth.scopes import GRANTABLE_SCOPES
from control.storage.redis import connect_redis
from tests.support.gateway import Answer, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, session
from tests.support.wait import wait_for

KEYS = "/api/v1/keys"
ALL = sorted(GRANTABLE_SCOPES)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def make(gateway: Gateway, *, by: str | None = None, **changes: Any) -> dict[str, Any]:
    wanted = {"name": "shop", "tenants": ["acme"], "scopes": ["sessions:read"], **changes}
    answer = await gateway.post(KEYS, json=wanted, headers=bearer(by) if by else None)
    assert answer.status == 201, answer.body
    return answer.json


async def looks(gateway: Gateway, key: str, tenant: str = "acme") -> Answer:
    return await gateway.get(f"/api/v1/sessions/{tenant}/status", headers=bearer(key))


@pytest.fixture(autouse=True)
def _sessions(bridge: ScriptedBridge) -> None:
    bridge.scripts["session.get"] = lambda params: session(params["tenantId"])


async def test_a_key_opens_its_tenants_and_scopes_and_nothing_else(gateway: Gateway) -> None:
    made = await make(gateway, tenants=["acme", "beta", "acme"])

    assert re.fullmatch(r"wk_live_[0-9A-Za-z]{36}", made["key"])
    assert made["key"].startswith(made["begins"])
    assert (made["tenants"], made["state"], made["lastUsedAt"]) == (["acme", "beta"], "active", None)
    assert (await looks(gateway, made["key"], "beta")).status == 200
    assert (await looks(gateway, made["key"], "other")).problem() == (404, "tenant_not_found")
    stop = await gateway.post("/api/v1/sessions/acme/stop", headers=bearer(made["key"]))
    assert stop.problem() == (403, "forbidden")
    assert "sessions:write" in stop.json["detail"]


async def test_a_key_is_shown_once_and_stored_as_its_hash(
    gateway: Gateway, redis_server: RedisServer, socket_dir: Path
) -> None:
    made = await make(gateway)
    secret = made["key"].removeprefix(made["begins"])

    for path in (KEYS, f"{KEYS}/{made['id']}"):
        assert secret.encode() not in (await gateway.get(path)).body
    redis = connect_redis(redis_server.url)
    for name in await redis.keys("*"):
        if await redis.type(name) == b"hash":
            assert not [value for value in await redis.hvals(name) if secret.encode() in value]  # type: ignore[misc]
    await redis.aclose()
    assert secret.encode() not in (socket_dir / "control" / "keys.sqlite").read_bytes()
    assert (socket_dir / "control" / "keys.sqlite").stat().st_mode & 0o077 == 0


async def test_keys_are_listed_a_page_at_a_time_and_by_who_made_them(gateway: Gateway) -> None:
    maker = await make(gateway, scopes=ALL)
    made = [await make(gateway, by=maker["key"], name=f"n{number}") for number in range(3)]
    ids = sorted([maker["id"], *(key["id"] for key in made)])

    first = (await gateway.get(f"{KEYS}?limit=3")).json
    rest = (await gateway.get(f"{KEYS}?limit=3&after={first['next']}")).json

    assert [key["id"] for key in first["keys"] + rest["keys"]] == ids
    assert rest["next"] is None
    by_maker = (await gateway.get(f"{KEYS}?createdBy={maker['id']}")).json["keys"]
    assert {key["id"] for key in by_maker} == {key["id"] for key in made}


async def test_a_key_sees_and_changes_only_keys_within_its_tenants(gateway: Gateway) -> None:
    admin = await make(gateway, scopes=ALL)
    others = [await make(gateway, tenants=tenants) for tenants in (["beta"], ["acme", "beta"], None)]
    as_admin = bearer(admin["key"])

    seen = (await gateway.get(KEYS, headers=as_admin)).json["keys"]
    assert [key["id"] for key in seen] == [admin["id"]]
    missing = await gateway.get(f"{KEYS}/AAAAAAAA", headers=as_admin)
    assert missing.problem() == (404, "key_not_found")
    for other in others:
        path = f"{KEYS}/{other['id']}"
        for answer in (
            await gateway.get(path, headers=as_admin),
            await gateway.request("PATCH", path, json={"name": "mine"}, headers=as_admin),
            await gateway.post(f"{path}/rotate", headers=as_admin),
            await gateway.request("DELETE", path, headers=as_admin),
        ):
            assert {**answer.json, "instance": ""} == {**missing.json, "instance": ""}
        assert (await looks(gateway, other["key"], "beta")).status == 200
    assert (await gateway.get(f"{KEYS}?tenantId=beta", headers=as_admin)).problem() == (404, "tenant_not_found")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"tenants": None}, (403, "forbidden")),
        ({"tenants": ["acme", "beta"]}, (404, "tenant_not_found")),
        ({"scopes": ["sessions:read", "audit:read"]}, (403, "forbidden")),
        ({"expiresAt": None}, (403, "forbidden")),
        ({"expiresAt": "2099-01-01T00:00:00Z"}, (403, "forbidden")),
    ],
    ids=["all tenants", "another tenant", "another scope", "no end", "a longer life"],
)
async def test_nobody_gets_more_by_making_or_changing_a_key(
    gateway: Gateway, change: dict[str, Any], problem: tuple[int, str]
) -> None:
    ends = "2090-01-01T00:00:00Z"
    admin = await make(gateway, scopes=["keys:read", "keys:write", "sessions:read"], expiresAt=ends)
    fine = {"name": "x", "tenants": ["acme"], "scopes": ["sessions:read"], "expiresAt": ends}

    refused = await gateway.post(KEYS, json={**fine, **change}, headers=bearer(admin["key"]))
    assert refused.problem() == problem
    made = await make(gateway, by=admin["key"], **fine)
    path = f"{KEYS}/{made['id']}"
    refused = await gateway.request("PATCH", path, json=change, headers=bearer(admin["key"]))
    assert refused.problem() == problem
    assert (await gateway.get(path)).json["expiresAt"] == "2090-01-01T00:00:00.000Z"


async def test_a_key_with_more_scopes_cannot_be_taken_over_by_rotating_or_changing_it(gateway: Gateway) -> None:
    admin = await make(gateway, scopes=["keys:write"])
    strong = await make(gateway, scopes=ALL)
    path, as_admin = f"{KEYS}/{strong['id']}", bearer(admin["key"])

    for answer in (
        await gateway.post(f"{path}/rotate", headers=as_admin),
        await gateway.request("PATCH", path, json={"scopes": ["keys:write"]}, headers=as_admin),
        await gateway.request("DELETE", path, headers=as_admin),
    ):
        assert answer.problem() == (403, "forbidden")
    assert (await looks(gateway, strong["key"])).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tenants": ["acme"], "scopes": ["sessions:read"]}, "name"),
        ({"name": " ", "tenants": ["acme"], "scopes": ["sessions:read"]}, "name"),
        ({"name": "x", "scopes": ["sessions:read"]}, "tenants"),
        ({"name": "x", "tenants": [], "scopes": ["sessions:read"]}, "tenants"),
        ({"name": "x", "tenants": ["a/b"], "scopes": ["sessions:read"]}, "tenants.0"),
        ({"name": "x", "tenants": None, "scopes": []}, "scopes"),
        ({"name": "x", "tenants": None, "scopes": ["installation"]}, "scopes.0"),
        ({"name": "x", "tenants": None, "scopes": ["all"]}, "scopes.0"),
        (
            {"name": "x", "tenants": None, "scopes": ["keys:read"], "expiresAt": "2020-01-01T00:00:00Z"},
            "expiresAt",
        ),
        ({"name": "x", "tenants": None, "scopes": ["keys:read"], "key": "wk_live_mine"}, "key"),
    ],
    ids=str,
)
async def test_a_body_that_is_wrong_is_named(gateway: Gateway, body: dict[str, Any], field: str) -> None:
    answer = await gateway.post(KEYS, json=body)

    assert answer.problem() == (400, "invalid_request")
    assert [error["field"] for error in answer.json["errors"]] == [field]


async def test_rotating_lets_the_key_before_work_until_the_overlap_ends(gateway: Gateway) -> None:
    made = await make(gateway)
    path = f"{KEYS}/{made['id']}/rotate"

    second = (await gateway.post(path, json={"overlapSeconds": 600})).json
    assert second["begins"] == made["begins"]
    assert second["previousValidUntil"] is not None
    assert [(await looks(gateway, key)).status for key in (made["key"], second["key"])] == [200, 200]

    third = (await gateway.post(path, json={"overlapSeconds": 0})).json
    assert third["previousValidUntil"] is None
    statuses = [(await looks(gateway, key)).status for key in (made["key"], second["key"], third["key"])]
    assert statuses == [401, 401, 200]


async def test_a_revoked_key_opens_nothing_at_once_and_stays_revoked(gateway: Gateway) -> None:
    made = await make(gateway)
    path = f"{KEYS}/{made['id']}"
    assert (await looks(gateway, made["key"])).status == 200

    gone = await gateway.request("DELETE", path)

    assert (gone.status, gone.json["state"]) == (200, "revoked")
    refused = await looks(gateway, made["key"])
    assert refused.problem() == (401, "unauthorized")
    assert refused.json["detail"] == "This API key was revoked."
    assert (await gateway.request("DELETE", path)).json["revokedAt"] == gone.json["revokedAt"]
    assert (await gateway.post(f"{path}/rotate")).problem() == (409, "key_revoked")
    assert (await gateway.request("PATCH", path, json={"name": "again"})).problem() == (409, "key_revoked")


async def test_a_change_is_in_force_at_once(gateway: Gateway) -> None:
    made = await make(gateway)
    changes = {"name": "other", "scopes": ["messages:read"], "tenants": ["beta"]}

    changed = await gateway.request("PATCH", f"{KEYS}/{made['id']}", json=changes)

    assert {name: changed.json[name] for name in changes} == changes
    assert (await looks(gateway, made["key"])).problem() == (404, "tenant_not_found")
    assert (await looks(gateway, made["key"], "beta")).problem() == (403, "forbidden")
    assert (await gateway.request("PATCH", f"{KEYS}/{made['id']}", json={})).problem() == (400, "invalid_request")


async def test_the_last_use_is_told_with_the_network_and_not_the_address(gateway: Gateway) -> None:
    made = await make(gateway)
    await looks(gateway, made["key"])

    async def used() -> Any:
        key = (await gateway.get(f"{KEYS}/{made['id']}")).json
        return key["lastUsedAt"] and key

    key = await wait_for(used, every=0.05)
    assert key["lastUsedFrom"] == "127.0.0.0/24"


@pytest.mark.parametrize("wrong", ["id", "secret", "checksum", "prefix"])
async def test_a_key_that_is_wrong_anywhere_opens_nothing(gateway: Gateway, wrong: str) -> None:
    key = (await make(gateway))["key"]
    position = {"prefix": 3, "id": 10, "secret": 25, "checksum": 43}[wrong]
    forged = key[:position] + ("a" if key[position] != "a" else "b") + key[position + 1 :]

    assert key_id_of(forged) is None
    assert (await looks(gateway, forged)).problem() == (401, "unauthorized")


async def test_a_key_bound_to_tenants_lists_their_sessions_only(gateway: Gateway, bridge: ScriptedBridge) -> None:
    made = await make(gateway, tenants=["acme", "beta", "gamma"])
    bridge.answers("session.list", {"sessions": [session("other")], "hasMore": False})

    first = (await gateway.get("/api/v1/sessions?limit=2", headers=bearer(made["key"]))).json
    rest = (await gateway.get("/api/v1/sessions?limit=2&after=beta", headers=bearer(made["key"]))).json

    assert [one["tenantId"] for one in first["sessions"]] == ["acme", "beta"]
    assert first["next"] == "beta"
    assert ([one["tenantId"] for one in rest["sessions"]], rest["next"]) == (["gamma"], None)
    assert {"limit": 2} not in bridge.called("session.list")


async def test_every_valid_key_hears_that_an_address_is_none(gateway: Gateway) -> None:
    key = (await make(gateway))["key"]

    assert (await gateway.get("/api/v1/nothing", headers=bearer(key))).problem() == (404, "not_found")
    assert (await gateway.post("/health", headers=bearer(key))).problem() == (405, "method_not_allowed")
    assert (await gateway.get("/api/v1/nothing", headers=bearer(f"{key}x"))).problem() == (401, "unauthorized")


class TestWhenRedisIsNotThere:
    @pytest.fixture
    async def server(self) -> AsyncIterator[RedisServer]:
        with RedisServer.started() as server:
            yield server

    @pytest.fixture
    async def own(
        self, server: RedisServer, bridge: ScriptedBridge, socket_dir: Path, key_prefix: str
    ) -> AsyncIterator[Gateway]:
        async with running_gateway(
            settings_for(socket_dir, redis_url=server.url, redis_prefix=key_prefix)
        ) as running:
            yield running

    async def test_keys_that_were_good_go_on_and_about_others_nothing_is_said(
        self, own: Gateway, server: RedisServer
    ) -> None:
        used, unused = await make(own), await make(own)
        assert (await looks(own, used["key"])).status == 200
        server.stop()

        assert (await looks(own, used["key"])).status == 200
        assert (await looks(own, unused["key"])).problem() == (503, "redis_unavailable")
        assert (await looks(own, "wk_live_" + "a" * 36)).problem() == (401, "unauthorized")
        revoking = await own.request("DELETE", f"{KEYS}/{used['id']}")
        assert revoking.problem() == (503, "redis_unavailable")

    async def test_a_redis_that_lost_everything_gets_its_keys_and_revocations_back(
        self, own: Gateway, server: RedisServer, key_prefix: str
    ) -> None:
        kept, revoked = await make(own), await make(own)
        await own.request("DELETE", f"{KEYS}/{revoked['id']}")
        redis = connect_redis(server.url)
        await redis.flushall()
        await redis.aclose()

        assert (await looks(own, kept["key"])).status == 200
        assert (await looks(own, revoked["key"])).json["detail"] == "This API key was revoked."
        states = {key["id"]: key["state"] for key in (await own.get(KEYS)).json["keys"]}
        assert states == {kept["id"]: "active", revoked["id"]: "revoked"}
