"""A secret that is replaced: both sign for a while, and nothing breaks on the way, whatever the app checks."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from redis.asyncio import Redis
from standardwebhooks import Webhook, WebhookVerificationError

from control.webhooks.queue import Line
from tests.component.webhooks.gateway import SECRET, Gateway, running
from tests.support.customer_app import Behaviour, CustomerApp, Received
from tests.support.wait import wait_for

DAY = 86_400


def simple_holds(got: Received, secret: str) -> bool:
    expected = "sha256=" + hmac.new(secret.encode(), got.body, hashlib.sha256).hexdigest()
    return got.headers["X-Webhook-Signature"] == expected


def standard_holds(got: Received, secret: str) -> bool:
    try:
        Webhook(secret).verify(got.body, dict(got.headers))
    except WebhookVerificationError:
        return False
    return True


async def rotated(gateway: Gateway, app: CustomerApp, overlap: int = DAY) -> tuple[str, str]:
    stored, _ = await gateway.endpoints.add("t1", secret=SECRET, url=f"{app.url}/app")
    _, new = await gateway.endpoints.rotate("t1", stored.id, overlap)
    return stored.id, new


async def test_during_the_overlap_both_secrets_check_the_standard_signature(
    gateway: Gateway, app: CustomerApp
) -> None:
    _, new = await rotated(gateway, app)
    gateway.bridge.say("t1", "hello")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received)
    (got,) = app.received
    assert standard_holds(got, SECRET)
    assert standard_holds(got, new)
    assert simple_holds(got, SECRET)


async def test_an_app_that_checks_the_simple_signature_misses_nothing_when_it_changes_its_secret(
    gateway: Gateway, app: CustomerApp
) -> None:
    _, new = await rotated(gateway, app)
    known = {"secret": SECRET}
    app.set("/app", Behaviour(status=lambda got: 200 if simple_holds(got, known["secret"]) else 401))
    async with running(gateway.ingest.run, gateway.worker.run):
        gateway.bridge.say("t1", "before the app has the new one")
        await wait_for(lambda: len(app.delivered()) == 1)
        known["secret"] = new
        gateway.bridge.say("t1", "after")
        # In the same attempt: nothing waits for a retry.
        await wait_for(lambda: len(app.delivered()) == 2)
        gateway.bridge.say("t1", "and from then on at once")
        await wait_for(lambda: len(app.delivered()) == 3)
    assert [r.status for r in app.received] == [200, 401, 200, 200]
    assert {r.headers["X-Webhook-Attempt"] for r in app.received} == {"1"}


async def test_after_the_overlap_only_the_new_secret_signs(gateway: Gateway, app: CustomerApp) -> None:
    _, new = await rotated(gateway, app, overlap=60)
    gateway.clock.forward(61)
    got = await one(gateway, app)
    assert simple_holds(got, new)
    assert not simple_holds(got, SECRET)
    assert got.headers["webhook-signature"].count("v1,") == 1


async def one(gateway: Gateway, app: CustomerApp) -> Received:
    gateway.bridge.say("t1", "hello")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received)
    return app.received[-1]


async def test_without_an_overlap_the_old_secret_ends_at_once(gateway: Gateway, app: CustomerApp) -> None:
    _, new = await rotated(gateway, app, overlap=0)
    got = await one(gateway, app)
    assert simple_holds(got, new)
    assert got.headers["webhook-signature"].count("v1,") == 1


async def test_a_start_that_names_its_secret_again_keeps_it_and_one_that_names_another_replaces_it(
    gateway: Gateway, app: CustomerApp, redis: Redis
) -> None:
    first = await gateway.endpoints.register("t1", url=app.url, secret=SECRET, events=None)
    before = await redis.hget(gateway.keys.webhooks("t1"), "revision")  # type: ignore[misc]
    again = await gateway.endpoints.register("t1", url=app.url, secret=SECRET, events=None)
    assert await redis.hget(gateway.keys.webhooks("t1"), "revision") == before  # type: ignore[misc]
    other = await gateway.endpoints.register("t1", url=app.url, secret="another-secret-16", events=None)
    assert first.id == again.id == other.id
    found = await gateway.endpoints.find(Line("t1", first.id))
    assert found is not None
    assert (found.secret, found.previous_secret) == ("another-secret-16", None)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_an_app_that_refuses_both_is_asked_twice_and_then_waited_for(
    gateway: Gateway, app: CustomerApp, status: int
) -> None:
    await rotated(gateway, app)
    app.set("/app", Behaviour(status=status))
    gateway.bridge.say("t1", "refused")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: len(app.received) == 2 and not gateway.worker.under_way)
        assert await gateway.waiting("t1") == 1
    assert len(app.received) == 2
