"""The life of a session on the real wire: linking in every way, living on, ending in every way."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from control.sessions.drawing import draw_png
from tests.support.connect_proxy import PASSWORD, USER, ConnectProxy
from tests.support.event_stream import EventStream, open_stream
from tests.support.installation import Installation, free_port
from tests.support.sandbox import Sandbox
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

CONTACT = "+5511987650001"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway() -> AsyncIterator[Installation]:
    """One installation for all tests here; each has a tenant of its own."""
    gateway = Installation()
    try:
        await gateway.start()
        yield gateway
    finally:
        await gateway.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(gateway: Installation) -> AsyncIterator[Sandbox]:
    """The sandbox of that gateway."""
    sandbox = Sandbox(gateway.sandbox_port, gateway.data_dir / "sandbox" / "ca.pem")
    yield sandbox
    await sandbox.close()


async def session(gateway: Installation, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return await gateway.call(method, f"/api/v1/sessions/{path}", body)


async def until_connected(gateway: Installation, tenant: str) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    async def connected() -> bool:
        status, answer = await session(gateway, "GET", f"{tenant}/status")
        seen.update(answer)
        return status == 200 and answer["connected"] is True

    await wait_for(connected, seconds=30, every=0.1, what=lambda: f"{seen}\n{gateway.describe()}")
    return seen


async def link(gateway: Installation, sandbox: Sandbox, tenant: str) -> str:
    """Start a session, let a phone scan its code, wait until it is connected; return its number."""
    status, started = await session(gateway, "POST", f"{tenant}/start")
    assert status == 200, started
    await sandbox.scan_qr(started["qr"])
    return str((await until_connected(gateway, tenant))["phoneNumber"])


async def send(gateway: Installation, tenant: str, text: str) -> None:
    body = {"to": CONTACT, "message": text, "type": "text"}
    status, answer = await gateway.call("POST", f"/api/v1/messages/{tenant}/send", body)
    assert (status, answer.get("status")) == (200, "sent"), answer


def stream_of(gateway: Installation, tenant: str) -> Any:
    return open_stream(gateway.http, f"{gateway.url}/api/v1/sessions/{tenant}/events", gateway.authorized)


async def get_qr(gateway: Installation, tenant: str, **headers: str) -> tuple[int, str, bytes]:
    url = f"{gateway.url}/api/v1/sessions/{tenant}/qr"
    async with gateway.http.get(url, headers={**gateway.authorized, **headers}) as answer:
        return answer.status, answer.content_type, await answer.read()


async def test_the_code_of_a_start_is_the_one_of_every_form_and_the_stream_tells_the_whole_pairing(
    gateway: Installation, sandbox: Sandbox
) -> None:
    status, first = await session(gateway, "POST", "forms/start")
    _, second = await session(gateway, "POST", "forms/start")
    assert status == 200
    assert first["qr"] == second["qr"]
    assert first["sessionId"] == second["sessionId"]

    _, kind, png = await get_qr(gateway, "forms", Accept="image/png")
    assert (kind, png) == ("image/png", draw_png(first["qr"]))
    side = Image.open(io.BytesIO(png)).size[0] // 6
    _, kind, svg = await get_qr(gateway, "forms", Accept="image/svg+xml")
    assert kind == "image/svg+xml"
    assert f'viewBox="0 0 {side} {side}"'.encode() in svg
    _, kind, text = await get_qr(gateway, "forms", Accept="text/plain")
    assert kind == "text/plain"
    assert {len(line) for line in text.decode().splitlines()} == {side}

    async with stream_of(gateway, "forms") as stream:
        await wait_for(lambda: stream.named("session.qr"))
        assert stream.named("session.qr")[0].data["qr"] == first["qr"]
        await sandbox.scan_qr(stream.named("session.qr")[0].data["qr"])
        await wait_for(lambda: stream.states[-1] == "connected", seconds=30, what=gateway.describe)
    assert stream.states == ["qr", "pairing", "connected"]
    # The reconnect WhatsApp asks for after a scan (515) is no error to anybody.
    assert [event.data["reason"] for event in stream.named("session.status")] == [None, None, None]
    assert stream.events[-1].data["phoneNumber"].startswith("+")

    status, _, body = await get_qr(gateway, "forms")
    assert status == 404
    assert b'"no_qr_code"' in body
    assert b"Connected." in body


async def test_a_pairing_code_links_the_number_it_was_asked_for(gateway: Installation, sandbox: Sandbox) -> None:
    number = "+5511955550123"
    status, asked = await session(gateway, "POST", "by-code/pairing-code", {"phoneNumber": number})
    assert status == 200, asked
    assert len(asked["code"]) == 9
    assert asked["code"][4] == "-"
    _, shown = await session(gateway, "GET", "by-code/status")
    assert shown["pairingCode"] == asked["code"]

    await sandbox.enter_code(asked["code"], number)

    connected = await until_connected(gateway, "by-code")
    assert connected["phoneNumber"] == number
    assert connected["pairingCode"] is None
    await send(gateway, "by-code", "linked by code")
    again = await session(gateway, "POST", "by-code/pairing-code", {"phoneNumber": number})
    assert (again[0], again[1]["code"]) == (409, "session_already_paired")


async def test_a_restart_keeps_the_link_and_each_verb_can_be_said_twice(
    gateway: Installation, sandbox: Sandbox
) -> None:
    number = await link(gateway, sandbox, "verbs")
    await send(gateway, "verbs", "before the restart")

    for _ in range(2):
        status, restarted = await session(gateway, "POST", "verbs/restart")
        assert (status, restarted["connected"], restarted["phoneNumber"]) == (200, True, number)
    await send(gateway, "verbs", "after the restart")
    for _ in range(2):
        status, stopped = await session(gateway, "POST", "verbs/stop")
        assert (status, stopped["status"], stopped["reason"]) == (200, "disconnected", "stopped")
    status, started = await session(gateway, "POST", "verbs/restart")
    assert (status, started["connected"], started["qrCode"]) == (200, True, None)
    for _ in range(2):
        status, out = await session(gateway, "POST", "verbs/logout")
        assert (status, out["status"], out["reason"]) == (200, "logged_out", "logged_out_by_request")
    _, listed = await gateway.call("GET", "/api/v1/sessions?limit=500")
    states = {one["tenantId"]: one["status"] for one in listed["sessions"]}
    assert states["verbs"] == "logged_out"
    status, unknown = await session(gateway, "POST", "nobody/restart")
    assert (status, unknown["code"]) == (404, "session_not_found")


async def test_a_stream_is_told_that_the_bridge_was_killed_and_is_back(
    gateway: Installation, sandbox: Sandbox
) -> None:
    await link(gateway, sandbox, "killed")
    async with stream_of(gateway, "killed") as stream:
        await wait_for(lambda: stream.states == ["connected"])

        await gateway.kill("bridge")
        await wait_for(
            lambda: len(stream.states) > 1 and stream.states[-1] == "connected",
            seconds=30,
            what=lambda: f"{stream.states}\n{gateway.describe()}",
        )

        # The same after Redis was killed: what happens meanwhile waits in the bridge.
        await gateway.kill("redis")
        await until_connected(gateway, "killed")
        await session(gateway, "POST", "killed/stop")
        await wait_for(lambda: stream.states[-1] == "disconnected", seconds=30, what=gateway.describe)
        assert stream.events[-1].data["reason"] == "stopped"

        # Control itself: the stream ends, and the next one begins with the state then.
        await gateway.kill("control")
        await wait_for(lambda: stream.ended or stream.broken)
    await wait_for(gateway.is_ready, seconds=30, every=0.1, what=gateway.describe)
    await reopened(gateway, "killed", "disconnected")


async def reopened(gateway: Installation, tenant: str, state: str) -> None:
    stream: EventStream
    async with stream_of(gateway, tenant) as stream:
        await wait_for(lambda: stream.states == [state])


async def test_deleting_leaves_nothing_on_the_disk(gateway: Installation, sandbox: Sandbox) -> None:
    tenant, text = "delete-me-completely-7", "a text nobody may find again 271828"
    number = await link(gateway, sandbox, tenant)
    await send(gateway, tenant, text)
    await sandbox.say(CONTACT, number, text)
    await wait_for(lambda: _received(gateway, tenant), seconds=20, every=0.1, what=gateway.describe)
    # It is all there before; else finding nothing would prove nothing.
    assert [word for word in (tenant, number[1:]) if not holding(gateway.data_dir, word)] == []

    async with stream_of(gateway, tenant) as stream:
        await wait_for(lambda: stream.events)
        status, deleted = await session(gateway, "DELETE", tenant)
        assert (status, deleted["deleted"]) == (200, True)
        await wait_for(lambda: stream.ended)

    for word in (tenant, number[1:], text):
        await wait_for(
            lambda word=word: not holding(gateway.data_dir, word),  # type: ignore[misc]
            seconds=10,
            every=0.2,
            what=lambda word=word: f"{word} is in {holding(gateway.data_dir, word)}",  # type: ignore[misc]
        )
    status, gone = await session(gateway, "GET", f"{tenant}/status")
    assert (status, gone["code"]) == (404, "session_not_found")
    # WhatsApp was told: the phone has no linked device any more.
    assert await sandbox.ledger(tag="iq", number=number)
    status, again = await session(gateway, "DELETE", tenant)
    assert (status, again["deleted"]) == (200, False)
    status, anew = await session(gateway, "POST", f"{tenant}/start")
    assert (status, anew["status"]) == (200, "qr")


async def _received(gateway: Installation, tenant: str) -> bool:
    _, answer = await session(gateway, "GET", f"{tenant}/status")
    return answer["lastActivity"] is not None


def holding(data_dir: Path, word: str) -> list[str]:
    """The gateway's files with the word in them. The sandbox is WhatsApp's side and remembers what it wants."""
    return [
        str(path.relative_to(data_dir))
        for path in data_dir.rglob("*")
        if path.is_file()
        and "sandbox" not in str(path.relative_to(data_dir))
        and word.encode() in path.read_bytes()
    ]


async def test_a_proxy_is_tried_when_it_is_set_and_used_from_then_on(
    gateway: Installation, sandbox: Sandbox
) -> None:
    await link(gateway, sandbox, "proxied")
    async with ConnectProxy() as proxy:
        # Nobody listens there; wrong credentials; neither changes anything.
        for url in (f"http://127.0.0.1:{free_port()}", f"http://{USER}:wrong-{PASSWORD}@127.0.0.1:{proxy.port}"):
            status, refused = await session(gateway, "PUT", "proxied/proxy", {"proxyUrl": url})
            assert (status, refused["code"]) == (422, "proxy_unreachable")
            assert PASSWORD not in str(refused)
        _, unchanged = await session(gateway, "GET", "proxied/status")
        assert (unchanged["connected"], unchanged["hasProxy"]) == (True, False)

        for _ in range(2):
            status, put = await session(gateway, "PUT", "proxied/proxy", {"proxyUrl": proxy.url})
            assert (status, put["hasProxy"]) == (200, True), put
        tunnels = len(proxy.tunnels)
        status, restarted = await session(gateway, "POST", "proxied/restart")
        assert (status, restarted["connected"]) == (200, True)
        assert len(proxy.tunnels) > tunnels
        assert set(proxy.tunnels) == {f"127.0.0.1:{gateway.sandbox_port}"}
        await send(gateway, "proxied", "through the proxy")

        tunnels = len(proxy.tunnels)
        for _ in range(2):
            status, removed = await session(gateway, "DELETE", "proxied/proxy")
            assert (status, removed["hasProxy"]) == (200, False)
        await until_connected(gateway, "proxied")
        assert len(proxy.tunnels) == tunnels
        await send(gateway, "proxied", "directly again")
    everything = await asyncio.to_thread(gateway.logs)
    for secret in (PASSWORD, USER):
        assert secret not in everything
        assert not holding(gateway.data_dir, secret)
