"""What operators see and do: scripts/debug and /metrics against the whole running gateway."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path

import pytest

from tests.support.installation import Installation
from tests.support.metrics import Samples
from tests.support.sandbox import Sandbox
from tests.support.tenants import link, send, until_connected
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def scrape(gateway: Installation) -> Samples:
    status, headers, body = await gateway.fetch("/metrics")
    assert status == 200, body
    assert headers["Content-Type"].startswith("text/plain")
    return Samples(body.decode())


async def test_the_command_looks_into_the_running_bridge_and_changes_nothing_unasked(
    gateway: Installation, sandbox: Sandbox
) -> None:
    number = await link(gateway, sandbox, "watched")

    status, listed = await gateway.run("debug", "sessions", "--json")
    assert status == 0, listed
    lines = {line["tenantId"]: line for line in json.loads(listed)["sessions"]}
    assert lines["watched"]["state"] == "connected"
    assert lines["watched"]["memoryBytes"] > 0

    status, shown = await gateway.run("debug", "session", "watched")
    assert (status, number in shown) == (0, False)
    assert "connected" in shown
    status, refused = await gateway.run("debug", "reconnect", "watched")
    assert (status, refused.strip()) == (1, "error: reconnect changes something: add --write")
    status, reconnected = await gateway.run("debug", "reconnect", "watched", "--write")
    assert status == 0, reconnected
    await until_connected(gateway, "watched")
    await send(gateway, "watched", "after the reconnect")


async def test_a_bundle_of_a_gateway_in_use_has_nothing_of_its_users(
    gateway: Installation, sandbox: Sandbox
) -> None:
    number = await link(gateway, sandbox, "bundled-tenant")
    await send(gateway, "bundled-tenant", "canary-in-a-message")

    status, said = await gateway.run("debug", "bundle", "--write", "--json")

    assert status == 0, said
    path = Path(json.loads(said)["path"])
    assert (await asyncio.to_thread(path.stat)).st_mode & 0o777 == 0o600
    assert path.is_relative_to(gateway.data_dir / "debug")
    unpacked = gzip.decompress(await asyncio.to_thread(path.read_bytes))
    assert b"sessions.json" in unpacked
    for secret in ("canary-in-a-message", number[1:], "bundled-tenant", gateway.api_key):
        assert secret.encode() not in unpacked


async def test_metrics_follow_a_message_through_every_process(gateway: Installation, sandbox: Sandbox) -> None:
    await link(gateway, sandbox, "measured")
    before = await scrape(gateway)

    await send(gateway, "measured", "to be counted")

    async def counted() -> Samples | None:
        found = await scrape(gateway)
        grown = (found.value("gateway_messages_total", status="sent") or 0) - (
            before.value("gateway_messages_total", status="sent") or 0
        )
        return found if grown >= 1 else None

    found = await wait_for(counted, seconds=10, every=0.3)
    assert found.value("gateway_up", part="bridge") == found.value("gateway_up", part="redis") == 1
    assert (found.value("gateway_connections") or 0) >= 1
    assert (found.value("gateway_rpc_seconds_count", method="message.send") or 0) >= 1
    route = "/api/v1/messages/{tenantId}/send"
    assert (found.value("gateway_http_request_seconds_count", route=route) or 0) >= 1
    for process in ("bridge", "control"):
        assert (found.value("gateway_process_resident_memory_bytes", process=process) or 0) > 10_000_000
    assert found.value("gateway_redis_aof_enabled") == 1
    assert (found.value("gateway_store_bytes", file="database") or 0) > 0
    _, health = await gateway.call("GET", "/health", key=None)
    assert set(health["parts"]) >= {"silence", "connections", "events", "disk"}


async def test_the_command_says_when_there_is_no_bridge(gateway: Installation, tmp_path: Path) -> None:
    status, said = await gateway.run("debug", "sessions", BRIDGE_DEBUG_SOCKET=str(tmp_path / "none.sock"))

    assert (status, said) == (2, "No bridge answers here. scripts/ctl status says whether it runs.\n")
