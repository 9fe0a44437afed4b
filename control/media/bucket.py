"""A bucket of S3, or of what speaks like it: ask for objects, put a file, remove one, sign an address for one.

The operator named the server, so it may be internal; nothing a caller says decides where a request goes.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Self

import aiohttp
from yarl import URL

from control.media.s3_listing import Listed, read_listing
from control.media.s3_signing import EMPTY_SHA256, Signer, canonical_query, encoded_path
from control.settings import Settings

CONNECT_SECONDS: Final = 5.0
HEAD_SECONDS: Final = 10.0
PUT_SECONDS: Final = 120.0
LIST_SECONDS: Final = 30.0
CONNECTIONS_MAX: Final = 16
LISTED_MAX: Final = 500
LISTING_MAX_BYTES: Final = 4 * 1024 * 1024

# What S3 answers where there is no object: 403 when the keys may not list the bucket.
_ABSENT: Final = frozenset({403, 404})


class BucketError(Exception):
    """The bucket did not do what was asked. Its text is short and has no secret and no key in it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that is there."""

    size_bytes: int
    mime_type: str
    disposition: str


class Bucket:
    """One bucket, addressed as `endpoint/bucket/key`, which all servers understand."""

    def __init__(
        self,
        endpoint: str,
        name: str,
        signer: Signer,
        *,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """tls: another trust than the system's."""
        self._base = f"{endpoint.rstrip('/')}/{encoded_path(name)}/"
        self._signer = signer
        self._tls = tls
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the bucket the settings name, None when they name none."""
        access, secret = settings.media_s3_access_key, settings.media_s3_secret_key
        if (
            settings.media_s3_endpoint is None
            or settings.media_s3_bucket is None
            or access is None
            or secret is None
        ):
            return None
        signer = Signer(access, secret.get_secret_value(), settings.media_s3_region)
        return cls(settings.media_s3_endpoint, settings.media_s3_bucket, signer)

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def find(self, key: str) -> Stored | None:
        """Return what is known of an object, None when it is not there. Raises BucketError."""
        url = self._url(key)
        headers = self._signer.headers("HEAD", url, {}, sha256=EMPTY_SHA256, now=self._clock())
        status, answered = await self._request("HEAD", url, headers, None, HEAD_SECONDS)
        if status in _ABSENT:
            return None
        if status != 200:
            raise BucketError(f"HEAD was answered {status}")
        return Stored(
            int(answered.get("Content-Length", "0")),
            answered.get("Content-Type", "application/octet-stream"),
            answered.get("Content-Disposition", "attachment"),
        )

    async def put(self, key: str, path: Path, *, mime_type: str, disposition: str) -> None:
        """Put a file. It is read twice, for its digest and on its way. Raises BucketError, OSError."""
        url = self._url(key)
        # Opened once, so that what is signed and what is sent are one file.
        file, size, digest = await asyncio.to_thread(_opened, path)
        try:
            headers = {"Content-Type": mime_type, "Content-Disposition": disposition, "Content-Length": str(size)}
            signed = self._signer.headers("PUT", url, headers, sha256=digest, now=self._clock())
            status, _ = await self._request("PUT", url, signed, file, PUT_SECONDS)
        finally:
            await asyncio.to_thread(file.close)
        if status not in (200, 201, 204):
            raise BucketError(f"PUT was answered {status}")

    async def listed(self, prefix: str, *, after: str | None) -> list[Listed]:
        """Return up to LISTED_MAX objects whose keys begin so, in their order, after one. Raises BucketError."""
        query = {"list-type": "2", "encoding-type": "url", "max-keys": str(LISTED_MAX), "prefix": prefix}
        if after is not None:
            query["start-after"] = after
        url, text = self._base, canonical_query(query)
        headers = self._signer.headers("GET", url, {}, sha256=EMPTY_SHA256, now=self._clock(), query=text)
        status, body = await self._read(f"{url}?{text}", headers)
        if status != 200:
            raise BucketError(f"a listing was answered {status}")
        try:
            return read_listing(body.decode())
        except ValueError:
            raise BucketError("a listing was answered with something else") from None

    async def delete(self, key: str) -> None:
        """Remove an object; nothing happens when it is not there. Raises BucketError."""
        url = self._url(key)
        headers = self._signer.headers("DELETE", url, {}, sha256=EMPTY_SHA256, now=self._clock())
        status, _ = await self._request("DELETE", url, headers, None, HEAD_SECONDS)
        if status not in (200, 202, 204, 404):
            raise BucketError(f"DELETE was answered {status}")

    def address(self, key: str, *, mime_type: str, disposition: str, seconds: int) -> str:
        """Return an address that opens the object for so many seconds, always as an attachment."""
        query = {"response-content-type": mime_type, "response-content-disposition": disposition}
        return self._signer.address(self._url(key), query, seconds=seconds, now=self._clock())

    def _url(self, key: str) -> str:
        return self._base + encoded_path(key)

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: BinaryIO | None, seconds: float
    ) -> tuple[int, Mapping[str, str]]:
        timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)
        try:
            # Encoded already, and the signature holds for this encoding alone.
            async with self._open().request(
                method, URL(url, encoded=True), headers=headers, data=body, allow_redirects=False, timeout=timeout
            ) as response:
                return response.status, response.headers
        except TimeoutError:
            raise BucketError(f"{method} was not answered in time") from None
        except (aiohttp.ClientError, ValueError) as error:
            raise BucketError(f"{method} failed: {type(error).__name__}") from None

    async def _read(self, url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """GET a small document."""
        timeout = aiohttp.ClientTimeout(total=LIST_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with self._open().get(
                URL(url, encoded=True), headers=headers, allow_redirects=False, timeout=timeout
            ) as response:
                body = bytearray()
                async for chunk in response.content.iter_any():
                    body += chunk
                    if len(body) > LISTING_MAX_BYTES:
                        raise BucketError("a listing is too long")
                return response.status, bytes(body)
        except TimeoutError:
            raise BucketError("GET was not answered in time") from None
        except (aiohttp.ClientError, ValueError) as error:
            raise BucketError(f"GET failed: {type(error).__name__}") from None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS_MAX, ssl=self._tls or True),
                trust_env=False,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "whatsapp-gateway"},
            )
        return self._session


def _opened(path: Path) -> tuple[BinaryIO, int, str]:
    """Open a file that is no link; return it at its beginning with its size and digest."""
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    try:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        file.seek(0)
        return file, size, digest
    except BaseException:
        file.close()
        raise
