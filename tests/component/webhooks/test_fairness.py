"""Customers' apps that hang, among others that answer: real connections, and the order of what happens."""

from __future__ import annotations

import itertools
from pathlib import Path

from redis.asyncio import Redis

from control.storage.keys import Keys
from tests.component.webhooks.gateway import SECRET, Gateway, running, settings_for
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.wait import wait_for


async def test_one_endpoint_that_hangs_delays_none_of_ninety_nine(gateway: Gateway, app: CustomerApp) -> None:
    app.set("/hangs", Behaviour(hang=True))
    await gateway.endpoints.register("hangs", url=f"{app.url}/hangs", secret=SECRET, events=None)
    for n in range(99):
        await gateway.endpoints.register(f"ok{n}", url=f"{app.url}/ok{n}", secret=SECRET, events=None)
    for n in range(50):
        gateway.bridge.say("hangs", f"{n}", chat=f"{n}111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.at("/hangs")) == 1)
        for n in range(297):
            gateway.bridge.say(f"ok{n % 99}", f"{n}")
        await wait_for(lambda: len(app.delivered()) == 297, seconds=14)
        # None of those that hang has come back, so nobody waited for one of them.
        assert [r.status for r in app.at("/hangs")] == [None]
        app.set("/hangs", Behaviour())
        app.release()


async def test_a_hundred_endpoints_that_hang_leave_room_for_those_that_answer(
    gateway: Gateway, app: CustomerApp
) -> None:
    for n in range(100):
        app.set(f"/hangs{n}", Behaviour(hang=True))
        await gateway.endpoints.register(f"hangs{n}", url=f"{app.url}/hangs{n}", secret=SECRET, events=None)
        for chat in range(4):
            gateway.bridge.say(f"hangs{n}", f"{n}", chat=f"{chat}111@g.us")
    for n in range(20):
        await gateway.endpoints.register(f"ok{n}", url=f"{app.url}/ok{n}", secret=SECRET, events=None)
        gateway.bridge.say(f"ok{n}", "before")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.delivered()) == 20, seconds=10)
        for n in range(200):
            gateway.bridge.say(f"ok{n % 20}", f"{n}")
        await wait_for(lambda: len(app.delivered()) == 220, seconds=10)
        assert len([r for r in app.received if r.path.startswith("/hangs")]) == 100
        assert not any(r.status for r in app.received if r.path.startswith("/hangs"))
        app.release()


async def test_an_endpoint_that_timed_out_gets_one_attempt_at_a_time(
    redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp
) -> None:
    settings = settings_for(tmp_path, webhook_url=f"{app.url}/default")
    gateway = Gateway(redis, keys, settings, total_seconds=0.3)
    app.set("/default", Behaviour(hang=True))
    for n in range(30):
        gateway.bridge.say("t1", f"{n}", chat=f"{n}111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) >= 5)
    by_time = sorted(r.at for r in app.received)
    assert all(later - sooner > 0.25 for sooner, later in itertools.pairwise(by_time))
    app.release()
    await gateway.close()
