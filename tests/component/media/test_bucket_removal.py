"""What the bucket has of a deleted tenant goes, all of it and nothing else, however often something fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.media.bucket import Bucket, BucketError
from control.media.offsite_removal import FILE_NAME, OffsiteRemovals
from control.media.s3_listing import read_listing
from control.media.s3_signing import Signer
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from tests.support.s3_server import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, Object, S3Server
from tests.support.wait import wait_for

PREFIX = "wa/ção & <co> +/"


@pytest.fixture
async def s3() -> AsyncIterator[S3Server]:
    async with S3Server() as server:
        yield server


@pytest.fixture
async def bucket(s3: S3Server) -> AsyncIterator[Bucket]:
    bucket = Bucket(s3.url, BUCKET, Signer(ACCESS_KEY, SECRET_KEY, REGION))
    yield bucket
    await bucket.close()


def put(s3: S3Server, tenant: str, number: int, *, at: datetime | None = None) -> str:
    key = f"{PREFIX}{tenant}/med_{number:04}"
    s3.objects[key] = Object(b"x", {}, at or datetime.now(UTC))
    return key


@asynccontextmanager
async def removing(redis: Redis, keys: Keys, folder: Path, bucket: Bucket) -> AsyncIterator[OffsiteRemovals]:
    copy = DurableCopy(folder / FILE_NAME, what="removals")
    removals = OffsiteRemovals(redis, keys, copy, bucket, prefix=PREFIX, retry_seconds=0.01)
    await removals.open()
    task = asyncio.create_task(removals.run())
    try:
        yield removals
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.2)
        removals.close()


async def test_all_pages_of_a_tenant_go_and_no_other_tenants(
    s3: S3Server, bucket: Bucket, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    s3.page = 7
    for number in range(30):
        put(s3, "acme", number)
    kept = {put(s3, name, 1) for name in ("acme2", "acm", "Acme")} | {f"{PREFIX}acme"}
    s3.objects[f"{PREFIX}acme"] = Object(b"x", {})
    async with removing(own_redis, keys, tmp_path, bucket) as removals:
        await removals.add("acme")
        await wait_for(lambda: set(s3.objects) == kept)
        await wait_for(lambda: _nothing_waits(removals))
    assert not s3.refused
    assert b"acme" not in (tmp_path / FILE_NAME).read_bytes()


async def test_what_a_tenant_of_the_same_name_put_later_stays(
    s3: S3Server, bucket: Bucket, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    put(s3, "acme", 1)
    later = put(s3, "acme", 2, at=datetime.now(UTC) + timedelta(minutes=5))
    async with removing(own_redis, keys, tmp_path, bucket) as removals:
        await removals.add("acme")
        await wait_for(lambda: _nothing_waits(removals))
    assert set(s3.objects) == {later}


async def test_a_bucket_that_is_away_is_emptied_later_also_by_a_new_process_after_a_flush(
    s3: S3Server, bucket: Bucket, own_redis: Redis, keys: Keys, tmp_path: Path
) -> None:
    put(s3, "acme", 1)
    s3.status = 503
    async with removing(own_redis, keys, tmp_path, bucket) as removals:
        await removals.add("acme")
        await wait_for(lambda: len(s3.made("LIST")) >= 3)
        assert await removals.waiting() == ["acme"]
    assert s3.objects
    await own_redis.flushall()
    s3.status = 0
    async with removing(own_redis, keys, tmp_path, bucket) as removals:
        await wait_for(lambda: not s3.objects)
        await wait_for(lambda: _nothing_waits(removals))


async def test_a_server_that_does_not_encode_keys_is_understood(s3: S3Server, bucket: Bucket) -> None:
    s3.encodes = False
    key = put(s3, "acme", 1)
    (found,) = await bucket.listed(f"{PREFIX}acme/", after=None)
    assert found.key == key
    await bucket.delete(found.key)
    assert not s3.objects


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "<html>not a bucket</html>",
        "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>a</Key><LastModified>soon</LastModified></Contents></ListBucketResult>",
    ],
    ids=["empty", "page", "no-time", "no-such-time"],
)
def test_what_is_no_listing_is_no_empty_bucket(answer: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_listing(answer)


async def test_a_listing_without_end_is_not_read_to_its_end(s3: S3Server, bucket: Bucket) -> None:
    for number in range(500):
        s3.objects[f"{number:04}{'x' * 10_000}"] = Object(b"", {})
    with pytest.raises(BucketError, match="too long"):
        await bucket.listed("", after=None)


async def _nothing_waits(removals: OffsiteRemovals) -> bool:
    return not await removals.waiting()
