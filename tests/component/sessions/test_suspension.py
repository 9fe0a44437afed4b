"""A suspended tenant's session stops, whatever the bridge does meanwhile, and a resumed one comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.rpc.contract_gen import Event, Session, SessionState
from control.sessions.suspension import Suspension
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.tenancy.tenant import Tenant
from control.tenancy.tenants import FILE_NAME, Tenants
from tests.support.wait import wait_for

AT = 1_795_435_218_000


class Bridge:
    """One session; away as long as the test says so."""

    def __init__(self) -> None:
        self.state: SessionState | None = SessionState.connected
        self.fails: str | None = None
        self.told: list[str] = []

    async def session_get(self, tenant_id: str) -> Session:
        return self._now(tenant_id)

    async def session_start(self, tenant_id: str, wait_ms: int) -> Session:
        return self._become(tenant_id, "start", SessionState.connecting)

    async def session_stop(self, tenant_id: str) -> Session:
        return self._become(tenant_id, "stop", SessionState.disconnected)

    def _become(self, tenant_id: str, what: str, state: SessionState) -> Session:
        self._now(tenant_id)
        self.told.append(what)
        self.state = state
        return self._now(tenant_id)

    def _now(self, tenant_id: str) -> Session:
        if self.fails is not None:
            raise GatewayError(self.fails)
        if self.state is None:
            raise GatewayError("session_not_found")
        return Session(tenant_id=tenant_id, session_id=f"{tenant_id}_{AT}", state=self.state, since_ms=AT)


def connecting(tenant: str) -> Event:
    data = {"type": "session.status", "state": "connecting", "sinceMs": AT}
    return Event.model_validate(
        {
            "position": 1,
            "eventId": "evt_0123456789abcdef",
            "tenantId": tenant,
            "sessionId": f"{tenant}_{AT}",
            "sequence": 1,
            "occurredAtMs": AT,
            "data": data,
        }
    )


@pytest.fixture
async def tenants(own_redis: Redis, keys: Keys, tmp_path: Path) -> AsyncIterator[Tenants]:
    tenants = Tenants(own_redis, keys, DurableCopy(tmp_path / FILE_NAME, what="the tenants"), creation="open")
    await tenants.open()
    await tenants.create(Tenant("acme"))
    yield tenants
    tenants.close()


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


@pytest.fixture
def suspension(tenants: Tenants, bridge: Bridge) -> Suspension:
    return Suspension(tenants, bridge, retry_seconds=0.02)


@asynccontextmanager
async def running(suspension: Suspension) -> AsyncIterator[None]:
    task = asyncio.create_task(suspension.run())
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.2)


async def test_it_stops_at_once_and_comes_back(suspension: Suspension, bridge: Bridge) -> None:
    suspended = await suspension.suspend("acme", "unpaid")
    assert (suspended.state, suspended.due, suspended.ran) == ("suspended", None, True)
    # Suspended again, it is still known that it ran.
    assert (await suspension.suspend("acme", None)).suspension_reason == "unpaid"
    resumed = await suspension.resume("acme")
    assert (resumed.state, resumed.due, resumed.suspension_reason) == ("active", None, None)
    assert bridge.told == ["stop", "start"]


async def test_a_bridge_that_is_away_hears_of_it_when_it_is_back(
    suspension: Suspension, bridge: Bridge, tenants: Tenants
) -> None:
    bridge.fails = "bridge_unavailable"
    assert (await suspension.suspend("acme", None)).due == "stop"
    async with running(suspension):
        bridge.fails = None
        await wait_for(lambda: bridge.told == ["stop"])
        bridge.fails = "memory_limit_reached"
        assert (await suspension.resume("acme")).due == "start"
        bridge.fails = None
        await wait_for(lambda: bridge.told == ["stop", "start"])
        await wait_for(lambda: getattr(tenants.known("acme"), "due", "") is None)


async def test_resumed_before_the_stop_was_heard_nothing_happens_to_the_session(
    suspension: Suspension, bridge: Bridge
) -> None:
    bridge.fails = "bridge_timeout"
    await suspension.suspend("acme", None)
    assert (await suspension.resume("acme")).due is None
    assert bridge.told == []


async def test_suspended_again_before_the_start_was_heard_it_still_comes_back_later(
    suspension: Suspension, bridge: Bridge
) -> None:
    await suspension.suspend("acme", None)
    bridge.fails = "bridge_unavailable"
    await suspension.resume("acme")
    await suspension.suspend("acme", None)
    bridge.fails = None
    await suspension.resume("acme")
    assert bridge.told == ["stop", "start"]


async def test_a_start_that_was_under_way_is_stopped_when_it_shows(
    suspension: Suspension, bridge: Bridge, tenants: Tenants
) -> None:
    bridge.state = SessionState.disconnected
    await suspension.suspend("acme", None)
    assert bridge.told == []
    async with running(suspension):
        bridge.state = SessionState.connecting
        await suspension.on_event(connecting("acme"))
        await wait_for(lambda: bridge.told == ["stop"])
        await suspension.on_event(connecting("unknown"))
    await suspension.resume("acme")
    assert bridge.told == ["stop", "start"]


async def test_a_tenant_without_a_session_is_suspended_and_resumed_too(
    suspension: Suspension, bridge: Bridge
) -> None:
    bridge.state = None
    assert (await suspension.suspend("acme", None)).due is None
    assert (await suspension.resume("acme")).due is None
    with pytest.raises(GatewayError, match="tenant_not_found"):
        await suspension.suspend("nobody", None)
    assert bridge.told == []
