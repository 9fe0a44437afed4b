"""What a tenant can do with its session beyond starting it: pairing code, restart, proxy, list, delete."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from control.log import JsonFormatter
from control.storage.keys import Keys
from control.storage.redis import connect_redis, execute
from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms, session
from tests.support.scripted_journal import ScriptedJournal
from tests.support.wait import wait_for

TENANT = "/api/v1/sessions/acme"
SECRET_PROXY = "http://proxy-user:s3cr3t-Pass@8.8.8.8:3128"


async def test_a_pairing_code_is_spelled_as_the_phone_shows_it(gateway: Gateway, bridge: ScriptedBridge) -> None:
    code = {"code": "ABCDEFGH", "expiresAtMs": now_ms() + 60_000}
    bridge.answers("session.pairingCode", {"pairingCode": code, "session": session("acme", "qr")})

    answer = await gateway.post(f"{TENANT}/pairing-code", json={"phoneNumber": "+55 (11) 99999-9999"})

    assert answer.status == 200
    assert (answer.json["success"], answer.json["code"]) == (True, "ABCD-EFGH")
    assert answer.json["expiresAt"].endswith("Z")
    assert answer.json["pairingCode"] == "ABCD-EFGH"
    assert bridge.called("session.pairingCode") == [{"tenantId": "acme", "phoneNumber": "+5511999999999"}]


async def test_a_status_shows_the_pairing_code_while_it_can_be_typed(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    for left_ms, shown in ((60_000, "ABCD-EFGH"), (-1, None)):
        code = {"code": "ABCDEFGH", "expiresAtMs": now_ms() + left_ms}
        bridge.answers("session.get", session("acme", "qr", pairingCode=code))

        assert (await gateway.get(f"{TENANT}/status")).json["pairingCode"] == shown


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, (400, "invalid_request")),
        ({"phoneNumber": 5511999999999}, (400, "invalid_request")),
        ({"phoneNumber": ""}, (400, "invalid_request")),
        ({"phoneNumber": "+5511999999999", "x": 1}, (400, "invalid_request")),
        ({"phoneNumber": "12"}, (422, "invalid_phone_number")),
        ({"phoneNumber": "abc"}, (422, "invalid_phone_number")),
        ({"phoneNumber": "5511999999999@s.whatsapp.net"}, (422, "invalid_phone_number")),
        ({"phoneNumber": "+999999999999999"}, (422, "invalid_phone_number")),
    ],
    ids=str,
)
async def test_what_is_no_phone_number_never_reaches_whatsapp(
    gateway: Gateway, bridge: ScriptedBridge, body: dict[str, Any], problem: tuple[int, str]
) -> None:
    answer = await gateway.post(f"{TENANT}/pairing-code", json=body)

    assert answer.problem() == problem
    assert answer.json["errors"][0]["field"] in ("phoneNumber", "x")
    assert not bridge.called("session.pairingCode")


FAULTS = [
    ("POST", "start", "session.start", "memory_limit_reached", 503),
    ("POST", "start", "session.start", "owned_elsewhere", 409),
    ("POST", "restart", "session.restart", "session_not_found", 404),
    ("POST", "restart", "session.restart", "whatsapp_unreachable", 503),
    ("POST", "pairing-code", "session.pairingCode", "session_already_paired", 409),
    ("POST", "pairing-code", "session.pairingCode", "pairing_code_refused", 502),
    ("POST", "logout", "session.logout", "session_not_found", 404),
    ("PUT", "proxy", "session.setProxy", "proxy_unreachable", 422),
    ("PUT", "proxy", "session.setProxy", "session_not_found", 404),
    ("DELETE", "proxy", "session.get", "session_not_found", 404),
    ("DELETE", "", "session.delete", "store_unavailable", 503),
]


@pytest.mark.parametrize(("verb", "path", "method", "name", "status"), FAULTS, ids=str)
async def test_each_verb_passes_the_bridge_s_errors_on(
    gateway: Gateway, bridge: ScriptedBridge, verb: str, path: str, method: str, name: str, status: int
) -> None:
    bridge.answers(method, Fault(name))
    bodies = {"pairing-code": {"phoneNumber": "+5511999999999"}, "proxy": {"proxyUrl": SECRET_PROXY}}
    body = {"json": bodies[path]} if verb != "DELETE" and path in bodies else {}

    answer = await gateway.request(verb, f"{TENANT}/{path}".rstrip("/"), **body)

    assert answer.problem() == (status, name)


async def test_restarting_waits_like_a_start(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("session.restart", session("acme", phoneNumber="+5511999999999"))

    answer = await gateway.post(f"{TENANT}/restart")

    assert (answer.status, answer.json["success"], answer.json["connected"]) == (200, True, True)
    assert bridge.called("session.restart") == [{"tenantId": "acme", "waitMs": 20_000}]


async def test_a_restricted_session_that_is_open_is_connected_and_says_until_when(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    restricted = {"reason": "restricted_by_whatsapp", "whatsappCode": 463, "restrictedUntilMs": 1_795_435_218_000}
    bridge.answers("session.get", session("acme", "restricted", **restricted))

    answer = (await gateway.get(f"{TENANT}/status")).json

    assert (answer["connected"], answer["status"]) == (True, "restricted")
    assert (answer["whatsappCode"], answer["restrictedUntil"]) == (463, "2026-11-23T12:00:18.000Z")
    assert "until 2026-11-23 12:00 UTC" in answer["message"]


async def test_a_session_that_tries_again_says_when_and_how_often_it_failed(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    trying = {"reason": "dns_failure", "retryAtMs": 1_795_435_218_000, "attempt": 4}
    bridge.answers("session.get", session("acme", "reconnecting", **trying))

    answer = (await gateway.get(f"{TENANT}/status")).json

    assert (answer["connected"], answer["reason"], answer["attempt"]) == (False, "dns_failure", 4)
    assert answer["retryAt"] == "2026-11-23T12:00:18.000Z"


async def test_sessions_are_listed_a_page_at_a_time_without_their_codes(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    code = {"text": "2@secret", "expiresAtMs": now_ms() + 60_000}
    pages = {None: [session("a"), session("b", "qr", qr=code)], "b": [session("c", "failed")]}
    bridge.scripts["session.list"] = lambda params: {
        "sessions": pages[params.get("after")],
        "hasMore": params.get("after") is None,
    }

    first = await gateway.get("/api/v1/sessions?limit=2")
    second = await gateway.get("/api/v1/sessions", params={"limit": 2, "after": first.json["next"]})

    assert [(one["tenantId"], one["status"]) for one in first.json["sessions"]] == [
        ("a", "connected"),
        ("b", "qr"),
    ]
    assert first.json["next"] == "b"
    assert (second.json["sessions"][0]["tenantId"], second.json["next"]) == ("c", None)
    assert b"2@secret" not in first.body
    assert {"limit": 2} in bridge.called("session.list")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=-1", "limit=1e2", "limit=%C2%B2"])
async def test_a_wrong_limit_is_refused(gateway: Gateway, query: str) -> None:
    assert (await gateway.get(f"/api/v1/sessions?{query}")).problem() == (400, "invalid_request")


async def test_a_page_begins_after_a_tenant_id(gateway: Gateway) -> None:
    assert (await gateway.get("/api/v1/sessions?after=../x")).problem() == (400, "invalid_tenant_id")


async def test_a_proxy_is_set_and_removed_and_never_shown(
    gateway: Gateway, bridge: ScriptedBridge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bridge.scripts["session.setProxy"] = lambda params: session("acme", hasProxy="proxyUrl" in params)
    bridge.answers("session.get", session("acme", hasProxy=True))

    put = await gateway.request("PUT", f"{TENANT}/proxy", json={"proxyUrl": SECRET_PROXY})
    removed = await gateway.request("DELETE", f"{TENANT}/proxy")

    assert (put.status, put.json["success"], put.json["hasProxy"]) == (200, True, True)
    assert (removed.status, removed.json["hasProxy"]) == (200, False)
    assert bridge.called("session.setProxy") == [
        {"tenantId": "acme", "proxyUrl": SECRET_PROXY},
        {"tenantId": "acme"},
    ]
    logged = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    for part in ("s3cr3t", "proxy-user", "8.8.8.8"):
        assert part.encode() not in put.body + removed.body
        assert part not in logged


async def test_removing_a_proxy_that_is_not_there_costs_no_connection(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("session.get", session("acme"))

    removed = await gateway.request("DELETE", f"{TENANT}/proxy")

    assert (removed.status, removed.json["connected"], removed.json["hasProxy"]) == (200, True, False)
    assert not bridge.called("session.setProxy")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://8.8.8.8:21",
        "8.8.8.8:3128",
        "http://",
        "http://:3128",
        "http://8.8.8.8:99999",
        "socks4://8.8.8.8:1080",
        "socks5://8.8.8.8",
        "http://8.8.8.8:3128/path",
        "http://8.8.8.8:3128?x=1",
        "http://u:s3cr3t@8.8.8.8 :3128",
        "http://127.0.0.1:3128",
        "http://u:s3cr3t@[::1]:3128",
        "http://localhost:6379",
        "socks5://169.254.169.254:80",
        "http://0x7f000001:80",
        "javascript:alert(1)",
    ],
)
async def test_what_is_no_proxy_or_an_internal_one_is_refused_without_repeating_it(
    gateway: Gateway, bridge: ScriptedBridge, url: str
) -> None:
    answer = await gateway.request("PUT", f"{TENANT}/proxy", json={"proxyUrl": url})

    assert answer.problem() == (422, "proxy_url_refused")
    assert b"s3cr3t" not in answer.body
    assert not bridge.called("session.setProxy")


async def test_an_error_never_repeats_the_proxy_s_password(gateway: Gateway, bridge: ScriptedBridge) -> None:
    answer = await gateway.request("PUT", f"{TENANT}/proxy", json={"proxyUrl": "http://u:s3cr3t@h:1" + "x" * 600})

    assert answer.problem() == (400, "invalid_request")
    assert b"s3cr3t" not in answer.body


async def test_deleting_removes_everything_redis_holds_of_the_tenant_and_of_nobody_else(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    journal = ScriptedJournal(bridge)
    bridge.answers("session.delete", {"deleted": True})
    bridge.scripts["session.start"] = lambda params: session(params["tenantId"])
    settings = settings_for(
        socket_dir,
        redis_url=redis_server.url,
        redis_prefix=key_prefix,
        webhook_url="https://192.0.2.1/",
        webhook_secret="sixteen-characters!",
    )
    redis, keys = connect_redis(redis_server.url), Keys(key_prefix)

    async def left(tenant: str) -> list[bytes]:
        return list(await execute(redis, "KEYS", f"{key_prefix}:{{{tenant}}}:*"))

    async with running_gateway(settings) as gateway:
        for tenant in ("acme", "acme2"):
            await gateway.post(f"/api/v1/sessions/{tenant}/start")
            journal.qr(tenant, "2@a")
            journal.status(tenant, "connected")
        await wait_for(lambda: journal.acked == len(journal.events))
        assert len(await left("acme")) >= 3
        others = len(await left("acme2"))

        deleted = await gateway.request("DELETE", TENANT)
        # An event that was on its way while the session was deleted.
        journal.status("acme", "disconnected", reason="deleted")
        await wait_for(lambda: journal.acked == len(journal.events))

        assert (deleted.status, deleted.json["deleted"]) == (200, True)
        assert await left("acme") == []
        assert len(await left("acme2")) == others
        assert not await execute(redis, "SISMEMBER", keys.tenants(), "acme")

        # Idempotent, and a new session is kept although its predecessor was deleted.
        bridge.answers("session.delete", {"deleted": False})
        again = await gateway.request("DELETE", TENANT)
        assert (again.status, again.json["success"], again.json["deleted"]) == (200, True, False)
        await gateway.post(f"{TENANT}/start")
        journal.add("acme", {"type": "session.status", "state": "connected", "sinceMs": now_ms()})
        await wait_for(lambda: journal.acked == len(journal.events))
        assert len(await left("acme")) >= 3
    await redis.aclose()


async def test_a_deletion_without_redis_says_so_and_is_done_when_asked_again(
    bridge: ScriptedBridge, socket_dir: Path
) -> None:
    bridge.answers("session.delete", {"deleted": True})
    with RedisServer.started() as redis:
        async with running_gateway(settings_for(socket_dir, redis_url=redis.url)) as gateway:
            redis.kill()
            assert (await gateway.request("DELETE", TENANT)).problem() == (503, "redis_unavailable")
            redis.start()
            assert (await gateway.request("DELETE", TENANT)).status == 200
