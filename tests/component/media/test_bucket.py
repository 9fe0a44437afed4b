"""Files in a bucket over real HTTP, before a server that judges every signature with botocore."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from control.media.bucket import Bucket, BucketError
from control.media.offsite import OffsiteMedia
from control.media.s3_signing import Signer
from control.rpc.contract_gen import MediaFile
from tests.support.s3_server import ACCESS_KEY, BUCKET, REGION, SECRET_KEY, S3Server

CONTENT = bytes(range(256)) * 8192
DISPOSITION = "attachment; filename=\"a b.jpg\"; filename*=UTF-8''a%20b.jpg"


@pytest.fixture
async def s3() -> AsyncIterator[S3Server]:
    async with S3Server() as server:
        yield server


@pytest.fixture
async def offsite(s3: S3Server) -> AsyncIterator[OffsiteMedia]:
    media = OffsiteMedia(bucket_of(s3), prefix="wa/ção +/", seconds=60)
    yield media
    await media.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "0123456789abcdef0123"
    path.write_bytes(CONTENT)
    return path


def bucket_of(s3: S3Server, secret: str = SECRET_KEY) -> Bucket:
    return Bucket(s3.url, BUCKET, Signer(ACCESS_KEY, secret, REGION))


def media_file(n: int = 1, size: int = len(CONTENT)) -> MediaFile:
    return MediaFile(
        media_id=f"med_0123456789ABCDEF{n:04}",
        file_name="0123456789abcdef0123",
        mime_type="image/jpeg",
        size_bytes=size,
        sha256="0" * 64,
        kept_until_ms=0,
    )


async def fetched(url: str) -> tuple[int, bytes, str, str]:
    async with aiohttp.ClientSession() as http, http.get(URL(url, encoded=True)) as response:
        disposition = response.headers.get("Content-Disposition", "")
        return response.status, await response.read(), response.content_type, disposition


async def test_a_file_is_put_once_and_its_address_opens_it_as_an_attachment(
    s3: S3Server, offsite: OffsiteMedia, path: Path
) -> None:
    first = await offsite.address("acme", media_file(), path, DISPOSITION)
    second = await offsite.address("acme", media_file(), path, DISPOSITION)

    assert first is not None
    assert second is not None
    assert await fetched(first) == (200, CONTENT, "image/jpeg", DISPOSITION)
    assert s3.made("PUT") == ["wa/ção +/acme/med_0123456789ABCDEF0001"]
    assert not s3.refused
    assert SECRET_KEY not in first


async def test_many_who_want_one_file_at_once_put_it_once(s3: S3Server, offsite: OffsiteMedia, path: Path) -> None:
    urls = await asyncio.gather(*(offsite.address("acme", media_file(), path, DISPOSITION) for _ in range(10)))

    assert None not in urls
    assert len(s3.made("PUT")) == 1


async def test_an_address_that_was_changed_opens_nothing(s3: S3Server, offsite: OffsiteMedia, path: Path) -> None:
    await offsite.address("other", media_file(), path, DISPOSITION)
    url = await offsite.address("acme", media_file(), path, DISPOSITION)
    assert url is not None

    assert (await fetched(url.replace("/acme/", "/other/")))[0] == 403
    assert (await fetched(url.replace("Expires=60", "Expires=6000")))[0] == 403
    assert (await fetched(url.replace("attachment", "inline")))[0] == 403


async def test_half_a_file_in_the_bucket_is_put_again(s3: S3Server, offsite: OffsiteMedia, path: Path) -> None:
    await offsite.address("acme", media_file(), path, DISPOSITION)
    (stored,) = s3.objects.values()
    stored.body = stored.body[:100]

    assert await offsite.address("acme", media_file(), path, DISPOSITION)
    assert len(s3.made("PUT")) == 2


async def test_a_bucket_that_fails_gives_no_address_and_says_so_once(
    s3: S3Server, offsite: OffsiteMedia, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="control.media.offsite")
    s3.status = 503
    for n in range(3):
        assert await offsite.address("acme", media_file(n), path, DISPOSITION) is None
        assert await offsite.kept("acme", media_file(n).media_id) is None
    s3.status = 0
    assert await offsite.address("acme", media_file(), path, DISPOSITION)

    said = [record.getMessage() for record in caplog.records if record.name == "control.media.offsite"]
    assert said == ["media storage fails, files are served from the disk", "media storage works again"]


async def test_wrong_keys_and_a_server_that_is_away_raise_what_has_no_secret_in_it(
    s3: S3Server, path: Path
) -> None:
    wrong, away = (
        bucket_of(s3, "another-secret"),
        Bucket("http://127.0.0.1:1", BUCKET, Signer("a", "b" * 20, REGION)),
    )
    try:
        with pytest.raises(BucketError, match="PUT was answered 403"):
            await wrong.put("key", path, mime_type="image/jpeg", disposition="attachment")
        with pytest.raises(BucketError, match="HEAD failed: ClientConnectorError"):
            await away.find("key")
    finally:
        await wrong.close()
        await away.close()
    assert s3.refused == ["signature"]


async def test_what_the_disk_no_longer_has_is_had_from_the_bucket(
    s3: S3Server, offsite: OffsiteMedia, path: Path
) -> None:
    await offsite.address("acme", media_file(), path, DISPOSITION)
    await asyncio.to_thread(path.unlink)

    url = await offsite.kept("acme", media_file().media_id)

    assert url is not None
    assert await fetched(url) == (200, CONTENT, "image/jpeg", DISPOSITION)
    assert await offsite.kept("acme", media_file(2).media_id) is None
    # A file that is gone before it is put, or is a link, is not put.
    assert await offsite.address("acme", media_file(3), path, DISPOSITION) is None


async def test_a_link_in_the_place_of_a_file_is_not_followed(
    s3: S3Server, offsite: OffsiteMedia, path: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(path)

    assert await offsite.address("acme", media_file(), link, DISPOSITION) is None
    assert not s3.objects
