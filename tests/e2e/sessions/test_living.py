"""A session that lives on: through restarts, kills and WhatsApp's moods, and always tells the truth."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.event_stream import EventStream
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox
from tests.support.tenants import link, send, session, stream_of, told, until_connected
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


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


ENDINGS: list[tuple[str, dict[str, Any], str]] = [
    ("forbidden", {"status": "failed", "reason": "forbidden", "whatsappCode": 403}, "ask for a review"),
    ("outdated", {"status": "failed", "reason": "client_outdated", "whatsappCode": 405}, "Update it"),
    ("multi-device", {"status": "failed", "reason": "multi_device_mismatch"}, "Update it"),
    ("replaced", {"status": "failed", "reason": "connection_replaced", "whatsappCode": 440}, "Stop the other one"),
    ("logged-out", {"status": "logged_out", "reason": "logged_out_by_phone"}, "scan a new QR code"),
]


async def test_whatever_whatsapp_does_to_a_session_is_told_with_its_code_and_what_to_do(
    gateway: Installation, sandbox: Sandbox
) -> None:
    number = await link(gateway, sandbox, "moods")
    async with stream_of(gateway, "moods") as stream:
        # Restricted, and yet connected: replies flow.
        await sandbox.fault(kind="timelock-notice", ms=60_000, number=number)
        await told(stream, status="restricted", connected=True, reason="restricted_by_whatsapp")
        assert stream.events[-1].data["restrictedUntil"] > stream.events[-1].data["since"]
        _, restricted = await session(gateway, "GET", "moods/status")
        assert (restricted["connected"], " until " in restricted["message"]) == (True, True)
        await sandbox.fault(kind="timelock-notice", ms=0, number=number)
        await told(stream, status="connected", reason=None)

        for kind, wanted, words in ENDINGS:
            await sandbox.fault(kind=kind, number=number)
            await told(stream, connected=False, **wanted)
            assert words in stream.events[-1].data["message"]
            _, status = await session(gateway, "GET", "moods/status")
            assert {name: status[name] for name in wanted} == wanted
            if kind != "logged-out":
                status_code, again = await session(gateway, "POST", "moods/start")
                assert (status_code, again["connected"]) == (200, True)
                await told(stream, status="connected")
