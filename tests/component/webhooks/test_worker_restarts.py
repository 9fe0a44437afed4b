"""Webhook workers that are killed, stopped, doubled, or told nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from redis.asyncio import Redis

from tests.component.webhooks.gateway import SECRET, Gateway, running
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.wait import wait_for

LANE = "5511999990000@s.whatsapp.net"


def texts(events: list[dict[str, object]]) -> list[str]:
    return [str(event["data"]["message"]) for event in events]  # type: ignore[index]


async def test_a_worker_killed_in_mid_delivery_is_followed_by_one_that_delivers_the_same_id(
    gateway: Gateway, app: CustomerApp
) -> None:
    app.set("/default", Behaviour(hang=True))
    event_id = gateway.bridge.say("t1", "first")
    gateway.bridge.say("t1", "second")
    async with running(gateway.ingest.run):
        killed = asyncio.create_task(gateway.worker.run())
        await wait_for(lambda: app.received)
        # As kill -9 leaves it: no cleanup of the worker runs, its lease stays in Redis.
        gateway.abandon(killed)
        app.set("/default", Behaviour())
        async with running(gateway.new_worker().run):
            assert 0 < await gateway.due_in("t1", LANE) <= 30
            gateway.clock.forward(31)
            await wait_for(lambda: texts(app.delivered()) == ["first", "second"])
    assert [r.headers["webhook-id"] for r in app.received[:2]] == [event_id, event_id]
    assert app.received[1].headers["X-Webhook-Attempt"] == "2"
    app.release()
    await gateway.end_abandoned()


async def test_a_worker_that_is_stopped_lets_attempts_end_and_releases_the_rest(
    gateway: Gateway, app: CustomerApp
) -> None:
    app.set("/default", Behaviour(delay=0.2))
    await gateway.endpoints.register("t2", url=f"{app.url}/hangs", secret=SECRET, events=None)
    app.set("/hangs", Behaviour(hang=True))
    gateway.bridge.say("t1", "ends in time")
    gateway.bridge.say("t2", "hangs")
    async with running(gateway.ingest.run):
        async with running(gateway.new_worker(stop_seconds=1.0).run):
            await wait_for(lambda: len(app.received) == 2)
        assert await gateway.waiting("t1") == 0
        assert await gateway.waiting("t2") == 1
        app.set("/hangs", Behaviour())
        # Released, so nobody has to wait for a lease to end; and the cut attempt does not count.
        async with running(gateway.new_worker().run):
            await wait_for(lambda: app.delivered("/hangs"))
    assert [r.headers["X-Webhook-Attempt"] for r in app.at("/hangs")] == ["1", "1"]


async def test_two_workers_send_each_event_once_and_in_order(gateway: Gateway, app: CustomerApp) -> None:
    for n in range(400):
        gateway.bridge.say(f"t{n % 4}", f"{n}", chat=f"{n % 20}111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run, gateway.new_worker().run):
        await wait_for(lambda: len(app.delivered()) == 400, seconds=20)
    assert len(app.received) == 400
    by_chat: dict[str, list[int]] = defaultdict(list)
    for event in app.delivered():
        by_chat[event["data"]["chatId"]].append(int(event["data"]["message"]))
    assert all(numbers == sorted(numbers) for numbers in by_chat.values())


async def test_hints_that_are_lost_are_rebuilt_from_the_lanes(
    gateway: Gateway, app: CustomerApp, redis: Redis
) -> None:
    for n in range(5):
        gateway.bridge.say(f"t{n}", f"{n}")
    await gateway.ingest.step()
    await redis.delete(gateway.keys.webhook_hints())
    async with running(gateway.new_worker().run):
        await wait_for(lambda: len(app.delivered()) == 5)


async def test_events_of_another_process_are_found_without_being_told(gateway: Gateway, app: CustomerApp) -> None:
    async with running(gateway.new_worker().run):
        gateway.bridge.say("t1", "from elsewhere")
        await gateway.ingest.step()
        await wait_for(app.delivered)
