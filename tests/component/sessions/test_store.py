"""The copy of sessions in Redis, against a real server."""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.rpc.contract_gen import Event, Session
from control.sessions.store import SessionStore
from control.storage.keys import Keys
from control.storage.redis import connect_redis, execute
from tests.support.scripted_bridge import now_ms, session


@pytest.fixture
def store(redis: Redis, keys: Keys) -> SessionStore:
    return SessionStore(redis, keys)


def a_session(state: str, **changes: Any) -> Session:
    return Session.model_validate(session("acme", state, **changes))


def an_event(occurred_at_ms: int, data: dict[str, Any]) -> Event:
    return Event.model_validate(
        {
            "position": 1,
            "eventId": "evt_0123456789abcdef",
            "tenantId": "acme",
            "sessionId": "acme_1795435218000",
            "sequence": 1,
            "occurredAtMs": occurred_at_ms,
            "data": data,
        }
    )


async def test_metadata_of_an_answer_is_stored(store: SessionStore, redis: Redis, keys: Keys) -> None:
    await store.remember(a_session("connected", sinceMs=5, phoneNumber="+5511999999999", lastActivityMs=6))

    assert await store.metadata("acme") == {
        "sessionId": "acme_1795435218000",
        "state": "connected",
        "sinceMs": "5",
        "phoneNumber": "+5511999999999",
        "lastActivityMs": "6",
    }
    assert await execute(redis, "SISMEMBER", keys.tenants(), "acme")


async def test_a_qr_code_lives_as_long_as_it_can_be_scanned(store: SessionStore, redis: Redis, keys: Keys) -> None:
    await store.remember(a_session("qr", qr={"text": "2@a", "expiresAtMs": now_ms() + 20_000}))

    stored = await store.qr("acme")
    assert stored is not None
    assert stored.text == "2@a"
    assert 15_000 < await execute(redis, "PTTL", keys.qr("acme")) <= 20_000


async def test_a_code_that_expired_on_the_way_is_not_stored(store: SessionStore) -> None:
    await store.remember(a_session("qr", qr={"text": "2@a", "expiresAtMs": now_ms() - 1}))

    assert await store.qr("acme") is None


async def test_a_code_is_gone_once_it_was_used(store: SessionStore) -> None:
    await store.remember(a_session("qr", sinceMs=1, qr={"text": "2@a", "expiresAtMs": now_ms() + 20_000}))

    await store.on_event(an_event(2, {"type": "session.status", "state": "connected", "sinceMs": 2}))

    assert await store.qr("acme") is None
    assert (await store.metadata("acme"))["state"] == "connected"


async def test_events_bring_states_and_codes(store: SessionStore) -> None:
    await store.on_event(an_event(1, {"type": "session.status", "state": "qr", "sinceMs": 1}))
    code = {"text": "2@b", "expiresAtMs": now_ms() + 20_000}
    await store.on_event(an_event(2, {"type": "session.qr", "qr": code}))

    stored = await store.qr("acme")
    assert stored is not None
    assert stored.text == "2@b"


async def test_an_older_event_never_replaces_what_is_newer(store: SessionStore) -> None:
    await store.remember(a_session("connected", sinceMs=10, phoneNumber="+5511999999999"))

    await store.on_event(an_event(9, {"type": "session.status", "state": "pairing", "sinceMs": 9}))
    code = {"text": "2@old", "expiresAtMs": now_ms() + 20_000}
    await store.on_event(an_event(8, {"type": "session.qr", "qr": code}))

    assert (await store.metadata("acme"))["state"] == "connected"
    assert await store.qr("acme") is None


async def test_what_no_longer_holds_is_removed(store: SessionStore) -> None:
    await store.remember(a_session("reconnecting", sinceMs=1, reason="connection_lost"))
    await store.remember(a_session("connected", sinceMs=2))

    assert "reason" not in await store.metadata("acme")


async def test_a_code_erased_from_the_journal_changes_nothing(store: SessionStore) -> None:
    await store.on_event(an_event(1, {"type": "session.qr"}))

    assert await store.qr("acme") is None


async def test_tenants_are_kept_apart(store: SessionStore) -> None:
    await store.remember(a_session("connected"))

    assert await store.metadata("acme2") == {}


async def test_without_redis_writing_is_logged_and_reading_says_so(
    keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect_redis("unix:///nowhere/redis.sock")
    store = SessionStore(client, keys)

    await store.remember(a_session("connected"))

    assert "session metadata not stored" in caplog.text
    with pytest.raises(GatewayError, match="redis_unavailable"):
        await store.qr("acme")
    await client.aclose()
