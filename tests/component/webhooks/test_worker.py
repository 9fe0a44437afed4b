"""The webhook worker against a real Redis and a real customer's app."""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from pathlib import Path

import pytest
from redis.asyncio import Redis
from standardwebhooks import Webhook

from control.events.envelope import lane
from control.rpc.contract_gen import Event
from control.storage.keys import Keys
from control.webhooks.retry import SCHEDULE_SECONDS
from tests.component.webhooks.gateway import SECRET, Gateway, running, settings_for
from tests.support.customer_app import Behaviour, CustomerApp, Received
from tests.support.wait import wait_for

LANE = "5511999990000@s.whatsapp.net"


def texts(events: list[dict[str, object]]) -> list[str]:
    return [str(event["data"]["message"]) for event in events]  # type: ignore[index]


async def test_a_message_reaches_the_default_endpoint_and_both_signatures_hold(
    gateway: Gateway, app: CustomerApp
) -> None:
    event_id = gateway.bridge.say("t1", "Olá 👋")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received)
        await wait_for(lambda: gateway.bridge.acked == 1)
    (got,) = app.received
    assert got.path == "/default"
    assert got.event["event"] == got.event["type"] == got.headers["X-Webhook-Event"] == "message"
    assert got.event["tenantId"] == "t1"
    assert got.event["data"]["message"] == "Olá 👋"
    assert got.headers["webhook-id"] == got.event["id"] == event_id
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["X-Webhook-Attempt"] == "1"
    Webhook(SECRET).verify(got.body, {k.lower(): v for k, v in got.headers.items()})


async def test_the_bytes_sent_are_the_bytes_in_the_log(gateway: Gateway, app: CustomerApp) -> None:
    for n in range(5):
        gateway.bridge.say("t1", f"ção {n} \u2028 </script>")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 5)
    assert [r.body for r in app.received] == [e.body for e in await gateway.log.read("t1", after=None, limit=9)]


async def test_a_tenants_own_endpoint_gets_only_the_events_it_wants(gateway: Gateway, app: CustomerApp) -> None:
    await gateway.endpoints.register("t1", url=f"{app.url}/own", secret="s" * 16, events=["session.status"])
    gateway.bridge.say("t1", "not wanted")
    gateway.bridge.add("t1", {"type": "session.status", "state": "connected", "sinceMs": 1_795_435_200_000})
    gateway.bridge.say("t1", "not wanted either")
    gateway.bridge.say("t2", "goes to the default")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 2)
        await wait_for(lambda: gateway.waiting_none("t1", "t2"))
    assert [r.event["type"] for r in app.at("/own")] == ["session.status"]
    assert texts([r.event for r in app.at("/default")]) == ["goes to the default"]
    Webhook(b"s" * 16).verify(app.at("/own")[0].body, {k.lower(): v for k, v in app.at("/own")[0].headers.items()})


async def test_without_an_endpoint_events_stay_in_the_log_and_nothing_waits(
    redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    gateway = Gateway(redis, keys, settings_for(tmp_path))
    for n in range(300):
        gateway.bridge.say("t1", f"{n}", chat=f"{n % 40}111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: gateway.bridge.acked == 300)
        await wait_for(lambda: gateway.waiting_none("t1"))
    assert len(await gateway.log.read("t1", after=None, limit=1000)) == 300
    await gateway.close()


async def test_order_within_every_chat_survives_an_app_that_fails_four_times_in_ten(
    gateway: Gateway, app: CustomerApp
) -> None:
    chance = random.Random(7)
    app.set("/default", Behaviour(status=lambda got: 500 if chance.random() < 0.4 else 200))
    said: dict[str, list[str]] = defaultdict(list)
    for n in range(300):
        chat = f"{n % 12}111@g.us"
        gateway.bridge.say(f"t{n % 3}", f"{n}", chat=chat)
        said[chat].append(f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: gateway.bridge.acked == 300)

        async def all_there() -> bool:
            await gateway.skip_to_next_due("t0", "t1", "t2")
            return len(app.delivered()) == 300

        await wait_for(all_there, seconds=20)
    arrived: dict[str, list[str]] = defaultdict(list)
    for event in app.delivered():
        arrived[event["data"]["chatId"]].append(event["data"]["message"])
    assert arrived == said
    assert any(r.status == 500 for r in app.received)


async def test_a_lane_that_fails_blocks_only_itself(gateway: Gateway, app: CustomerApp) -> None:
    def answer(got: Received) -> int:
        return 500 if got.event["data"]["chatId"] == "1111@g.us" else 200

    app.set("/default", Behaviour(status=answer))
    for n in range(10):
        gateway.bridge.say("t1", f"blocked {n}", chat="1111@g.us")
        gateway.bridge.say("t1", f"{n}", chat="2222@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: texts(app.delivered()) == [str(n) for n in range(10)])
    assert {r.event["data"]["message"] for r in app.received if r.status == 500} == {"blocked 0"}


async def test_retries_follow_the_schedule_and_end_as_a_dead_letter(
    gateway: Gateway, app: CustomerApp, redis: Redis
) -> None:
    event_id = gateway.bridge.say("t1", "nobody takes me")
    gateway.bridge.say("t1", "next in line")
    app.set("/default", Behaviour(status=lambda got: 503 if got.event["id"] == event_id else 200))
    async with running(gateway.ingest.run, gateway.worker.run):
        for n, pause in enumerate(SCHEDULE_SECONDS[1:], start=1):
            await wait_for(lambda: len(app.received) == n and not gateway.worker.under_way)  # noqa: B023
            due_in = await gateway.due_in("t1", LANE)
            assert pause * 0.8 - 2 < due_in <= min(pause * 1.2, 86_400)
            gateway.clock.forward(due_in)
        await wait_for(lambda: texts(app.delivered()) == ["next in line"])
    tried = [r for r in app.received if r.headers["webhook-id"] == event_id]
    assert [r.headers["X-Webhook-Attempt"] for r in tried] == [str(n) for n in range(1, 12)]
    assert len({r.headers["webhook-timestamp"] for r in tried}) == 11
    ((_, dead),) = await redis.xrange(gateway.keys.dead_letters("t1", "default"))
    assert (dead[b"id"].decode(), dead[b"reason"], dead[b"attempts"]) == (event_id, b"http_503", b"11")
    assert gateway.given_up == ["tried"]


async def test_the_apps_retry_after_is_waited_for(gateway: Gateway, app: CustomerApp) -> None:
    app.set("/default", Behaviour(status=503, headers={"Retry-After": "3600"}))
    gateway.bridge.say("t1", "come back in an hour")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received and not gateway.worker.under_way)
        assert 3590 < await gateway.due_in("t1", LANE) <= 3600


async def test_a_redirect_is_a_failure_and_is_not_followed(gateway: Gateway, app: CustomerApp) -> None:
    app.set("/default", Behaviour(status=302, headers={"Location": f"{app.url}/elsewhere"}))
    gateway.bridge.say("t1", "stay here")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received and not gateway.worker.under_way)
        app.set("/default", Behaviour())
        gateway.clock.forward(10)
        await wait_for(lambda: app.delivered("/default"))
    assert app.at("/elsewhere") == []


async def test_log_lines_name_ids_and_status_and_nothing_of_the_message(
    gateway: Gateway, app: CustomerApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"{app.url}/own?token=very-secret-query"
    await gateway.endpoints.register("t1", url=url, secret="a-secret-of-sixteen", events=None)
    app.set("/own", Behaviour(status=500, body=b"words of the app"))
    event_id = gateway.bridge.say("t1", "words of a customer")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: any(r.message == "webhook attempt" for r in caplog.records))
    (line,) = [r for r in caplog.records if r.message == "webhook attempt"]
    assert vars(line).items() >= {"eventId": event_id, "attempt": 1, "status": 500, "outcome": "http_500"}.items()
    everything = "".join(str(vars(record)) for record in caplog.records)
    for secret in ("words of a customer", "very-secret-query", "a-secret-of-sixteen", "words of the app"):
        assert secret not in everything


def test_session_events_have_a_lane_of_their_own() -> None:
    event = Event.model_validate(
        {
            "position": 1,
            "eventId": "evt_0000000000000001",
            "tenantId": "t1",
            "sessionId": "t1_1795435200000",
            "sequence": 1,
            "occurredAtMs": 1,
            "data": {"type": "session.qr"},
        }
    )
    assert lane(event) == "session"
