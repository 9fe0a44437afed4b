"""Records that outlive Redis: what is lost comes back, what was removed does not."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.errors import GatewayError
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.storage.records import DurableRecords


def over(redis: Redis, keys: Keys, path: Path) -> DurableRecords:
    copy = DurableCopy(path / "control" / "things.sqlite", what="the things")
    return DurableRecords(
        redis, copy, key_of=lambda owner: f"{keys.prefix}:thing:{owner}", index=f"{keys.prefix}:things"
    )


@pytest.fixture
async def records(own_redis: Redis, keys: Keys, tmp_path: Path) -> AsyncIterator[DurableRecords]:
    records = over(own_redis, keys, tmp_path)
    await records.open()
    yield records
    records.close()


async def test_what_a_flushed_redis_lost_is_put_back_with_the_first_look(
    records: DurableRecords, own_redis: Redis
) -> None:
    await records.change("a", lambda before: {"value": b"1"})
    await records.change("a", lambda before: {"value": before["value"] + b"2", "other": b"\x00\xff"})
    await own_redis.flushall()
    assert await records.load("a") == {"value": b"12", "other": b"\x00\xff"}
    assert await records.owners() == ["a"]


async def test_a_new_process_puts_back_what_was_wiped_before_it_began(
    records: DurableRecords, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    await records.change("a", lambda before: {"value": b"1"})
    records.close()
    await own_redis.flushall()
    after = over(own_redis, keys, tmp_path)
    assert await after.open() == {"a": {"value": b"1"}}
    assert await after.reconcile() == {"a": {"value": b"1"}}
    assert await own_redis.exists(f"{keys.prefix}:thing:a")
    after.close()


async def test_a_change_after_a_flush_builds_on_what_there_was(records: DurableRecords, own_redis: Redis) -> None:
    await records.change("a", lambda before: {"value": b"1"})
    await own_redis.flushall()
    assert await records.change("a", lambda before: {"value": before["value"] + b"2"}) == {"value": b"12"}


async def test_changes_at_the_same_time_are_all_made(records: DurableRecords) -> None:
    await records.change("a", lambda before: {"value": b""})

    async def add(letter: bytes) -> None:
        await records.change("a", lambda before: {"value": before["value"] + letter})

    await asyncio.gather(*(add(letter) for letter in (b"a", b"b", b"c", b"d", b"e")))
    assert sorted((await records.load("a"))["value"]) == list(b"abcde")


async def test_what_was_removed_stays_away_after_a_flush_and_leaves_no_bytes(
    records: DurableRecords, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    await records.change("owner-to-forget", lambda before: {"value": b"canary-271828"})
    await records.erase("owner-to-forget")
    await own_redis.flushall()
    assert await records.load("owner-to-forget") == {}
    assert await records.owners() == []
    path = tmp_path / "control" / "things.sqlite"
    content = path.read_bytes()
    assert b"canary-271828" not in content
    assert b"owner-to-forget" not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert await over(own_redis, keys, tmp_path).open() == {}


async def test_a_look_that_began_before_a_removal_brings_nothing_back(
    records: DurableRecords, own_redis: Redis, keys: Keys
) -> None:
    await records.change("a", lambda before: {"value": b"1"})
    read = await records._read("a")
    await records.erase("a")
    assert await records._checked("a", read) == (0, {})
    await records._keep("a", int(read["revision"]), {"value": b"1"})
    assert await records._copy.read("a") == {}
    # And a new one of the same name is kept.
    await records.change("a", lambda before: {"value": b"new"})
    assert (await records._copy.read("a"))["value"] == b"new"
    await own_redis.flushall()
    assert await records.load("a") == {"value": b"new"}


async def test_what_another_process_removed_is_gone_here_too(
    records: DurableRecords, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    await records.change("a", lambda before: {"value": b"1"})
    other = over(own_redis, keys, tmp_path)
    await other.open()
    await other.erase("a")
    other.close()
    assert await records.load("a") == {}
    assert await records.owners() == []


async def test_a_disk_that_fails_stops_no_change_and_shows_and_is_made_good(
    own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    (tmp_path / "control").write_text("a file where the folder should be")
    records = over(own_redis, keys, tmp_path)
    assert await records.open() == {}
    await records.change("a", lambda before: {"value": b"1"})
    assert records.copy_broken
    with pytest.raises(GatewayError, match="disk_unavailable"):
        await records.erase("a")
    (tmp_path / "control").unlink()
    assert await records.reconcile() == {"a": {"value": b"1"}}
    assert [records.copy_broken] == [False]
    await own_redis.flushall()
    assert await records.load("a") == {"value": b"1"}
    records.close()


async def test_the_copy_of_webhooks_of_an_older_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "webhooks.sqlite"
    database = sqlite3.connect(path)
    with database:
        database.execute(
            "CREATE TABLE webhook (tenant TEXT NOT NULL, field TEXT NOT NULL, revision INTEGER NOT NULL,"
            " value BLOB NOT NULL, PRIMARY KEY (tenant, field)) WITHOUT ROWID"
        )
        database.executemany("INSERT INTO webhook VALUES ('t1', ?, 3, ?)", [("revision", b"3"), ("whk_1", b"{}")])
    database.close()
    copy = DurableCopy(path, what="the webhooks")
    assert await copy.revisions() == {"t1": 3}
    await copy.write("t1", {"revision": b"4", "whk_1": b"[]"})
    assert await copy.read("t1") == {"revision": b"4", "whk_1": b"[]"}
    copy.close()
