"""Several webhooks of one tenant: who gets what, and that none is in another's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.storage.keys import Keys
from control.webhooks.queue import Line
from tests.component.webhooks.gateway import SECRET, Gateway, endpoints_of, running, settings_for
from tests.support.customer_app import Behaviour, CustomerApp, Received
from tests.support.wait import wait_for


async def add(gateway: Gateway, app: CustomerApp, path: str, tenant: str = "t1", **values: object) -> str:
    """Add a webhook and return its id."""
    stored, _ = await gateway.endpoints.add(tenant, secret=SECRET, url=f"{app.url}{path}", **values)  # type: ignore[arg-type]
    return stored.id


def texts(app: CustomerApp, path: str) -> list[str]:
    return [str(event["data"]["message"]) for event in app.delivered(path)]


async def test_each_webhook_gets_every_event_it_wants_in_order_and_the_default_none(
    gateway: Gateway, app: CustomerApp
) -> None:
    await add(gateway, app, "/all")
    await add(gateway, app, "/messages", events=["message"])
    await add(gateway, app, "/status", events=["message.status"])
    for n in range(20):
        gateway.bridge.say("t1", f"{n}")
    gateway.bridge.say("t2", "of another")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 41)
    assert texts(app, "/all") == texts(app, "/messages") == [str(n) for n in range(20)]
    assert app.at("/status") == []
    assert texts(app, "/default") == ["of another"]
    assert await gateway.redis.xlen(gateway.keys.events("t1")) == 20


async def test_a_webhook_that_fails_holds_up_no_other(gateway: Gateway, app: CustomerApp) -> None:
    await add(gateway, app, "/fails")
    await add(gateway, app, "/works")
    app.set("/fails", Behaviour(status=500))
    for n in range(10):
        gateway.bridge.say("t1", f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: texts(app, "/works") == [str(n) for n in range(10)])
        # The app has the last one a little before it is written down that it has.
        await wait_for(lambda: waits(gateway, 10))
        app.set("/fails", Behaviour())
        gateway.clock.forward(10)
        await wait_for(lambda: texts(app, "/fails") == [str(n) for n in range(10)])


async def test_a_webhook_without_order_goes_past_an_event_that_fails(gateway: Gateway, app: CustomerApp) -> None:
    await add(gateway, app, "/none", ordering="none")

    def answer(got: Received) -> int:
        return 500 if got.event["data"]["message"] == "0" else 200

    app.set("/none", Behaviour(status=answer))
    for n in range(10):
        gateway.bridge.say("t1", f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: sorted(texts(app, "/none")) == [str(n) for n in range(1, 10)])


async def test_a_webhook_added_later_starts_with_what_comes_then(gateway: Gateway, app: CustomerApp) -> None:
    await add(gateway, app, "/first")
    gateway.bridge.say("t1", "before")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 1)
        await add(gateway, app, "/later")
        gateway.bridge.say("t1", "after")
        await wait_for(lambda: len(app.received) == 3)
    assert texts(app, "/later") == ["after"]


async def test_a_removed_webhook_takes_along_what_waits_for_it(gateway: Gateway, app: CustomerApp) -> None:
    webhook = await add(gateway, app, "/gone")
    await add(gateway, app, "/stays")
    app.set("/gone", Behaviour(status=500))
    app.set("/stays", Behaviour(status=500))
    gateway.bridge.say("t1", "waits twice")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 2 and not gateway.worker.under_way)
        # Killed between the two steps of the removal, the worker does the second.
        await gateway.endpoints.remove("t1", webhook)
        assert await gateway.waiting("t1") == 2
        gateway.clock.forward(10)
        await wait_for(lambda: waits(gateway, 1))
    assert not await gateway.redis.keys(f"{gateway.keys.prefix}:{{t1}}:*{webhook}*")


async def waits(gateway: Gateway, count: int) -> bool:
    return await gateway.waiting("t1") == count


async def test_twenty_webhooks_are_the_most_a_tenant_has(gateway: Gateway, app: CustomerApp) -> None:
    ids = [await add(gateway, app, f"/{n}") for n in range(20)]
    with pytest.raises(GatewayError, match="too_many_webhooks"):
        await add(gateway, app, "/20")
    with pytest.raises(GatewayError, match="too_many_webhooks"):
        await gateway.endpoints.register("t1", url=app.url, secret=None, events=None)
    await gateway.endpoints.remove("t1", ids[3])
    await gateway.endpoints.register("t1", url=app.url, secret=None, events=None)
    assert len(await gateway.endpoints.page("t1")) == 20


async def test_headers_of_ones_own_are_sent_and_sealed(gateway: Gateway, app: CustomerApp) -> None:
    await add(gateway, app, "/own", headers={"Authorization": "Bearer my-own-token", "X-Kind": "whatsapp"})
    gateway.bridge.say("t1", "hello")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received)
    headers = app.received[0].headers
    assert (headers["Authorization"], headers["X-Kind"]) == ("Bearer my-own-token", "whatsapp")
    stored = b"".join((await gateway.redis.hgetall(gateway.keys.webhooks("t1"))).values())  # type: ignore[misc]
    assert b"my-own-token" not in stored


async def test_what_waits_for_the_default_still_goes_there_when_a_webhook_is_added(
    gateway: Gateway, app: CustomerApp
) -> None:
    app.set("/default", Behaviour(status=500))
    gateway.bridge.say("t1", "for the default")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received and not gateway.worker.under_way)
        await add(gateway, app, "/own")
        gateway.bridge.say("t1", "for the new one")
        await wait_for(lambda: texts(app, "/own") == ["for the new one"])
        app.set("/default", Behaviour())
        gateway.clock.forward(10)
        await wait_for(lambda: texts(app, "/default") == ["for the default"])


async def test_without_any_webhook_nothing_waits_and_the_log_has_it(
    redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    gateway = Gateway(redis, keys, settings_for(tmp_path))
    gateway.bridge.say("t1", "for nobody")
    await gateway.ingest.step()
    assert await gateway.waiting("t1") == 0
    assert await redis.xlen(keys.events("t1")) == 1
    assert not await endpoints_of(gateway, Line("t1", "default"))
    await gateway.close()
