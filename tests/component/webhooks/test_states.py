"""Webhooks that fail for long, that say they want no more, and that come back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from control.webhooks.circuit import OPEN_AFTER
from control.webhooks.history import WebhookHistory
from control.webhooks.queue import Line
from control.webhooks.recovery import Recovery
from control.webhooks.service import WebhookService, WebhookView
from control.webhooks.trial import Trial
from tests.component.webhooks.gateway import SECRET, Gateway, running
from tests.support.customer_app import Behaviour, CustomerApp, Received
from tests.support.wait import wait_for


@pytest.fixture
def service(gateway: Gateway, redis: Redis) -> WebhookService:
    return WebhookService(
        gateway.endpoints,
        gateway.queue,
        WebhookHistory(redis, gateway.keys),
        Recovery(redis, gateway.keys),
        Trial(gateway.endpoints, gateway.new_delivery(), clock=gateway.clock),
        wake=lambda tenants: gateway.worker.wake(tenants),
        clock=gateway.clock,
    )


async def add(gateway: Gateway, app: CustomerApp, path: str, **values: Any) -> str:
    stored, _ = await gateway.endpoints.add("t1", secret=SECRET, url=f"{app.url}{path}", **values)
    return stored.id


def texts(app: CustomerApp, path: str) -> list[str]:
    return [str(event["data"]["message"]) for event in app.delivered(path)]


def settled(gateway: Gateway, app: CustomerApp, requests: int) -> bool:
    return len(app.received) >= requests and not gateway.worker.under_way


async def until_open(gateway: Gateway, app: CustomerApp, service: WebhookService, webhook: str) -> WebhookView:
    """Let a failing webhook fail on until its circuit opens."""
    for _ in range(20):
        await wait_for(lambda: not gateway.worker.under_way)
        view = await service.get("t1", webhook)
        if view.state == "degraded":
            return view
        gateway.clock.forward(40)
        seen = len(app.received)
        await wait_for(lambda: len(app.received) > seen)  # noqa: B023
    raise AssertionError("the circuit stayed closed")


async def test_after_failures_in_several_chats_one_event_is_tried_and_success_lets_all_follow(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    webhook = await add(gateway, app, "/down")
    app.set("/down", Behaviour(status=503))
    for n in range(40):
        gateway.bridge.say("t1", f"{n}", chat=f"{n % 20}111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        view = await until_open(gateway, app, service, webhook)
        assert view.health.failures >= OPEN_AFTER
        assert view.health.last_failure == "http_503"
        for minutes in (1, 2, 4):
            seen = len(app.received)
            # Every lane is due by its own schedule long before that, and nothing but the probe is sent.
            gateway.clock.forward(minutes * 60 - 5)
            gateway.worker.wake(["t1"])
            await asyncio.sleep(0.1)
            assert len(app.received) == seen
            gateway.clock.forward(10)
            await wait_for(lambda: settled(gateway, app, seen + 1))  # noqa: B023
            assert len(app.received) == seen + 1
        app.set("/down", Behaviour())
        gateway.clock.forward(8 * 60 + 5)
        await wait_for(lambda: len(app.delivered("/down")) == 40)
        assert (await service.get("t1", webhook)).state == "enabled"
    for chat in range(20):
        got = [e["data"]["message"] for e in app.delivered("/down") if e["data"]["chatId"] == f"{chat}111@g.us"]
        assert got == [f"{chat}", f"{chat + 20}"]


async def test_one_chat_that_fails_does_not_open_the_circuit(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    def answer(got: Received) -> int:
        return 500 if got.event["data"]["chatId"] == "1111@g.us" else 200

    webhook = await add(gateway, app, "/app")
    app.set("/app", Behaviour(status=answer))
    gateway.bridge.say("t1", "poison", chat="1111@g.us")
    async with running(gateway.ingest.run, gateway.worker.run):
        for attempts in range(1, 11):
            await wait_for(lambda: settled(gateway, app, attempts))  # noqa: B023
            gateway.clock.forward(86_400 * 1.3 if attempts > 5 else 2500 * attempts)
        assert (await service.get("t1", webhook)).state == "enabled"
        gateway.bridge.say("t1", "fine", chat="2222@g.us")
        await wait_for(lambda: texts(app, "/app") == ["fine"])


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (Behaviour(status=410), "gone"),
        (Behaviour(status=200, headers={"webhook-delivery": "disable"}), "asked"),
        (Behaviour(status=500, headers={"Webhook-Delivery": "Disable"}), "asked"),
    ],
)
async def test_who_wants_no_more_is_switched_off_and_the_others_are_told(
    gateway: Gateway, app: CustomerApp, service: WebhookService, behaviour: Behaviour, reason: str
) -> None:
    gone = await add(gateway, app, "/gone?token=private")
    await add(gateway, app, "/stays")
    await add(gateway, app, "/not-interested", events=["message"])
    app.set("/gone", behaviour)
    for n in range(3):
        gateway.bridge.say("t1", f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.delivered("/stays")) == 4 and len(app.delivered("/not-interested")) == 3)
        await wait_for(lambda: gateway.worker.under_way == 0)
        view = await service.get("t1", gone)
        assert (view.state, view.stored.disabled) == ("disabled", reason)
        assert gateway.switched_off == [reason]
        gateway.clock.forward(86_400)
        gateway.bridge.say("t1", "3")
        await wait_for(lambda: len(app.delivered("/stays")) == 5)
        assert len(app.at("/gone")) == 1
        # Nothing is dropped: switched on again, it gets what waited, in order.
        taken = 1 if behaviour.status == 200 else 0
        app.set("/gone", Behaviour())
        await service.change("t1", gone, {"enabled": True})
        await wait_for(lambda: texts(app, "/gone") == ["0", "1", "2", "3"])
    assert len(app.at("/gone")) == 4 + 1 - taken
    (told,) = [r for r in app.at("/stays") if r.event["event"] == "webhook.disabled"]
    assert told.headers["X-Webhook-Event"] == "webhook.disabled"
    assert told.event["sequence"] is None
    assert told.event["sessionId"] is None
    assert told.event["data"]["webhookId"] == gone
    assert told.event["data"]["reason"] == reason
    assert told.event["data"]["url"].endswith("/gone")
    logged = [e.type for e in await gateway.log.read("t1", after=None, limit=100)]
    assert logged.count("webhook.disabled") == 1


async def test_five_days_of_only_failures_switch_a_webhook_off(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    webhook = await add(gateway, app, "/dead")
    app.set("/dead", Behaviour(status=500))
    async with running(gateway.ingest.run, gateway.worker.run):
        began = gateway.clock()
        while (view := await service.get("t1", webhook)).state != "disabled":
            if view.health.waiting < 12:
                gateway.bridge.say("t1", "hello", chat=f"{len(gateway.bridge.events)}111@g.us")
                await wait_for(lambda: gateway.bridge.acked == gateway.bridge.head)
            seen = len(app.received)
            await gateway.skip_to_next_due("t1")
            await wait_for(lambda: settled(gateway, app, seen))  # noqa: B023
            assert gateway.clock() - began < 130 * 3600
    assert gateway.clock() - began >= 120 * 3600
    assert view.stored.disabled == "failing"
    assert gateway.switched_off == ["failing"]
    assert view.health.waiting > 0


async def test_a_webhook_that_is_switched_off_keeps_what_comes_until_it_is_on(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    webhook = await add(gateway, app, "/paused")
    await service.change("t1", webhook, {"enabled": False})
    async with running(gateway.ingest.run, gateway.worker.run):
        for n in range(5):
            gateway.bridge.say("t1", f"{n}")
        await wait_for(lambda: gateway.bridge.acked == 5)
        assert (await service.get("t1", webhook)).health.waiting == 5
        assert app.received == []
        await service.change("t1", webhook, {"enabled": True})
        await wait_for(lambda: texts(app, "/paused") == [str(n) for n in range(5)])


async def test_the_default_is_switched_off_for_the_tenant_it_refused_only(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    app.set("/default", Behaviour(status=lambda got: 410 if got.event["tenantId"] == "t1" else 200))
    gateway.bridge.say("t1", "refused")
    gateway.bridge.say("t2", "taken")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 2 and not gateway.worker.under_way)
        (view,) = await service.page("t1")
        assert (view.stored.id, view.state) == ("default", "disabled")
        assert (await service.page("t2"))[0].state == "enabled"
        gateway.bridge.say("t2", "taken too")
        await wait_for(lambda: len(app.delivered()) == 2)
        app.set("/default", Behaviour())
        await service.change("t1", "default", {"enabled": True})
        await wait_for(lambda: len(app.delivered()) == 3)


async def test_the_event_after_one_that_was_given_up_says_so(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    poison = gateway.bridge.say("t1", "poison")
    gateway.bridge.say("t1", "next")
    gateway.bridge.say("t1", "last")
    app.set("/default", Behaviour(status=lambda got: 500 if got.event["id"] == poison else 200))
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: gateway.bridge.acked == 3)

        async def all_settled() -> bool:
            await gateway.skip_to_next_due("t1")
            return await gateway.waiting_none("t1")

        await wait_for(all_settled, seconds=10)
    by_text = {r.event["data"]["message"]: r.headers.get("X-Webhook-After-Gap") for r in app.received}
    assert by_text == {"poison": None, "next": "true", "last": None}


async def test_a_test_event_is_sent_at_once_and_answered_with_what_happened(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    webhook = await add(gateway, app, "/app")
    event_id, outcome = await service.test("t1", webhook)
    assert (outcome.delivered, outcome.status) == (True, 200)
    (got,) = app.received
    assert got.headers["webhook-id"] == event_id == got.event["id"]
    assert got.event["event"] == "webhook.test"
    app.set("/app", Behaviour(status=418, body=b"I am a \x1b[31mteapot\x00"))
    _, outcome = await service.test("t1", webhook)
    assert (outcome.delivered, outcome.reason) == (False, "http_418")
    assert outcome.answer == "I am a \N{REPLACEMENT CHARACTER}[31mteapot\N{REPLACEMENT CHARACTER}"
    # It is about the way, not about what waits: nothing is queued, and no failure counted.
    view = await service.get("t1", webhook)
    assert (view.health.waiting, view.health.failures) == (0, 0)


async def test_a_worker_killed_after_a_refusal_leaves_it_to_the_next_to_switch_off(
    gateway: Gateway, app: CustomerApp, service: WebhookService
) -> None:
    webhook = await add(gateway, app, "/gone")
    app.set("/gone", Behaviour(hang=True, status=410))
    gateway.bridge.say("t1", "0")
    async with running(gateway.ingest.run):
        killed = asyncio.create_task(gateway.worker.run())
        await wait_for(lambda: app.received)
        gateway.abandon(killed)
        app.set("/gone", Behaviour(status=410))
        async with running(gateway.new_worker().run):
            gateway.clock.forward(31)

            async def off() -> bool:
                return (await service.get("t1", webhook)).state == "disabled"

            await wait_for(off)
    app.release()
    await gateway.end_abandoned()
    assert await gateway.queue.due_lines(["t1"], int(gateway.clock() * 1000)) == []
    assert (await service.get("t1", webhook)).health.waiting == 1
    assert Line("t1", webhook) not in await gateway.queue.due_lines(["t1"], 2**45)
