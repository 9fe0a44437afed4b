"""Keys in a real Redis and on a real disk: what another process sees, and what survives which loss."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.auth.api_keys import ApiKeys, Wanted
from control.auth.key_registry import KEEP_REVOKED_DAYS, KeyRegistry
from control.auth.key_use import KeyUse
from control.auth.key_verifier import KeyVerifier
from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import ALL_SCOPES, Scope
from control.auth.stored_key import KeyState
from control.errors import GatewayError
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.storage.records import DurableRecords

OPERATOR = Principal(kind=PrincipalKind.OPERATOR, key_id="op", tenants=None, scopes=ALL_SCOPES)
WANTED = Wanted(name="x", tenants=("acme", "beta"), scopes=frozenset({Scope.SESSIONS_READ}), expires_ms=None)
DAY_MS = 86_400_000


class Process:
    """What a control process has of keys."""

    def __init__(self, redis: Redis, keys: Keys, directory: Path, *, later_ms: int = 0) -> None:
        self.copy = DurableCopy(directory / "keys.sqlite", what="API keys")
        records = DurableRecords(redis, self.copy, key_of=keys.api_key, index=keys.api_keys())
        self.use = KeyUse(redis, keys)
        self.registry = KeyRegistry(records, on_dropped=self.use.forget, now_ms=lambda: later_ms)
        self.api_keys = ApiKeys(self.registry, self.use)
        self.verifier = KeyVerifier(self.registry, self.use)

    async def opens(self, key: str) -> bool:
        """Whether a key opens anything."""
        try:
            await self.verifier.principal(key, "203.0.113.7")
        except GatewayError as error:
            if error.code != "unauthorized":
                raise
            return False
        return True


@pytest.fixture
async def process(redis: Redis, keys: Keys, tmp_path: Path) -> Process:
    made = Process(redis, keys, tmp_path)
    await made.registry.open()
    return made


async def test_a_key_that_one_process_revokes_opens_nothing_in_another_at_once(
    redis: Redis, keys: Keys, tmp_path: Path, process: Process
) -> None:
    other = Process(redis, keys, tmp_path)
    await other.registry.open()
    view, key = await process.api_keys.create(OPERATOR, WANTED)
    assert [await one.opens(key) for one in (process, other)] == [True, True]

    await process.api_keys.revoke(OPERATOR, view.key.id)

    assert [await one.opens(key) for one in (process, other)] == [False, False]


async def test_a_revocation_that_is_not_on_disk_is_in_force_and_says_so_until_it_is(
    process: Process, redis: Redis, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, key = await process.api_keys.create(OPERATOR, WANTED)

    async def full(owner: str, values: Mapping[str, bytes]) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(process.copy, "write", full)
        for _ in range(2):
            with pytest.raises(GatewayError, match="disk_unavailable"):
                await process.api_keys.revoke(OPERATOR, view.key.id)
        assert not await process.opens(key)

    again = await process.api_keys.revoke(OPERATOR, view.key.id)
    assert again.state is KeyState.REVOKED
    # Now a Redis that loses everything does not bring the key back to life.
    await redis.delete(keys.api_key(view.key.id), keys.api_keys())
    later = Process(redis, keys, tmp_path)
    await later.registry.open()
    assert not await later.opens(key)


async def test_a_key_is_not_called_wrong_while_the_copy_that_may_have_it_cannot_be_read(
    process: Process, redis: Redis, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, key = await process.api_keys.create(OPERATOR, WANTED)
    await redis.delete(keys.api_key(view.key.id), keys.api_keys())

    async def broken(owner: str) -> dict[str, bytes]:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched:
        patched.setattr(process.copy, "read", broken)
        with pytest.raises(GatewayError, match="disk_unavailable"):
            await process.verifier.principal(key, None)
    assert await process.opens(key)


async def test_a_tenant_that_is_deleted_is_taken_from_keys_and_ends_those_of_it_alone(process: Process) -> None:
    both, _ = await process.api_keys.create(OPERATOR, WANTED)
    alone, key = await process.api_keys.create(OPERATOR, Wanted("y", ("acme",), WANTED.scopes, None))
    everywhere, _ = await process.api_keys.create(OPERATOR, Wanted("z", None, WANTED.scopes, None))

    await process.api_keys.forget_tenant("acme")

    assert (await process.api_keys.get(OPERATOR, both.key.id)).key.tenants == ("beta",)
    assert (await process.api_keys.get(OPERATOR, everywhere.key.id)).key.tenants is None
    ended = await process.api_keys.get(OPERATOR, alone.key.id)
    assert (ended.key.tenants, ended.state) == ((), KeyState.REVOKED)
    assert ended.key.name == alone.key.id
    assert not await process.opens(key)


async def test_a_key_that_was_revoked_long_ago_leaves_nothing(
    process: Process, redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    revoked, key = await process.api_keys.create(OPERATOR, WANTED)
    kept, _ = await process.api_keys.create(OPERATOR, WANTED)
    assert await process.opens(key)
    await process.use.write()
    ended = (await process.api_keys.revoke(OPERATOR, revoked.key.id)).key.revoked_ms
    assert ended is not None

    for days, left in ((KEEP_REVOKED_DAYS - 1, 2), (KEEP_REVOKED_DAYS + 1, 1)):
        later = Process(redis, keys, tmp_path, later_ms=ended + days * DAY_MS)
        await later.registry.open()
        await later.registry.reconcile()
        assert len(await later.registry.ids()) == left
    assert list(await later.copy.revisions()) == [kept.key.id]
    assert not await redis.hexists(keys.api_keys_used(), revoked.key.id)  # type: ignore[misc]
