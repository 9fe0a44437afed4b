"""Connect links as applications make, list and revoke them, and how each of them ends."""

from __future__ import annotations

import base64
import io
import struct
import time
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from control.api.context import CONNECT_LINKS
from control.auth import connect_links
from control.auth.connect_link import FINISHED_AFTER_MS
from control.auth.jwt import LEEWAY_SECONDS
from control.storage.redis import connect_redis, execute
from tests.support.connect_visits import LINK, LINKS, bearer, new_link, open_link, suspend, token_of, visit
from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms, session
from tests.support.scripted_journal import ScriptedJournal
from tests.support.wait import wait_for


def png(width: int = 8, height: int = 8, padding: int = 0) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1 + (width + 7) // 8) * min(height, 8))
    whole = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(whole + b"\0" * padding).decode()


@pytest.fixture(autouse=True)
def _no_session(bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", Fault("session_not_found"))


@pytest.fixture
def ahead(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Milliseconds that the clock of links is ahead."""
    shift = {"ms": 0}
    links = gateway.app[CONNECT_LINKS]
    monkeypatch.setattr(links, "_now_ms", lambda: time.time_ns() // 1_000_000 + shift["ms"])
    monkeypatch.setattr(links._signer, "_clock", lambda: time.time() + shift["ms"] / 1000)
    return shift


async def test_a_link_has_its_token_behind_the_sign_that_browsers_do_not_send(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> None:
    settings = settings_for(
        socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix, base_url="https://wa.example/gateway/"
    )
    async with running_gateway(settings) as gateway:
        link = await new_link(gateway)

    assert link["url"].startswith("https://wa.example/gateway/connect#eyJ")
    assert (link["method"], link["status"], link["uses"], link["maxUses"]) == ("both", "open", 0, None)
    assert (link["language"], link["returnUrl"]) == (None, None)
    assert link["brand"] == {"name": None, "color": None, "hasLogo": False}
    lasts = datetime.fromisoformat(link["expiresAt"]) - datetime.fromisoformat(link["createdAt"])
    assert 3_598 < lasts.total_seconds() <= 3_600


async def test_making_a_link_starts_nothing(gateway: Gateway, bridge: ScriptedBridge) -> None:
    await new_link(gateway)

    assert not bridge.called("session.start")


async def test_the_page_gets_what_the_link_was_made_with(gateway: Gateway) -> None:
    brand = {"name": "Loja <b>Ação</b> 🛍", "color": "#1A7f5A", "logo": png()}
    opened = await visit(
        gateway,
        method="code",
        language="pt",
        brand=brand,
        returnUrl="https://app.example/done?x=1#y",
        expiresInSeconds=120,
        maxUses=3,
    )

    shown = opened.shown
    assert shown["brand"] == {**brand, "color": "#1a7f5a"}
    assert (shown["method"], shown["language"], shown["returnUrl"]) == (
        "code",
        "pt",
        "https://app.example/done?x=1#y",
    )
    (listed,) = (await gateway.get(LINKS)).json["links"]
    assert (listed["uses"], listed["maxUses"], listed["status"]) == (1, 3, "open")
    assert listed["brand"] == {"name": brand["name"], "color": "#1a7f5a", "hasLogo": True}
    assert "url" not in listed


HTTP = "http://app.example/"

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("expiresInSeconds", {"expiresInSeconds": 59}),
    ("expiresInSeconds", {"expiresInSeconds": 7 * 86_400 + 1}),
    ("expiresInSeconds", {"expiresInSeconds": "60"}),
    ("expiresInSeconds", {"expiresInSeconds": 60.5}),
    ("method", {"method": "sms"}),
    ("language", {"language": "fr"}),
    ("maxUses", {"maxUses": 0}),
    ("maxUses", {"maxUses": True}),
    ("tenantId", {"tenantId": "other"}),
    ("brand.name", {"brand": {"name": " "}}),
    ("brand.name", {"brand": {"name": "x" * 61}}),
    ("brand.name", {"brand": {"name": "a\nb"}}),
    ("brand.name", {"brand": {"name": "gnp\u202egpj"}}),
    ("brand.color", {"brand": {"color": "red"}}),
    ("brand.color", {"brand": {"color": "#12345"}}),
    ("brand.color", {"brand": {"color": "#123456;background:url(x)"}}),
    ("brand.color", {"brand": {"color": "#123456\n"}}),
    ("brand.logo", {"brand": {"logo": "https://app.example/logo.png"}}),
    ("brand.logo", {"brand": {"logo": "data:image/svg+xml;base64,PHN2Zz4="}}),
    ("brand.logo", {"brand": {"logo": "data:image/png;base64,PHN2Zz4="}}),
    ("brand.logo", {"brand": {"logo": "data:image/jpeg;base64,/9j/"}}),
    ("brand.logo", {"brand": {"logo": png(30_000, 30_000)}}),
    ("brand.logo", {"brand": {"logo": png(0, 8)}}),
    ("brand.logo", {"brand": {"logo": png(padding=33_000)}}),
    ("brand.css", {"brand": {"css": "*{display:none}"}}),
    *(
        ("returnUrl", {"returnUrl": url})
        for url in (
            "javascript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            HTTP,
            "http://localhost.evil.example/",
            "http://127.0.0.1@evil.example/",
            "https://user:password@app.example/",
            "https:///path",
            "https:app.example",
            "https:\\\\evil.example",
            "https://app.example/\nx",
            "https://app.example:99999/",
            "//app.example/",
            "/path",
            "",
        )
    ),
]


@pytest.mark.parametrize(
    ("field", "body"), WRONG, ids=[f"{field}-{number}" for number, (field, _) in enumerate(WRONG)]
)
async def test_what_a_page_must_not_show_is_refused_by_the_name_of_its_field(
    gateway: Gateway, field: str, body: dict[str, Any]
) -> None:
    answer = await gateway.post(LINK, json=body)

    assert answer.problem() == (400, "invalid_request")
    assert answer.json["errors"][0]["field"] == field


def jpeg(side: int) -> str:
    file = io.BytesIO()
    Image.new("RGB", (side, 8)).save(file, "JPEG", progressive=True, dpi=(72, 72))
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


async def test_a_logo_may_be_a_jpeg_of_a_size_that_phones_can_hold(gateway: Gateway) -> None:
    opened = await visit(gateway, brand={"logo": jpeg(1_024)})
    assert opened.shown["brand"]["logo"].startswith("data:image/jpeg;base64,")

    refused = await gateway.post(LINK, json={"brand": {"logo": jpeg(1_025)}})

    assert refused.problem() == (400, "invalid_request")
    assert "1024 pixels" in refused.json["detail"]


@pytest.mark.parametrize("host", ["localhost:5173", "127.0.0.1", "[::1]:8080"])
async def test_a_developer_s_own_machine_may_be_returned_to_without_tls(gateway: Gateway, host: str) -> None:
    link = await new_link(gateway, returnUrl=f"http://{host}/done")

    assert link["returnUrl"] == f"http://{host}/done"


async def test_a_link_that_was_revoked_opens_nothing_any_more_nor_does_what_it_opened(gateway: Gateway) -> None:
    opened = await visit(gateway)
    other = await visit(gateway)

    revoked = await gateway.request("DELETE", f"{LINKS}/{opened.id}")

    assert revoked.json == {"success": True, "revoked": True, "id": opened.id}
    assert (await open_link(gateway, opened.url)).problem() == (410, "connect_link_revoked")
    assert (await opened.ask("GET", "state")).problem() == (410, "connect_link_revoked")
    assert (await opened.ask("POST", "start")).problem() == (410, "connect_link_revoked")
    assert [link["id"] for link in (await gateway.get(LINKS)).json["links"]] == [other.id]
    assert (await other.state())["phase"] == "idle"
    for link_id in (opened.id, "x" * 22):
        again = await gateway.request("DELETE", f"{LINKS}/{link_id}")
        assert again.problem() == (404, "connect_link_not_found")


async def test_another_tenant_s_link_is_not_revoked_and_not_listed(gateway: Gateway) -> None:
    opened = await visit(gateway)

    answer = await gateway.request("DELETE", f"/api/v1/sessions/other/connect-links/{opened.id}")

    assert answer.problem() == (404, "connect_link_not_found")
    assert (await gateway.get("/api/v1/sessions/other/connect-links")).json["links"] == []
    assert (await opened.ask("GET", "state")).status == 200


async def test_a_link_ends_by_its_time_and_says_so_for_ever(gateway: Gateway, ahead: dict[str, int]) -> None:
    opened = await visit(gateway, expiresInSeconds=60)

    ahead["ms"] = 61_000
    assert (await opened.ask("GET", "state")).problem() == (410, "connect_link_expired")
    assert (await open_link(gateway, opened.url)).problem() == (410, "connect_link_expired")
    assert (await gateway.get(LINKS)).json["links"] == []
    ahead["ms"] = 86_400_000
    assert (await open_link(gateway, opened.url)).problem() == (410, "connect_link_expired")


async def test_redis_forgets_a_link_when_its_token_is_worth_nothing(
    gateway: Gateway, redis_server: RedisServer, key_prefix: str
) -> None:
    link = await new_link(gateway, expiresInSeconds=60)
    await new_link(gateway, expiresInSeconds=600)
    redis = connect_redis(redis_server.url)
    try:
        left = await execute(redis, "PTTL", f"{key_prefix}:{{acme}}:connect:{link['id']}")
        assert 60_000 < left <= (60 + LEEWAY_SECONDS) * 1000
        assert 60_000 < await execute(redis, "PTTL", f"{key_prefix}:{{acme}}:connect") <= 600_000
        # The token, which is all that opens it, is nowhere in there.
        stored = await execute(redis, "HGETALL", f"{key_prefix}:{{acme}}:connect:{link['id']}")
        signature = token_of(link["url"]).rpartition(".")[2].encode()
        assert not any(signature in value for value in stored.values())
    finally:
        await redis.aclose()


async def test_a_link_is_opened_as_often_as_it_may_be_and_what_is_open_stays(gateway: Gateway) -> None:
    opened = await visit(gateway, maxUses=2)
    assert (await open_link(gateway, opened.url)).status == 201

    refused = await open_link(gateway, opened.url)

    assert refused.problem() == (410, "connect_link_used")
    assert (await opened.ask("GET", "state")).status == 200
    (listed,) = (await gateway.get(LINKS)).json["links"]
    assert (listed["status"], listed["uses"]) == ("used", 2)


async def test_a_preview_of_the_address_in_a_chat_uses_nothing_up(gateway: Gateway) -> None:
    link = await new_link(gateway, maxUses=1)

    for method in ("GET", "HEAD"):
        assert (
            await gateway.request(method, f"/connect#{token_of(link['url'])}", headers=bearer("x"))
        ).status == 200
    assert (await open_link(gateway, link["url"])).status == 201


async def test_a_link_is_over_some_minutes_after_the_number_was_connected(
    gateway: Gateway, bridge: ScriptedBridge, ahead: dict[str, int]
) -> None:
    journal = ScriptedJournal(bridge)
    opened = await visit(gateway)
    # Nobody looks: the event alone says that the link has done its work.
    position = journal.status("acme", "connected", phoneNumber="+5511999990123")
    await wait_for(lambda: journal.acked >= position)

    async def noticed() -> bool:
        return [one["status"] for one in (await gateway.get(LINKS)).json["links"]] == ["connected"]

    await wait_for(noticed)
    bridge.answers("session.get", session("acme", phoneNumber="+5511999990123"))
    ahead["ms"] = FINISHED_AFTER_MS - 5_000
    assert (await opened.state())["phase"] == "connected"
    ahead["ms"] = FINISHED_AFTER_MS + 5_000
    # Whatever becomes of the session: this link links nothing again.
    bridge.answers("session.get", session("acme", "logged_out", reason="logged_out_by_phone"))
    assert (await opened.ask("POST", "start")).problem() == (410, "connect_link_finished")
    assert (await open_link(gateway, opened.url)).problem() == (410, "connect_link_finished")
    assert (await gateway.get(LINKS)).json["links"] == []


async def test_a_link_made_while_the_number_is_connected_is_for_the_next_time(
    gateway: Gateway, bridge: ScriptedBridge, ahead: dict[str, int]
) -> None:
    bridge.answers("session.get", session("acme", sinceMs=now_ms() - 60_000, phoneNumber="+5511999990123"))
    opened = await visit(gateway)
    assert (await opened.state())["phase"] == "connected"

    ahead["ms"] = FINISHED_AFTER_MS + 5_000
    bridge.answers("session.get", session("acme", "logged_out", reason="logged_out_by_phone"))
    bridge.answers("session.start", session("acme", "qr", qr={"text": "2@x", "expiresAtMs": now_ms() + 60_000}))

    assert (await opened.ask("POST", "start")).json["phase"] == "waiting"


async def test_links_end_with_the_session_that_is_deleted(gateway: Gateway, bridge: ScriptedBridge) -> None:
    opened = await visit(gateway)
    bridge.answers("session.delete", {"deleted": True})

    assert (await gateway.request("DELETE", "/api/v1/sessions/acme")).status == 200

    assert (await open_link(gateway, opened.url)).problem() == (401, "unauthorized")
    assert (await opened.ask("GET", "state")).problem() == (401, "unauthorized")


async def test_a_link_that_redis_lost_is_none(bridge: ScriptedBridge, socket_dir: Path) -> None:
    with RedisServer.started() as redis:
        async with running_gateway(settings_for(socket_dir, redis_url=redis.url)) as gateway:
            opened = await visit(gateway)
            await gateway.request("DELETE", f"{LINKS}/{opened.id}")
            client = connect_redis(redis.url)
            await execute(client, "FLUSHALL")
            await client.aclose()

            assert (await open_link(gateway, opened.url)).problem() == (401, "unauthorized")
            assert (await opened.ask("POST", "start")).problem() == (401, "unauthorized")
            assert not bridge.called("session.start")
            redis.kill()
            assert (await open_link(gateway, opened.url)).problem() == (503, "redis_unavailable")


async def test_a_tenant_has_only_so_many_links(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect_links, "LINKS_PER_TENANT_MAX", 3)
    made = [await new_link(gateway) for _ in range(3)]

    assert (await gateway.post(LINK)).problem() == (409, "too_many_connect_links")
    await new_link(gateway, "/api/v1/sessions/other/connect-link")
    await gateway.request("DELETE", f"{LINKS}/{made[0]['id']}")
    await new_link(gateway)


async def test_links_are_the_key_s_own_tenants_and_need_its_scope(gateway: Gateway) -> None:
    async def key(**body: Any) -> dict[str, str]:
        return bearer((await gateway.post("/api/v1/keys", json={"name": "k", **body})).json["key"])

    link = await new_link(gateway)
    reader = await key(tenants=["acme"], scopes=["sessions:read"])
    stranger = await key(tenants=["other"], scopes=["sessions:read", "sessions:write"])

    assert (await gateway.get(LINKS, headers=reader)).status == 200
    assert (await gateway.post(LINK, headers=reader)).problem() == (403, "forbidden")
    gone = await gateway.request("DELETE", f"{LINKS}/{link['id']}", headers=reader)
    assert gone.problem() == (403, "forbidden")
    for method, path in (("POST", LINK), ("GET", LINKS), ("DELETE", f"{LINKS}/{link['id']}")):
        answer = await gateway.request(method, path, headers=stranger)
        assert answer.problem() == (404, "tenant_not_found")


async def test_a_suspended_tenant_s_links_open_nothing(gateway: Gateway) -> None:
    opened = await visit(gateway)

    await suspend(gateway, "acme")

    assert (await open_link(gateway, opened.url)).problem() == (403, "tenant_suspended")
    assert (await opened.ask("POST", "start")).problem() == (403, "tenant_suspended")
