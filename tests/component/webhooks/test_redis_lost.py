"""Redis flushed, wiped, killed or frozen in traffic to several webhooks: nothing lost, and order kept."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.events.ingest import EventIngest
from control.events.stream import EventLog
from control.storage.keys import Keys
from control.storage.lanes import DEFAULT_WEBHOOK
from control.webhooks.copy import WebhookCopy
from control.webhooks.migration import Migration
from control.webhooks.queue import Line
from control.webhooks.registry import WebhookRegistry
from tests.component.webhooks.gateway import SECRET, Gateway, registry_for, running, settings_for
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.redis_server import RedisServer
from tests.support.wait import wait_for


@pytest.fixture
async def gateway(own_redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp) -> AsyncIterator[Gateway]:
    gateway = Gateway(own_redis, keys, settings_for(tmp_path, webhook_url=f"{app.url}/default"))
    await gateway.registry.open()
    yield gateway
    await gateway.close()


async def three(gateway: Gateway, app: CustomerApp) -> list[str]:
    """Two webhooks for t1, of which one is switched off, and one for t2."""
    ids = []
    for tenant, path in (("t1", "/a"), ("t1", "/b"), ("t2", "/c")):
        stored, _ = await gateway.endpoints.add(tenant, secret=SECRET, url=f"{app.url}{path}")
        ids.append(stored.id)
    return ids


def texts(app: CustomerApp, path: str) -> list[str]:
    return [str(event["data"]["message"]) for event in app.delivered(path)]


async def test_a_flushed_redis_gets_the_webhooks_back_before_any_event_is_queued(
    gateway: Gateway, app: CustomerApp, own_redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    await three(gateway, app)
    async with running(gateway.ingest.run, gateway.worker.run):
        for n in range(60):
            gateway.bridge.say(f"t{n % 2 + 1}", f"{n}")
            if n == 30:
                await wait_for(lambda: len(app.received) >= 30)
                await own_redis.flushall()
        await wait_for(lambda: all(len(texts(app, path)) == 30 for path in ("/a", "/b", "/c")), seconds=15)
    for path, of in (("/a", 0), ("/b", 0), ("/c", 1)):
        assert texts(app, path) == [str(n) for n in range(60) if n % 2 == of]
    assert app.at("/default") == []
    assert "redis had lost a tenant's webhooks, put back" in caplog.text


async def test_a_new_process_on_a_wiped_redis_finds_the_webhooks_on_disk(
    gateway: Gateway, app: CustomerApp, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    ids = await three(gateway, app)
    await gateway.endpoints.update("t1", ids[1], enabled=False)
    gateway.registry.close()
    await own_redis.flushall()
    settings = settings_for(tmp_path, webhook_url=f"{app.url}/default")
    after = Gateway(own_redis, keys, settings)
    await after.registry.open()
    after.bridge.say("t1", "hello")
    async with running(after.ingest.run, after.worker.run):
        await wait_for(lambda: texts(app, "/a") == ["hello"])
    found = {stored.id: stored for stored in await after.endpoints.page("t1")}
    assert found[ids[1]].disabled == "by_request"
    assert app.at("/default") == app.at("/b") == []
    endpoint = await after.endpoints.find(Line("t1", ids[0]))
    assert endpoint is not None
    assert endpoint.secret == SECRET
    await after.close()


async def test_redis_killed_frozen_and_restarted_loses_nothing_of_any_webhook_and_keeps_the_order(
    gateway: Gateway, app: CustomerApp, own_server: RedisServer
) -> None:
    await three(gateway, app)
    async with running(gateway.ingest.run, gateway.worker.run):
        for n in range(200):
            gateway.bridge.say("t1", f"{n}", chat=f"{n % 4}111@g.us")
            if n in (60, 120):
                seen = len(app.received)
                await wait_for(lambda: len(app.received) > seen)  # noqa: B023
                own_server.kill()
                await asyncio.to_thread(own_server.start)
            if n == 160:
                own_server.freeze()
                await asyncio.sleep(1.2)
                own_server.thaw()

        def all_there() -> bool:
            # Leases of attempts that could not be written down end.
            gateway.clock.forward(1)
            return len(texts(app, "/a")) == len(texts(app, "/b")) == 200

        await wait_for(all_there, seconds=20)
    for path in ("/a", "/b"):
        for chat in range(4):
            got = [e["data"]["message"] for e in app.delivered(path) if e["data"]["chatId"] == f"{chat}111@g.us"]
            assert got == [str(n) for n in range(200) if n % 4 == chat]


async def test_a_full_redis_refuses_a_webhook_and_drains_those_there_are(
    gateway: Gateway, app: CustomerApp, own_redis: Redis
) -> None:
    await three(gateway, app)
    for path in ("/a", "/b"):
        app.set(path, Behaviour(status=500))
    for n in range(10):
        gateway.bridge.say("t1", f"{n}")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: gateway.bridge.acked == 10 and len(app.received) == 2)
        await wait_for(lambda: not gateway.worker.under_way)
        await own_redis.config_set("maxmemory", "1mb")
        gateway.bridge.say("t1", "10")
        for path in ("/a", "/b"):
            app.set(path, Behaviour())
        gateway.clock.forward(10)
        await wait_for(lambda: len(texts(app, "/a")) == len(texts(app, "/b")) == 10)
        await own_redis.config_set("maxmemory", "0")
        await wait_for(lambda: len(texts(app, "/a")) == len(texts(app, "/b")) == 11, seconds=10)
    assert texts(app, "/a") == texts(app, "/b") == [str(n) for n in range(11)]


async def test_the_copy_is_private_holds_no_secret_and_forgets_a_tenant(
    gateway: Gateway, app: CustomerApp, tmp_path: Path
) -> None:
    await gateway.endpoints.add(
        "t1", secret="my-own-secret-0001", url=app.url, headers={"Authorization": "Bearer canary-token"}
    )
    path = tmp_path / "control" / "webhooks.sqlite"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    content = path.read_bytes()
    assert app.url.encode() in content
    assert b"my-own-secret-0001" not in content
    assert b"canary-token" not in content
    await gateway.registry.erase("t1")
    assert app.url.encode() not in path.read_bytes()
    assert not list(path.parent.glob("*-journal"))


async def test_a_deleted_tenant_does_not_come_back_from_the_copy(
    gateway: Gateway, app: CustomerApp, own_redis: Redis, keys: Keys
) -> None:
    await three(gateway, app)
    await gateway.registry.erase("t1")
    await own_redis.delete(keys.webhooks("t1"))
    gateway.endpoints.forget("t1")
    gateway.bridge.say("t1", "of a new session")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: texts(app, "/default") == ["of a new session"])


async def test_a_damaged_copy_is_set_aside_and_filled_again_from_redis(
    gateway: Gateway, app: CustomerApp, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    await three(gateway, app)
    gateway.registry.close()
    path = tmp_path / "control" / "webhooks.sqlite"
    path.write_bytes(b"this is no database" * 100)
    registry = registry_for(own_redis, keys, settings_for(tmp_path))
    await registry.open()
    assert not registry.copy_broken
    assert list(path.parent.glob("webhooks.sqlite.damaged-*"))
    await registry.reconcile()
    await own_redis.flushall()
    assert len(await registry.load("t1")) == 2
    registry.close()


async def test_a_disk_that_fails_stops_no_change_and_shows(own_redis: Redis, keys: Keys, tmp_path: Path) -> None:
    (tmp_path / "control").write_text("a file where the folder should be")
    registry = WebhookRegistry(own_redis, keys, WebhookCopy(tmp_path / "control"), has_default=False)
    await registry.open()
    assert [registry.copy_broken] == [True]
    settings = settings_for(tmp_path)
    gateway = Gateway(own_redis, keys, settings)
    gateway.endpoints._registry = registry
    stored, _ = await gateway.endpoints.add("t1", secret=SECRET, url="http://127.0.0.1:4000/")
    assert [found.id for found in await gateway.endpoints.page("t1")] == [stored.id]
    with pytest.raises(GatewayError, match="disk_unavailable"):
        await registry.erase("t1")
    # The disk is well again, and nobody changes anything: the next look through all tenants writes it.
    (tmp_path / "control").unlink()
    await registry.reconcile()
    assert [registry.copy_broken] == [False]
    with sqlite3.connect(tmp_path / "control" / "webhooks.sqlite") as database:
        assert database.execute("SELECT count(*) FROM record WHERE owner = 't1'").fetchone() == (2,)
    database.close()
    registry.close()
    await gateway.close()


async def test_what_an_older_version_kept_is_brought_over_without_loss(
    own_redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp
) -> None:
    gateway = Gateway(own_redis, keys, settings_for(tmp_path, webhook_url=f"{app.url}/default"))
    moved = await gateway.endpoints.register("own", url=f"{app.url}/own", secret=SECRET, events=["message"])
    await as_the_older_version_had_it(gateway, "own", moved.id)
    await as_the_older_version_had_it(gateway, "def", None)
    migration = Migration(own_redis, keys, gateway.registry)
    await migration.step()
    (stored,) = await gateway.endpoints.page("own")
    assert (stored.url, stored.events, stored.by_start) == (f"{app.url}/own", ("message",), True)
    assert await own_redis.keys(f"{keys.prefix}:*:lanes:*") == []
    async with running(gateway.worker.run):
        await wait_for(lambda: len(app.received) == 8)
        assert not await own_redis.exists(keys.webhook("own"))
        assert await gateway.due_in("own", "1111@g.us", stored.id) > 3000
        gateway.clock.forward(3700)
        await wait_for(lambda: len(app.received) == 10)
    for path in ("/own", "/default"):
        assert [r.event["data"]["message"] for r in app.at(path)] == ["1", "3", "5", "7", "0"]
        assert app.at(path)[-1].headers["X-Webhook-Attempt"] == "4"
    for tenant, webhook in (("own", stored.id), ("def", DEFAULT_WEBHOOK)):
        assert await own_redis.xlen(keys.dead_letters(tenant, webhook)) == 1
    again = await gateway.endpoints.register("own", url=f"{app.url}/own", secret=None, events=["message"])
    assert (again.id, again.secret_generated) == (stored.id, None)
    await migration.step()
    await gateway.close()


async def as_the_older_version_had_it(gateway: Gateway, tenant: str, webhook: str | None) -> None:
    """Write a tenant's keys in their old form: five events wait, one for an hour after three attempts."""
    redis, keys = gateway.redis, gateway.keys
    for n in (0, 1, 3, 5, 7):
        gateway.bridge.say(tenant, f"{n}", chat="1111@g.us" if n == 0 else "2222@g.us")
    await EventIngest(gateway.bridge, EventLog(redis, keys), clock=gateway.clock).step()
    now = int(gateway.clock() * 1000)
    lanes = f"{keys.prefix}:{{{tenant}}}:lanes"
    for cursor, fields in await redis.xrange(keys.events(tenant)):
        ms, seq = cursor.decode().split("-")
        lane = fields[b"lane"].decode()
        await redis.zadd(f"{lanes}:queue", {f"{lane}\n{ms.zfill(16)}-{seq.zfill(10)}": 0})
        await redis.zadd(f"{lanes}:heads", {lane: int(ms) * 1000 + int(seq)}, nx=True)
        await redis.zadd(f"{lanes}:due", {lane: now + 3_600_000 if lane.startswith("1") else now})
    await redis.hset(f"{lanes}:state", "1111@g.us", "3|")  # type: ignore[misc]
    dead = {"id": "evt_1", "type": "message", "lane": "9@g.us", "body": "{}", "reason": "http_500", "attempts": 11}
    await redis.xadd(keys.dead_letters_of(tenant), dead)  # type: ignore[arg-type]
    if webhook is not None:
        stored = (await gateway.registry.load(tenant))[webhook]
        old = {"url": stored.url, "secret": stored.secret, "events": "message"}
        await redis.hset(keys.webhook(tenant), mapping=old)  # type: ignore[misc]
    for name in await redis.keys(f"{keys.prefix}:{{{tenant}}}:webhook*"):
        if name.decode() not in (keys.webhook(tenant), keys.dead_letters_of(tenant)):
            await redis.delete(name)
    gateway.endpoints.forget(tenant)
    gateway.registry._copied.clear()
