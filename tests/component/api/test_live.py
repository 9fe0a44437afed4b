"""Server-sent events over HTTP: from the bridge's journal through ingest to a reader."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from control.api import live
from control.api.context import FEED
from control.events.feed import Feed, FeedEnded
from control.rpc.contract_gen import Event
from tests.support.event_stream import open_stream
from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import Fault, ScriptedBridge, now_ms, session
from tests.support.scripted_journal import ScriptedJournal
from tests.support.wait import wait_for

EVENTS = "/api/v1/sessions/acme/events"


@pytest.fixture
def journal(bridge: ScriptedBridge) -> ScriptedJournal:
    return ScriptedJournal(bridge)


async def test_a_stream_begins_with_the_state_now_and_the_code_now(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal
) -> None:
    code = {"text": "2@now", "expiresAtMs": now_ms() + 60_000}
    bridge.answers("session.get", session("acme", "qr", qr=code))

    async with open_stream(gateway.http, EVENTS) as stream:
        await wait_for(lambda: len(stream.events) == 2)

    status, qr = stream.events
    assert (status.name, status.body["tenantId"], status.data["status"]) == ("session.status", "acme", "qr")
    assert status.data["message"].startswith("Scan the QR code")
    assert (qr.name, qr.data["qr"]) == ("session.qr", "2@now")
    assert qr.data["qrCode"].startswith("data:image/png;base64,")
    assert stream.response.headers["Cache-Control"] == "no-store"
    assert stream.response.headers["X-Accel-Buffering"] == "no"


async def test_each_change_is_told_as_it_happens_and_no_other_tenant_s(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal
) -> None:
    bridge.answers("session.get", session("acme", "connecting", sinceMs=now_ms()))

    async with open_stream(gateway.http, EVENTS) as stream:
        await wait_for(lambda: stream.states == ["connecting"])
        journal.status("other", "failed", reason="internal_error")
        journal.status("acme", "qr")
        journal.qr("acme", "2@a")
        journal.qr("acme", "2@b")
        journal.status("acme", "pairing")
        journal.status("acme", "connected", phoneNumber="+5511999999999")
        await wait_for(lambda: stream.states[-1] == "connected")

    assert stream.states == ["connecting", "qr", "pairing", "connected"]
    assert [event.data["qr"] for event in stream.named("session.qr")] == ["2@a", "2@b"]
    assert stream.events[-1].data["phoneNumber"] == "+5511999999999"
    assert stream.events[-1].id == stream.events[-1].body["id"]


async def test_what_happened_before_the_present_is_not_told_as_news(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal
) -> None:
    bridge.answers("session.get", session("acme", "connected", sinceMs=now_ms() + 10_000))

    async with open_stream(gateway.http, EVENTS) as stream:
        await wait_for(lambda: stream.events)
        journal.status("acme", "pairing")
        journal.qr("acme", "2@expired", seconds=-1)
        last = journal.add(
            "acme", {"type": "session.status", "state": "reconnecting", "sinceMs": now_ms() + 20_000}
        )
        await wait_for(lambda: stream.states[-1] == "reconnecting" and journal.acked == last)

    assert stream.states == ["connected", "reconnecting"]
    assert not stream.named("session.qr")


async def test_a_tenant_without_a_session_has_no_stream(gateway: Gateway, bridge: ScriptedBridge) -> None:
    bridge.answers("session.get", Fault("session_not_found"))

    assert (await gateway.get(EVENTS)).problem() == (404, "session_not_found")


async def test_a_quiet_stream_is_kept_open_by_comments(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.02)
    bridge.answers("session.get", session("acme"))

    async with open_stream(gateway.http, EVENTS) as stream:
        await wait_for(lambda: stream.comments >= 3)

    assert len(stream.events) == 1


@pytest.mark.timeout(120)
async def test_a_reader_that_takes_nothing_is_cut_off_and_holds_nobody_up(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WRITE_SECONDS", 0.2)
    bridge.answers("session.get", session("acme"))
    base = gateway.http._base_url
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port, limit=1024)
    key = gateway.http.headers["Authorization"]
    writer.write(f"GET {EVENTS} HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n\r\n".encode())
    await reader.readline()
    feed = gateway.app[FEED]
    await wait_for(lambda: feed.watchers == 1)

    # Each picture of such a code is some kilobytes: more than the kernel's buffers hold.
    async def flood() -> bool:
        for _ in range(20):
            position = journal.qr("acme", f"{len(journal.events):04d}" + "x" * 2_000)
        await wait_for(lambda: journal.acked >= position, seconds=10)
        return feed.watchers == 0

    async with open_stream(gateway.http, "/api/v1/sessions/acme/events") as other:
        # The one that reads goes on being told, whatever becomes of the one that does not.
        await wait_for(lambda: other.events)
    await wait_for(flood, seconds=60)
    writer.close()


async def test_streams_are_bounded_in_number(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal
) -> None:
    bridge.answers("session.get", session("acme"))
    feed = gateway.app[FEED]
    with ExitStack() as watching:
        for _ in range(feed.per_tenant_max):
            watching.enter_context(feed.watching("acme"))

        refused = await gateway.get(EVENTS)

    assert refused.problem() == (503, "too_many_streams")
    assert int(refused.headers["retry-after"]) >= 1


async def test_a_stream_lives_through_the_death_of_the_bridge(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal
) -> None:
    bridge.answers("session.get", session("acme"))

    async with open_stream(gateway.http, EVENTS) as stream:
        await wait_for(lambda: stream.states == ["connected"])
        await bridge.stop()
        journal.status("acme", "connecting")
        await bridge.start()
        journal.status("acme", "connected")
        await wait_for(lambda: stream.states == ["connected", "connecting", "connected"], seconds=10)


async def test_a_stream_lives_through_the_death_of_redis(bridge: ScriptedBridge, socket_dir: Path) -> None:
    journal = ScriptedJournal(bridge)
    bridge.answers("session.get", session("acme"))
    with RedisServer.started() as redis:
        async with (
            running_gateway(settings_for(socket_dir, redis_url=redis.url)) as gateway,
            open_stream(gateway.http, EVENTS) as stream,
        ):
            await wait_for(lambda: stream.states == ["connected"])
            redis.kill()
            journal.status("acme", "reconnecting")
            redis.start()
            await wait_for(lambda: stream.states[-1] == "reconnecting", seconds=10)


async def test_streams_end_cleanly_when_control_stops(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer
) -> None:
    bridge.answers("session.get", session("acme"))
    async with aiohttp.ClientSession() as http:
        began = 0.0
        async with running_gateway(settings_for(socket_dir, redis_url=redis_server.url)) as gateway:
            base, key = gateway.http._base_url, gateway.http.headers["Authorization"]
            async with open_stream(http, f"{base}{EVENTS}", {"Authorization": key}) as stream:
                await wait_for(lambda: stream.events)
                began = asyncio.get_running_loop().time()
                stopping = asyncio.create_task(_stop(gateway.app))
                await wait_for(lambda: stream.ended)
                await stopping
        assert asyncio.get_running_loop().time() - began < 2


async def _stop(app: web.Application) -> None:
    await app.shutdown()


async def test_an_event_this_version_has_no_words_for_ends_no_stream(
    gateway: Gateway, bridge: ScriptedBridge, journal: ScriptedJournal
) -> None:
    bridge.answers("session.get", session("acme", sinceMs=1))

    async with open_stream(gateway.http, EVENTS) as stream:
        await wait_for(lambda: stream.events)
        beyond = {
            "type": "session.status",
            "state": "qr",
            "sinceMs": 5,
            "restrictedUntilMs": 9_007_199_254_740_991,
        }
        journal.add("acme", beyond)
        journal.status("acme", "connected", phoneNumber="+5511999999999")
        await wait_for(lambda: len(stream.states) == 2)

    assert stream.states == ["connected", "connected"]


async def test_listening_never_waits() -> None:
    feed = Feed(waiting_max=2)
    event = Event.model_validate(
        {
            "position": 1,
            "eventId": "evt_0123456789abcdef",
            "tenantId": "acme",
            "sessionId": "acme_1795435218000",
            "sequence": 1,
            "occurredAtMs": 1,
            "data": {"type": "session.status", "state": "qr", "sinceMs": 1},
        }
    )
    with feed.watching("acme") as slow, feed.watching("acme") as quick:
        for _ in range(5):
            await feed.on_event(event)
            assert await quick.next(0.1) == event
        with pytest.raises(FeedEnded):
            await slow.next(0.1)
    assert feed.watchers == 0
