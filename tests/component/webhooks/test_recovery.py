"""Sending again: one event, what was given up, a stretch of time."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from control.storage.keys import Keys
from control.webhooks.history import WebhookHistory
from control.webhooks.queue import Attempted, DeliveryQueue, Line
from control.webhooks.recovery import Recovery
from tests.component.webhooks.gateway import Gateway, running
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.wait import wait_for

LINE = Line("t1", "default")
ALL = {"since_ms": 0, "until_ms": 2**45}


def texts(app: CustomerApp) -> list[str]:
    return [r.event["data"]["message"] for r in app.received if r.status == 200]


def now_ms(gateway: Gateway) -> int:
    return int(gateway.clock() * 1000)


async def give_up_all(gateway: Gateway) -> None:
    """Take every head and give it up, as after eleven attempts."""
    while events := (await gateway.queue.claim(LINE, token="x", now_ms=now_ms(gateway), limit=64)).events:
        for due in events:
            await gateway.queue.settle(due, "dead", now_ms=now_ms(gateway), attempted=Attempted("http_500", 500))


@pytest.mark.parametrize("trimmed", [False, True])
async def test_what_was_given_up_is_sent_again_before_what_waits_and_in_order(
    gateway: Gateway, app: CustomerApp, redis: Redis, trimmed: bool
) -> None:
    for n in range(30):
        gateway.bridge.say("t1", f"{n}", chat="1111@g.us")
    await gateway.ingest.step()
    await give_up_all(gateway)
    gateway.bridge.say("t1", "newer", chat="1111@g.us")
    await gateway.ingest.step()
    if trimmed:
        await redis.xtrim(gateway.keys.events("t1"), maxlen=1, approximate=False)
    done = await Recovery(redis, gateway.keys, step=7).recover(LINE, "failed", **ALL, now_ms=now_ms(gateway))
    assert (done.queued, done.complete) == (30, True)
    assert await redis.xlen(gateway.keys.dead_letters("t1", "default")) == 0
    async with running(gateway.worker.run):
        await wait_for(lambda: len(texts(app)) == 31)
    assert texts(app) == [*(str(n) for n in range(30)), "newer"]
    assert await redis.hlen(gateway.keys.lane_revived("t1")) == 0  # type: ignore[misc]


async def test_everything_of_a_time_is_sent_again_under_the_same_ids(
    gateway: Gateway, app: CustomerApp, redis: Redis
) -> None:
    ids = [gateway.bridge.say("t1", f"{n}") for n in range(10)]
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(texts(app)) == 10)
        await wait_for(lambda: gateway.waiting_none("t1"))
        log = await gateway.log.read("t1", after=None, limit=10)
        since, until = (int(log[at].cursor.partition("-")[0]) for at in (0, 9))
        recovery = Recovery(redis, gateway.keys, step=3)
        done = await recovery.recover(LINE, "all", since_ms=since, until_ms=until, now_ms=now_ms(gateway))
        assert (done.looked_at, done.queued, done.complete) == (10, 10, True)
        gateway.worker.wake(["t1"])
        await wait_for(lambda: len(texts(app)) == 20)
    assert [r.headers["webhook-id"] for r in app.received] == ids * 2
    nothing = await recovery.recover(LINE, "all", since_ms=until + 1, until_ms=2**45, now_ms=now_ms(gateway))
    assert (nothing.queued, nothing.complete) == (0, True)


async def test_a_recovery_is_bounded_and_the_same_call_goes_on(gateway: Gateway, redis: Redis) -> None:
    for n in range(25):
        gateway.bridge.say("t1", f"{n}")
    await gateway.ingest.step()
    await give_up_all(gateway)
    recovery = Recovery(redis, gateway.keys, step=4, recover_max=10)
    done = [await recovery.recover(LINE, "failed", **ALL, now_ms=now_ms(gateway)) for _ in range(3)]
    assert [(d.queued, d.complete) for d in done] == [(10, False), (10, False), (5, True)]
    full = Recovery(redis, gateway.keys, undelivered_max=26)
    for n in range(3):
        gateway.bridge.say("t2", f"{n}")
    await gateway.ingest.step()
    assert await gateway.waiting("t1") == 25
    held = await full.recover(LINE, "all", **ALL, now_ms=now_ms(gateway))
    assert held.queued == 0


async def test_a_bounded_recovery_of_everything_goes_on_where_it_was(gateway: Gateway, redis: Redis) -> None:
    for n in range(25):
        gateway.bridge.say("t1", f"{n}")
    await gateway.ingest.step()
    await give_up_all(gateway)
    await redis.delete(gateway.keys.dead_letters("t1", "default"))
    recovery = Recovery(redis, gateway.keys, step=4, recover_max=10)
    since, queued = 0, []
    while True:
        done = await recovery.recover(LINE, "all", since_ms=since, until_ms=2**45, now_ms=now_ms(gateway))
        queued.append(done.queued)
        if done.continue_ms is None:
            break
        assert done.continue_ms >= since
        since = done.continue_ms
    assert sum(queued) == 25
    assert len(queued) == 3


async def test_a_full_queue_ends_a_recovery_without_losing_a_dead_letter(gateway: Gateway, redis: Redis) -> None:
    for n in range(10):
        gateway.bridge.say("t1", f"{n}")
    await gateway.ingest.step()
    await give_up_all(gateway)
    recovery = Recovery(redis, gateway.keys, undelivered_max=6)
    done = await recovery.recover(LINE, "failed", **ALL, now_ms=now_ms(gateway))
    assert (done.queued, done.complete) == (6, False)
    assert await redis.xlen(gateway.keys.dead_letters("t1", "default")) == 4


async def test_one_event_is_sent_again_given_up_delivered_or_waiting(
    gateway: Gateway, app: CustomerApp, redis: Redis
) -> None:
    recovery = Recovery(redis, gateway.keys, step=2)
    taken = gateway.bridge.say("t1", "taken")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: texts(app) == ["taken"])
        await wait_for(lambda: gateway.waiting_none("t1"))
        assert await recovery.retry(LINE, taken, now_ms=now_ms(gateway)) == "queued"
        gateway.worker.wake(["t1"])
        await wait_for(lambda: texts(app) == ["taken", "taken"])
        app.set("/default", Behaviour(status=500))
        waiting = gateway.bridge.say("t1", "waiting")
        await wait_for(lambda: len(app.received) == 3 and not gateway.worker.under_way)
        app.set("/default", Behaviour())
        # Five seconds before its time.
        assert await recovery.retry(LINE, waiting, now_ms=now_ms(gateway)) == "waiting"
        gateway.worker.wake(["t1"])
        await wait_for(lambda: texts(app) == ["taken", "taken", "waiting"])
    lost = gateway.bridge.say("t1", "given up")
    await gateway.ingest.step()
    await give_up_all(gateway)
    await redis.xtrim(gateway.keys.events("t1"), maxlen=0, approximate=False)
    assert await recovery.retry(LINE, lost, now_ms=now_ms(gateway)) == "queued"
    assert await recovery.retry(LINE, "evt_unknown", now_ms=now_ms(gateway)) is None
    async with running(gateway.worker.run):
        await wait_for(lambda: texts(app)[-1] == "given up")


async def test_an_older_event_that_comes_back_while_its_lane_is_under_way_takes_nobodys_place(
    gateway: Gateway, redis: Redis, keys: Keys
) -> None:
    queue = DeliveryQueue(redis, keys)
    old = gateway.bridge.say("t1", "old")
    await gateway.ingest.step()
    await give_up_all(gateway)
    gateway.bridge.say("t1", "new")
    await gateway.ingest.step()
    for verdict in ("done", "later", "release"):
        (held,) = (await queue.claim(LINE, token="mine", now_ms=now_ms(gateway), limit=5)).events
        assert held.event_id != old
        await Recovery(redis, keys).retry(LINE, old, now_ms=now_ms(gateway))
        assert not (await queue.claim(LINE, token="other", now_ms=now_ms(gateway), limit=5)).events
        assert (await queue.settle(held, verdict, now_ms=now_ms(gateway), due_ms=now_ms(gateway))).held
        (first,) = (await queue.claim(LINE, token="mine", now_ms=now_ms(gateway), limit=5)).events
        assert (first.event_id, first.attempt) == (old, 1)
        await queue.settle(first, "dead", now_ms=now_ms(gateway))
        if verdict == "done":
            assert await gateway.waiting("t1") == 0
            gateway.bridge.say("t1", "another")
            await gateway.ingest.step()
        else:
            assert await gateway.waiting("t1") == 1


async def test_attempts_and_dead_letters_are_listed_newest_first_in_pages(
    gateway: Gateway, app: CustomerApp, redis: Redis
) -> None:
    history = WebhookHistory(redis, gateway.keys)
    app.set("/default", Behaviour(status=lambda got: 500 if "3" in got.event["data"]["message"] else 204))
    for n in range(10):
        gateway.bridge.say("t1", f"{n}", chat=f"{n}111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 10 and not gateway.worker.under_way)
    everything, end = await history.attempts(LINE, status=None, after=None, limit=50)
    assert (len(everything), end) == (10, None)
    first, more = await history.attempts(LINE, status="delivered", after=None, limit=4)
    rest, end = await history.attempts(LINE, status="delivered", after=more, limit=50)
    assert [a.event_id for a in first + rest] == [a.event_id for a in everything if a.delivered]
    assert (len(first + rest), end) == (9, None)
    ((failed,), _) = await history.attempts(LINE, status="failed", after=None, limit=5)
    assert (failed.status, failed.reason, failed.answer, failed.attempt) == (500, "http_500", "ok", 1)
    gateway.clock.forward(10)
    await give_up_all(gateway)
    ((letter,), _) = await history.dead_letters(LINE, after=None, limit=5)
    assert (letter.event_id, letter.lane) == (failed.event_id, "3111@g.us")


async def test_the_record_of_attempts_is_bounded(gateway: Gateway, redis: Redis) -> None:
    for n in range(600):
        gateway.bridge.say("t1", f"{n}")
    while gateway.bridge.acked < 600:
        await gateway.ingest.step()
    await give_up_all(gateway)
    assert await redis.xlen(gateway.keys.deliveries("t1", "default")) < 350
