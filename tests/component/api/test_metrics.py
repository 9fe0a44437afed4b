"""GET /metrics: who may read it, what is in it, and that it answers whatever is down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from control.settings import ConfigurationError, load_settings
from tests.support.customer_app import CustomerApp
from tests.support.gateway import KEY, Gateway, running_gateway, settings_for
from tests.support.metrics import Samples
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Never, ScriptedBridge, metrics, session
from tests.support.wait import wait_for

TOKEN = "scr4pe-for-Tests-0123456789"


@pytest.fixture
async def gateway(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Gateway]:
    settings = settings_for(
        socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix, metrics_token=TOKEN, metrics_tenants_max=2
    )
    async with running_gateway(settings, key=None) as running:
        await wait_for(lambda: bridge.connections > 0)
        yield running


async def scrape(gateway: Gateway, key: str = TOKEN) -> Samples:
    answer = await gateway.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return Samples(answer.body.decode())


async def test_the_token_and_the_operator_s_key_open_it_and_nothing_else_does(gateway: Gateway) -> None:
    assert (await scrape(gateway)).value("gateway_up", part="bridge") == 1
    assert (await scrape(gateway, KEY)).value("gateway_up", part="redis") == 1
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer "}):
        assert (await gateway.get("/metrics", headers=headers)).problem() == (401, "unauthorized")
    assert (await gateway.get(f"/metrics?token={TOKEN}")).status in (400, 401)


async def test_the_token_opens_nothing_else(gateway: Gateway) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}

    for path in ("/api/v1/sessions", "/api/v1/keys", "/api/v1/audit"):
        assert (await gateway.get(path, headers=headers)).problem() == (403, "forbidden")
    assert (await gateway.get("/api/v1/sessions/acme/status", headers=headers)).problem() == (
        404,
        "tenant_not_found",
    )
    assert (await gateway.post("/api/v1/tokens", headers=headers)).problem() == (403, "forbidden")


async def test_what_the_bridge_tells_is_told(gateway: Gateway) -> None:
    found = await scrape(gateway)

    assert found.value("gateway_sessions", state="connected") == 12
    assert found.value("gateway_sessions", state="failed") == 0
    assert found.value("gateway_connections_silent") == 1
    assert found.value("gateway_connections_ended_total", reason="connection_lost") == 27
    assert found.value("gateway_messages_total", status="delivered") == 4900
    assert found.value("gateway_messages_failed_total", code="expired") == 2
    assert found.value("gateway_send_seconds_bucket", le="0.01") == 100
    assert (
        found.value("gateway_send_seconds_bucket", le="+Inf") == found.value("gateway_send_seconds_count") == 4980
    )
    assert found.value("gateway_send_seconds_sum") == 190
    assert found.value("gateway_outbox_waiting", batch="yes") == 2
    assert found.value("gateway_journal_oldest_unacked_seconds") == 1.2
    assert found.value("gateway_process_resident_memory_bytes", process="bridge") == 143015936
    assert (found.value("gateway_process_resident_memory_bytes", process="control") or 0) > 10_000_000
    assert found.value("gateway_event_loop_delay_seconds", process="bridge", at="max") == 0.011
    assert found.value("gateway_event_loop_delay_seconds", process="control", at="max") is not None
    assert (found.value("gateway_redis_memory_bytes", kind="used") or 0) > 100_000
    assert (found.value("gateway_redis_aof_enabled"), found.value("gateway_redis_aof_ok")) == (1, 1)
    assert (found.value("gateway_disk_bytes", kind="free") or 0) > 0
    assert found.labels("gateway_info")[0]["node"] == "v24.19.0"


async def test_tenants_are_told_apart_only_when_asked_for(
    gateway: Gateway, bridge: ScriptedBridge, redis_server: RedisServer, socket_dir: Path, key_prefix: str
) -> None:
    found = await scrape(gateway)
    assert bridge.called("system.metrics")[-1] == {"maxTenants": 2}
    assert found.value("gateway_tenant_waiting", tenant="acme") == 8
    assert found.value("gateway_tenant_state", tenant="shop-2", state="logged_out") == 1
    assert found.value("gateway_tenant_stirred_seconds", tenant="acme") == 25_200
    assert found.value("gateway_tenant_stirred_seconds", tenant="shop-2") is None

    bridge.answers("system.metrics", {**metrics(), "tenants": []})
    settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)
    async with running_gateway(settings) as other:
        plain = await other.get("/metrics")
    assert bridge.called("system.metrics")[-1] == {"maxTenants": 0}
    assert b"tenant=" not in plain.body


async def test_requests_calls_and_refusals_are_counted_by_pattern_and_never_by_address(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    bridge.answers("session.get", session("acme"))
    headers = {"Authorization": f"Bearer {KEY}"}
    await gateway.get("/api/v1/sessions/acme/status", headers=headers)
    await gateway.get("/api/v1/sessions/acme/status")
    await gateway.get("/secret-5511920000001/x", headers=headers)

    found = await scrape(gateway)

    route = "/api/v1/sessions/{tenantId}/status"
    assert found.value("gateway_http_requests_total", route=route, status="401", method="GET") == 1
    counted = [labels for labels in found.labels("gateway_http_requests_total") if labels["route"] == route]
    assert len(counted) == 2
    assert found.value("gateway_http_request_seconds_count", route=route) == 2
    assert found.value("gateway_http_requests_total", route="none", status="404") == 1
    assert found.value("gateway_http_problems_total", code="unauthorized") == 1
    assert found.value("gateway_rpc_seconds_count", method="system.hello") is None
    assert (found.value("gateway_rpc_seconds_count", method="system.metrics") or 0) >= 0
    assert found.value("gateway_rpc_seconds_count", method="event.pull") is None
    text = (await gateway.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).body
    assert b"5511920000001" not in text


async def test_openmetrics_is_given_when_asked_for(gateway: Gateway) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/openmetrics-text; version=1.0.0"}

    answer = await gateway.get("/metrics", headers=headers)

    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.body.endswith(b"# EOF\n")
    families = text_string_to_metric_families(answer.body.decode())  # type: ignore[no-untyped-call]
    assert {family.name for family in families} > {"gateway_up"}


@pytest.mark.parametrize("how", ["gone", "hanging", "nonsense"])
async def test_a_bridge_that_is_down_leaves_the_rest(gateway: Gateway, bridge: ScriptedBridge, how: str) -> None:
    if how == "gone":
        await bridge.stop()
    else:
        bridge.answers("system.metrics", Never() if how == "hanging" else {"uptimeMs": "long"})

    began = time.monotonic()
    found = await scrape(gateway)

    assert time.monotonic() - began < 2.5
    assert (found.value("gateway_up", part="bridge"), found.value("gateway_up", part="redis")) == (0, 1)
    assert found.value("gateway_sessions", state="connected") is None
    assert found.value("gateway_process_resident_memory_bytes", process="bridge") is None
    assert found.value("gateway_process_resident_memory_bytes", process="control") is not None


@pytest.mark.parametrize("how", ["gone", "frozen"])
async def test_a_redis_that_is_down_leaves_the_rest(bridge: ScriptedBridge, socket_dir: Path, how: str) -> None:
    with RedisServer.started() as server:
        settings = settings_for(socket_dir, redis_url=server.url, metrics_token=TOKEN)
        async with running_gateway(settings, key=None) as gateway:
            await wait_for(lambda: bridge.connections > 0)
            if how == "gone":
                await asyncio.to_thread(server.kill)
            else:
                server.freeze()
            found = await scrape(gateway)
            if how == "frozen":
                server.thaw()

    assert (found.value("gateway_up", part="bridge"), found.value("gateway_up", part="redis")) == (1, 0)
    assert found.value("gateway_sessions", state="connected") == 12
    assert found.value("gateway_redis_latency_seconds") is None


async def test_who_asks_often_gets_the_same_answer_and_costs_the_parts_nothing(
    gateway: Gateway, bridge: ScriptedBridge
) -> None:
    before = len(bridge.called("system.metrics"))

    await asyncio.gather(*(scrape(gateway) for _ in range(50)))

    assert len(bridge.called("system.metrics")) - before <= 2


async def test_the_number_of_series_has_a_bound(gateway: Gateway) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    for index in range(20):
        await gateway.get(f"/api/v1/sessions/tenant-{index}/status", headers=headers)
        await gateway.request("GET", f"/nothing/{index}", headers=headers)
        await gateway.request(f"X{index}", "/health", headers=headers)

    found = await scrape(gateway)

    assert {labels["method"] for labels in found.labels("gateway_http_requests_total")} <= {"GET", "other"}
    assert len(found.labels("gateway_http_requests_total")) < 10


async def test_webhook_attempts_and_what_waits_are_counted(
    bridge: ScriptedBridge, redis_server: RedisServer, socket_dir: Path, key_prefix: str
) -> None:
    event = {
        "position": 1,
        "eventId": "evt_01M84BFQ2BMDR33G0QZ6DB1GSY",
        "tenantId": "acme",
        "sessionId": "acme_1795435218000",
        "sequence": 1,
        "occurredAtMs": 1_795_435_218_000,
        "data": {"type": "session.status", "state": "connected", "sinceMs": 1_795_435_218_000},
    }

    def pull(params: dict[str, int]) -> object:
        if params["after"] >= 1:
            raise Never
        return {"events": [event], "headPosition": 1}

    bridge.scripts["event.pull"] = pull
    bridge.answers("event.ack", {"ackedPosition": 1})
    async with CustomerApp() as app:
        settings = settings_for(
            socket_dir,
            redis_url=redis_server.url,
            redis_prefix=key_prefix,
            metrics_token=TOKEN,
            webhook_url=app.url,
            webhook_secret="whsec-for-Tests-0123456789",
            outbound_allow_cidrs="127.0.0.0/8",
        )
        async with running_gateway(settings, key=None) as gateway:

            async def delivered() -> Samples | None:
                found = await scrape(gateway)
                return found if found.value("gateway_webhook_attempts_total", result="delivered") == 1 else None

            found = await wait_for(delivered, every=0.2)

    assert found.value("gateway_webhook_delivery_seconds_count") == 1
    assert (found.value("gateway_webhook_delivery_seconds_sum") or 0) < 30
    assert found.value("gateway_webhook_attempt_seconds_count") == 1
    assert found.value("gateway_webhook_waiting") == 0
    # Without a series at 0 the first one given up would be no increase to an alert.
    assert found.value("gateway_webhook_given_up_total", why="tried") == 0
    assert found.value("gateway_webhook_given_up_total", why="waited") == 0
    assert found.value("gateway_webhook_switched_off_total", why="gone") == 0


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("short", "METRICS_TOKEN is too weak"),
        ("prometheus", "METRICS_TOKEN is too weak"),
        (KEY, "API_KEY and METRICS_TOKEN are the same"),
    ],
)
def test_a_token_that_is_none_refuses_to_start(monkeypatch: pytest.MonkeyPatch, token: str, says: str) -> None:
    monkeypatch.setenv("API_KEY", KEY)
    monkeypatch.setenv("METRICS_TOKEN", token)

    with pytest.raises(ConfigurationError, match=says):
        load_settings()
