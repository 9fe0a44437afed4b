"""A small S3: one bucket in memory, which takes nothing whose signature botocore would not have made.

botocore is AWS' own signer, so the signer under test is judged by another one.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from unittest import mock
from urllib.parse import parse_qsl, quote, urlencode
from xml.sax.saxutils import escape

import botocore.auth
from aiohttp import web
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY = "AKIAEXAMPLE000000001"
SECRET_KEY = "s3cret/of+the-Bucket0123456789abcdefABCD"
REGION = "eu-central-1"
BUCKET = "received-media"


@dataclass
class Object:
    """What was put. headers: by lower-case name."""

    body: bytes
    headers: dict[str, str]
    at: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))


@dataclass
class S3Server:
    """Listens on a free port of 127.0.0.1.

    status: what everything is answered with instead, 0 for nothing. page: objects in a listing at most. encodes:
    whether it knows encoding-type=url.
    """

    objects: dict[str, Object] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    status: int = 0
    page: int = 1000
    encodes: bool = True
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_get("/{bucket}/", self._list)
        app.router.add_route("*", "/{bucket}/{key:.+}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def made(self, method: str) -> list[str]:
        """The keys of requests of a method, in their order."""
        return [key for name, key in self.requests if name == method]

    async def _handle(self, request: web.Request) -> web.Response:
        key, body = request.match_info["key"], await request.read()
        self.requests.append((request.method, key))
        if self.status:
            return web.Response(status=self.status)
        why = self._wrong(request, body)
        if why is not None or request.match_info["bucket"] != BUCKET:
            self.refused.append(why or "bucket")
            return web.Response(status=403)
        if request.method == "PUT":
            self.objects[key] = Object(body, {name.lower(): value for name, value in request.headers.items()})
            return web.Response()
        if request.method == "DELETE":
            self.objects.pop(key, None)
            return web.Response(status=204)
        found = self.objects.get(key)
        if found is None:
            return web.Response(status=404)
        kind = request.query.get("response-content-type", found.headers["content-type"])
        disposition = request.query.get("response-content-disposition", found.headers["content-disposition"])
        headers = {"Content-Type": kind, "Content-Disposition": disposition}
        return web.Response(body=found.body, headers=headers)

    async def _list(self, request: web.Request) -> web.Response:
        """ListObjectsV2."""
        self.requests.append(("LIST", request.query.get("prefix", "")))
        if self.status:
            return web.Response(status=self.status)
        why = self._wrong(request, b"")
        if why is not None or request.query.get("list-type") != "2":
            self.refused.append(why or "list-type")
            return web.Response(status=403)
        prefix, after = request.query["prefix"], request.query.get("start-after", "")
        names = sorted(name for name in self.objects if name.startswith(prefix) and name > after)
        shown = names[: min(self.page, int(request.query["max-keys"]))]
        encoded = self.encodes and request.query.get("encoding-type") == "url"
        contents = "".join(
            f"<Contents><Key>{quote(name) if encoded else escape(name)}</Key>"
            f"<LastModified>{self.objects[name].at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified><Size>1</Size></Contents>"
            for name in shown
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Prefix>{escape(prefix)}</Prefix><KeyCount>{len(shown)}</KeyCount>"
            f"{'<EncodingType>url</EncodingType>' if encoded else ''}{contents}</ListBucketResult>"
        )
        return web.Response(text=body, content_type="application/xml")

    def _wrong(self, request: web.Request, body: bytes) -> str | None:
        if "X-Amz-Signature" in request.query:
            return self._wrong_address(request)
        claimed = request.headers.get("Authorization", "")
        if request.headers.get("X-Amz-Content-SHA256") != hashlib.sha256(body).hexdigest():
            return "payload"
        names = claimed.partition("SignedHeaders=")[2].partition(",")[0].split(";")
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names):
            return "headers left out"
        signed = AWSRequest(
            method=request.method,
            url=f"{self.url}{request.raw_path}",
            headers={name: request.headers[name] for name in names},
            data=body,
        )
        with _at(request.headers["X-Amz-Date"]):
            botocore.auth.S3SigV4Auth(_CREDENTIALS, "s3", REGION).add_auth(signed)
        return None if signed.headers["Authorization"] == claimed else "signature"

    def _wrong_address(self, request: web.Request) -> str | None:
        path, _, text = request.raw_path.partition("?")
        given = dict(parse_qsl(text, keep_blank_values=True))
        own = {name: value for name, value in given.items() if not name.startswith("X-Amz-")}
        signed = AWSRequest(method=request.method, url=f"{self.url}{path}?{urlencode(own)}")
        with _at(given["X-Amz-Date"]):
            expires = int(given["X-Amz-Expires"])
            botocore.auth.S3SigV4QueryAuth(_CREDENTIALS, "s3", REGION, expires=expires).add_auth(signed)
        wanted = dict(parse_qsl(signed.url.partition("?")[2], keep_blank_values=True))
        return None if wanted == given else "signature"


_CREDENTIALS = Credentials(ACCESS_KEY, SECRET_KEY)


@contextmanager
def _at(stamp: str) -> Iterator[None]:
    """Let botocore sign at a time, as X-Amz-Date has it."""
    moment = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    with mock.patch.object(botocore.auth, "get_current_datetime", return_value=moment):
        yield
