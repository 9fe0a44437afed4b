"""What the connect page is told, and what its credential does not open."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack
from typing import Any

import pytest

from control.api import connect
from control.api.connect_view import Cause
from control.api.context import CONNECT_LINKS, FEED
from control.api.routes import ROUTES
from control.auth import connect_links
from control.rpc.contract_gen import SessionReason, SessionState
from tests.support.connect_visits import (
    CONNECT,
    LINKS,
    Visit,
    bearer,
    new_link,
    open_link,
    suspend,
    token_of,
    visit,
)
from tests.support.event_stream import EventStream, open_stream
from tests.support.gateway import KEY, Gateway
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms, session
from tests.support.scripted_journal import ScriptedJournal
from tests.support.wait import wait_for

NUMBER = "+5511999990123"
FIELDS = {"phase", "cause", "qrCode", "qrExpiresAt", "pairingCode", "pairingCodeExpiresAt", "numberEnds"}


@pytest.fixture(autouse=True)
def journal(bridge: ScriptedBridge) -> ScriptedJournal:
    bridge.answers("session.get", Fault("session_not_found"))
    return ScriptedJournal(bridge)


SHOWN = {"connecting": "connecting", "qr": "waiting", "pairing": "linking", "connected": "connected"}


def scannable(text: str = "2@x") -> dict[str, Any]:
    return session("acme", "qr", qr={"text": text, "expiresAtMs": now_ms() + 60_000})


def stream_of(opened: Visit) -> Any:
    return open_stream(opened.gateway.http, f"{CONNECT}/events", bearer(opened.token))


def phases(stream: EventStream) -> list[str]:
    return [event.body["phase"] for event in stream.named("state")]


async def test_opening_starts_nothing_by_itself_and_start_does(gateway: Gateway, bridge: ScriptedBridge) -> None:
    opened = await visit(gateway)
    assert await opened.state() == {**dict.fromkeys(FIELDS), "phase": "idle"}
    assert not bridge.called("session.start")
    bridge.answers("session.start", scannable())

    started = (await opened.ask("POST", "start")).json

    assert started["phase"] == "waiting"
    assert started["qrCode"].startswith("data:image/png;base64,")
    assert started["qrExpiresAt"] is not None
    bridge.answers("session.get", scannable())
    assert (await opened.ask("POST", "start")).json["phase"] == "waiting"
    assert len(bridge.called("session.start")) == 1


@pytest.mark.parametrize("state", SessionState, ids=str)
async def test_nothing_of_the_inside_is_shown_in_any_state(
    visiting: Visit, bridge: ScriptedBridge, state: SessionState
) -> None:
    inside = {
        "phoneNumber": NUMBER,
        "whatsappCode": 463,
        "restrictedUntilMs": now_ms() + 60_000,
        "retryAtMs": now_ms() + 60_000,
        "attempt": 7,
        "lastActivityMs": now_ms(),
        "hasProxy": True,
    }
    for reason in (None, *SessionReason):
        why = {"reason": reason.value} if reason is not None else {}
        bridge.answers("session.get", session("acme", state.value, **inside, **why))

        answer = await visiting.ask("GET", "state")

        assert answer.status == 200
        shown = answer.json
        assert set(shown) == FIELDS
        for word in (NUMBER[1:], NUMBER[-5:], "acme", "463", "1795435218000"):
            assert word.encode() not in answer.body
        assert shown["numberEnds"] == ("0123" if shown["phase"] == "connected" else None)
        assert shown["cause"] in (None, *Cause)
        assert shown["phase"] != "failed" or shown["cause"] is not None


@pytest.fixture
async def visiting(gateway: Gateway) -> Visit:
    return await visit(gateway)


@pytest.mark.parametrize(
    ("method", "qr", "code"), [("qr", True, False), ("code", False, True), ("both", True, True)]
)
async def test_a_link_shows_the_ways_it_was_made_for(
    gateway: Gateway, bridge: ScriptedBridge, method: str, qr: bool, code: bool
) -> None:
    opened = await visit(gateway, method=method)
    both = {**scannable(), "pairingCode": {"code": "ABCDEFGH", "expiresAtMs": now_ms() + 60_000}}
    bridge.answers("session.get", both)
    bridge.answers("session.pairingCode", {"session": both, "pairingCode": both["pairingCode"]})

    shown = await opened.state()
    asked = await opened.ask("POST", "pairing-code", json={"phoneNumber": "+55 (11) 99999-0123"})

    assert (shown["qrCode"] is not None, shown["pairingCode"] is not None) == (qr, code)
    if code:
        assert asked.json["pairingCode"] == "ABCD-EFGH"
        assert bridge.called("session.pairingCode") == [{"tenantId": "acme", "phoneNumber": NUMBER}]
    else:
        assert asked.problem() == (403, "forbidden")


async def test_a_link_gives_only_so_many_pairing_codes(
    gateway: Gateway, bridge: ScriptedBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect_links, "CODES_PER_LINK_MAX", 2)
    opened = await visit(gateway)
    code = {"code": "ABCDEFGH", "expiresAtMs": now_ms() + 60_000}
    bridge.answers("session.pairingCode", {"session": scannable(), "pairingCode": code})

    async def ask(number: str) -> Any:
        return await opened.ask("POST", "pairing-code", json={"phoneNumber": number})

    # What is no number is not asked of WhatsApp and costs nothing.
    assert (await ask("hello")).problem() == (422, "invalid_phone_number")
    assert [(await ask(NUMBER)).status for _ in range(2)] == [200, 200]
    assert (await ask(NUMBER)).problem() == (409, "too_many_pairing_codes")
    again = await open_link(gateway, opened.url)
    other = Visit(gateway, opened.id, opened.url, again.json["visit"], again.json)
    refused = await other.ask("POST", "pairing-code", json={"phoneNumber": NUMBER})
    assert refused.problem() == (409, "too_many_pairing_codes")


async def test_the_stream_tells_the_whole_pairing_and_no_other_tenant_s(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal, visiting: Visit
) -> None:
    async with stream_of(visiting) as stream:
        await wait_for(lambda: phases(stream) == ["idle"])
        for state, fields in (
            ("connecting", {}),
            ("qr", {"qr": {"text": "2@a", "expiresAtMs": now_ms() + 60_000}}),
            ("pairing", {}),
            ("connected", {"phoneNumber": NUMBER}),
        ):
            bridge.answers("session.get", session("acme", state, **fields))
            journal.status("other", "failed", reason="internal_error")
            journal.status("acme", state, **{key: value for key, value in fields.items() if key != "qr"})
            await wait_for(lambda: phases(stream)[-1] == SHOWN[state])  # noqa: B023

    assert phases(stream) == ["idle", "connecting", "waiting", "linking", "connected"]
    assert stream.events[2].body["qrCode"].startswith("data:image/png;base64,")
    assert stream.events[-1].body["numberEnds"] == "0123"
    assert stream.response.headers["Cache-Control"] == "no-store"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "LOOK_SECONDS", 0.05)


@pytest.mark.usefixtures("quick")
async def test_an_open_page_learns_that_its_link_was_revoked(gateway: Gateway, visiting: Visit) -> None:
    async with stream_of(visiting) as stream:
        await wait_for(lambda: stream.events)
        await gateway.request("DELETE", f"{LINKS}/{visiting.id}")
        await wait_for(lambda: stream.ended)

    assert stream.named("ended")[0].body == {"code": "connect_link_revoked"}
    assert gateway.app[FEED].watchers == 0


@pytest.mark.usefixtures("quick")
async def test_an_open_page_learns_that_its_link_expired(
    gateway: Gateway, visiting: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stream_of(visiting) as stream:
        await wait_for(lambda: stream.events)
        monkeypatch.setattr(gateway.app[CONNECT_LINKS], "_now_ms", lambda: time.time_ns() // 1_000_000 + 3_700_000)
        await wait_for(lambda: stream.ended)

    assert stream.named("ended")[0].body == {"code": "connect_link_expired"}


@pytest.mark.usefixtures("quick")
async def test_an_open_page_learns_that_the_tenant_was_suspended(gateway: Gateway, visiting: Visit) -> None:
    async with stream_of(visiting) as stream:
        await wait_for(lambda: stream.events)
        await suspend(gateway, "acme")
        await wait_for(lambda: stream.ended)

    assert stream.named("ended")[0].body == {"code": "tenant_suspended"}


@pytest.mark.usefixtures("quick")
async def test_a_quiet_stream_is_kept_open_and_says_nothing_twice(visiting: Visit) -> None:
    async with stream_of(visiting) as stream:
        await wait_for(lambda: stream.comments >= 3)

    assert phases(stream) == ["idle"]


async def test_pages_cannot_take_the_streams_of_the_tenant_s_own_app(
    gateway: Gateway, bridge: ScriptedBridge, visiting: Visit
) -> None:
    links = gateway.app[CONNECT_LINKS]
    with ExitStack() as open_pages:
        for _ in range(connect_links.STREAMS_PER_TENANT_MAX):
            open_pages.enter_context(links.streaming("acme"))
        assert (await visiting.ask("GET", "events")).problem() == (503, "too_many_streams")
        assert gateway.app[FEED].per_tenant_max > connect_links.STREAMS_PER_TENANT_MAX
        bridge.answers("session.get", session("acme"))
        async with open_stream(gateway.http, "/api/v1/sessions/acme/events") as own:
            await wait_for(lambda: own.events)
    bridge.answers("session.get", session("acme"))
    async with stream_of(visiting) as stream:
        await wait_for(lambda: stream.events)


VISITS = f"{CONNECT}/visits"


async def test_a_link_s_credentials_open_nothing_but_its_own_page(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    opened = await visit(gateway)
    bridge.calls.clear()
    walked = 0
    for route in ROUTES:
        if route.public:
            continue
        path = re.sub(r"\{tenantId\}", "acme", route.path)
        for name, token in (("link", token_of(opened.url)), ("visit", opened.token)):
            if (name, route.path == VISITS) in (("link", True), ("visit", False)) and route.link is not None:
                continue
            for headers in (bearer(token), {"X-API-Key": token, "Authorization": ""}):
                answer = await gateway.request(route.method, path, headers=headers)
                assert answer.problem() == (401, "unauthorized"), (name, route.method, path)
                walked += 1
            in_address = await gateway.request(
                route.method, f"{path}?token={token}&ticket={token}", headers={"Authorization": ""}
            )
            assert in_address.problem() == (401, "unauthorized"), (name, route.method, path)
    assert walked > 2 * len([route for route in ROUTES if not route.public])
    assert not [method for method, _ in bridge.calls if method.startswith(("session.s", "session.p", "message."))]


async def test_no_key_and_no_token_opens_what_is_a_link_s(gateway: Gateway) -> None:
    token = (await gateway.post("/api/v1/tokens", headers=bearer(KEY))).json["token"]
    links = [route for route in ROUTES if route.link is not None]
    assert len(links) == 5
    for route in links:
        for headers in (bearer(KEY), bearer(token), {"X-API-Key": KEY}, {"Authorization": ""}):
            answer = await gateway.request(route.method, route.path, headers=headers)
            assert answer.problem() == (401, "unauthorized"), route.path


async def test_a_link_is_about_its_own_tenant_whatever_is_asked(gateway: Gateway, bridge: ScriptedBridge) -> None:
    opened = await visit(gateway)
    bridge.calls.clear()

    await opened.ask("GET", "state?tenantId=other")
    refused = await opened.ask("POST", "pairing-code", json={"phoneNumber": NUMBER, "tenantId": "other"})

    assert refused.problem() == (400, "invalid_request")
    asked = [params["tenantId"] for method, params in bridge.calls if method == "session.get"]
    assert set(asked) == {"acme"}


async def test_no_log_line_and_no_key_of_redis_has_the_token(
    gateway: Gateway, visiting: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    opened = await open_link(gateway, visiting.url)
    for name in ("state", "state?x=1"):
        await visiting.ask("GET", name)

    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "/api/v1/connect/state" in said
    for secret in (visiting.token, opened.json["visit"], token_of(visiting.url)):
        assert secret.rpartition(".")[2] not in said


async def test_the_page_itself_has_nothing_of_the_link_and_a_strict_policy(gateway: Gateway) -> None:
    link = await new_link(gateway, brand={"name": "Loja"})

    page = await gateway.get("/connect", headers={"Authorization": ""})

    assert (page.status, page.content_type) == (200, "text/html")
    assert b"Loja" not in page.body
    assert link["id"].encode() not in page.body
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    for found in re.findall(rb'(?:src|href)="([^"#]+)"', page.body):
        assert (await gateway.get("/" + found.decode(), headers={"Authorization": ""})).status == 200, found
