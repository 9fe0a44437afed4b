"""Linking a number on the real wire: by QR code in every form, by a code to type, and when more is asked."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from control.sessions.drawing import draw_png
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.tenants import get_qr, send, session, stream_of, told, until_connected
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


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


async def test_a_passkey_nobody_here_can_give_is_said_and_one_start_goes_on(
    gateway: Installation, sandbox: Sandbox
) -> None:
    number = "+5511955550199"
    await sandbox.fault(kind="passkey", number=number, count=1)
    _, started = await session(gateway, "POST", "passkey/start")
    async with stream_of(gateway, "passkey") as stream:
        with pytest.raises(AssertionError, match="wants a passkey"):
            await sandbox.scan_qr(started["qr"], number)
        await told(stream, status="failed", reason="passkey_required")
    status, code = await session(gateway, "GET", "passkey/qr")
    assert (status, code["code"]) == (404, "no_qr_code")
    assert "passkey" in code["detail"]
    status, again = await session(gateway, "POST", "passkey/start")
    assert (status, again["status"]) == (200, "qr")
