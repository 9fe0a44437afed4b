"""Tenants are found, made and kept, whatever becomes of Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.storage.redis import connect_redis
from control.tenancy.tenant import Quotas, Tenant
from control.tenancy.tenants import FILE_NAME, Tenants
from tests.support.redis_server import RedisServer


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def nobody(tenant_id: str) -> bool:
    return False


def over(
    redis: Redis,
    keys: Keys,
    folder: Path,
    creation: Literal["open", "operator"] = "open",
    clock: Clock | None = None,
) -> Tenants:
    copy = DurableCopy(folder / FILE_NAME, what="the tenants")
    return Tenants(redis, keys, copy, creation=creation, was_here=nobody, monotonic=clock or Clock())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tenants(own_redis: Redis, keys: Keys, tmp_path: Path, clock: Clock) -> AsyncIterator[Tenants]:
    tenants = over(own_redis, keys, tmp_path, clock=clock)
    await tenants.open()
    yield tenants
    tenants.close()


async def test_a_start_makes_a_tenant_once_and_a_look_makes_none(tenants: Tenants) -> None:
    assert not (await tenants.admit("acme", creating=False)).stored
    assert await tenants.ids() == []
    made = await tenants.admit("acme", creating=True)
    assert (made.stored, made.origin, made.state) == (True, "start", "active")
    assert await tenants.admit("acme", creating=True) == made
    assert await tenants.ids() == ["acme"]


async def test_only_the_operator_makes_tenants_where_the_settings_say_so(
    own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    tenants = over(own_redis, keys, tmp_path, "operator")
    for creating in (True, False):
        with pytest.raises(GatewayError, match="tenant_not_found"):
            await tenants.admit("acme", creating=creating)
    await tenants.create(Tenant("acme", origin="operator"))
    assert (await tenants.admit("acme", creating=True)).stored
    with pytest.raises(GatewayError, match="tenant_exists"):
        await tenants.create(Tenant("acme"))
    tenants.close()


async def test_a_tenant_of_an_older_version_is_taken_in_when_it_asks(
    own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    tenants = over(own_redis, keys, tmp_path, "operator")

    async def was_here(tenant_id: str) -> bool:
        return tenant_id == "old"

    tenants._was_here = was_here
    assert (await tenants.admit("old", creating=False)).origin == "existing"
    with pytest.raises(GatewayError, match="tenant_not_found"):
        await tenants.admit("new", creating=False)
    tenants.close()


async def test_a_suspension_outlives_a_flushed_redis_a_restart_and_redis_being_away(
    tenants: Tenants, own_redis: Redis, own_server: RedisServer, keys: Keys, tmp_path: Path, clock: Clock
) -> None:
    await tenants.admit("acme", creating=True)
    quotas = Quotas(messages_per_day=7)
    await tenants.change("acme", lambda tenant: replace(tenant, state="suspended", quotas=quotas))
    await own_redis.flushall()
    clock.now += 60
    assert (await tenants.admit("acme", creating=False)).suspended
    tenants.close()
    await own_redis.flushall()
    own_server.kill()
    client = connect_redis(own_server.url)
    again = over(client, keys, tmp_path, clock=clock)
    await again.open()
    found = await again.admit("acme", creating=True)
    assert (found.suspended, found.quotas.messages_per_day) == (True, 7)
    # Redis comes back with nothing, and gets it from here.
    own_server.wipe()
    own_server.start()
    clock.now += 60
    assert (await again.admit("acme", creating=False)).suspended
    assert await own_redis.exists(keys.tenant_record("acme"))
    again.close()
    await client.aclose()


async def test_without_redis_a_known_tenant_works_and_an_unknown_one_is_let_through_once_only_quickly(
    tenants: Tenants, own_server: RedisServer, own_redis: Redis, keys: Keys, tmp_path: Path, clock: Clock
) -> None:
    await tenants.admit("acme", creating=True)
    strict = over(own_redis, keys, tmp_path / "strict", "operator", clock)
    own_server.kill()
    clock.now += 60
    assert (await tenants.admit("acme", creating=True)).stored
    assert not (await tenants.admit("new", creating=True)).stored
    with pytest.raises(GatewayError, match="redis_unavailable"):
        await strict.admit("new", creating=False)
    own_server.start()
    strict.close()


async def test_what_another_process_changed_is_seen_within_seconds(
    tenants: Tenants, own_redis: Redis, keys: Keys, tmp_path: Path, clock: Clock
) -> None:
    await tenants.admit("acme", creating=True)
    other = over(own_redis, keys, tmp_path)
    await other.change("acme", lambda tenant: replace(tenant, state="suspended"))
    assert not (await tenants.admit("acme", creating=False)).suspended
    clock.now += 5
    assert (await tenants.admit("acme", creating=False)).suspended
    await other.erase("acme")
    clock.now += 5
    assert not (await tenants.admit("acme", creating=False)).stored
    other.close()


async def test_a_record_that_says_nothing_goes_with_its_session_and_the_operators_stays(
    tenants: Tenants, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    await tenants.admit("by-itself", creating=True)
    await tenants.create(Tenant("operators", origin="operator"))
    goes = {name: await tenants.goes_with_session(name) for name in ("by-itself", "operators", "unknown")}
    assert goes == {"by-itself": True, "operators": False, "unknown": False}
    strict = over(own_redis, keys, tmp_path, "operator")
    await strict.create(Tenant("kept", origin="existing"))
    assert not await strict.goes_with_session("kept")
    strict.close()


async def test_pages_are_in_the_order_of_ids(tenants: Tenants) -> None:
    for name in ("b", "a", "C", "d"):
        await tenants.admit(name, creating=True)
    page, more = await tenants.page(None, 2)
    assert ([tenant.id for tenant in page], more) == (["C", "a"], True)
    page, more = await tenants.page("a", 2)
    assert ([tenant.id for tenant in page], more) == (["b", "d"], False)


async def test_a_record_of_a_later_version_is_read(tenants: Tenants) -> None:
    stored = Tenant("acme", quotas=Quotas(webhooks=3)).dumped()
    later = stored.replace(b'"webhooks":3', b'"webhooks":3,"pigeons":9').replace(b'"ran"', b'"colour":"red","ran"')
    assert Tenant.loaded(later) == Tenant("acme", quotas=Quotas(webhooks=3))
