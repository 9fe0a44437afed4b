"""Multipart requests and JSON with base64 in it, over a real connection, in front of a real media room."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from control.api import large_bodies, uploads
from control.api.context import INSTRUMENTS
from control.api.large_bodies import LargeBodies
from control.api.middleware import errors, request_id
from control.api.server import GatewayRunner
from control.api.uploads import read_multipart
from control.egress.addresses import AddressPolicy
from control.media import pace
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from control.media.room import media_room
from control.metrics.instruments import Instruments
from control.settings import Settings
from tests.support.gateway import settings_for
from tests.support.media_files import picture
from tests.support.wait import wait_for

MB = 1024 * 1024


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    largest = dict.fromkeys(("media_image_max_mb", "media_audio_max_mb", "media_video_max_mb"), 2)
    return settings_for(tmp_path, media_document_max_mb=8, media_base64_max_mb=4, **largest)


class Server:
    """Answers what it read."""

    def __init__(self, intake: MediaIntake, spool: Path) -> None:
        self.intake = intake
        self.spool = spool
        self.large = LargeBodies(4 * MB, read_seconds=1.0)
        self.port = 0

    async def multipart(self, request: web.Request) -> web.Response:
        fields, upload = await read_multipart(request, self.intake, "t1")
        found = None
        if upload is not None:
            found = [upload.file_name, upload.mime_type, upload.size_bytes, upload.sha256]
            await self.intake.discard(upload)
        return web.json_response({"fields": fields, "upload": found})

    async def json(self, request: web.Request) -> web.Response:
        async with self.large.read_object(request, "t1") as body:
            return web.json_response({name: len(value) for name, value in body.items()})

    def names(self) -> list[str]:
        return [path.name for path in self.spool.iterdir()]

    async def post(self, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http,
            http.post(f"http://127.0.0.1:{self.port}{path}", **options) as response,
        ):
            return response.status, orjson.loads(await response.read())

    async def raw(self, path: str, head: str, *pieces: bytes, gap: float = 0) -> bytes:
        """Send a body as it is and return the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(gap)
            async with asyncio.timeout(10):
                return await reader.read(65536)
        finally:
            writer.close()


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Server]:
    async with media_room(settings, AddressPolicy()) as intake:
        server = Server(intake, settings.spool_dir)
        app = web.Application(client_max_size=large_bodies.SMALL_MAX_BYTES, middlewares=[request_id, errors])
        app[INSTRUMENTS] = Instruments()
        app.router.add_post("/multipart", server.multipart)
        app.router.add_post("/json", server.json)
        runner = GatewayRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        yield server
        await runner.cleanup()


def form(*fields: tuple[str, Any], file: bytes | None = None, **options: Any) -> aiohttp.MultipartWriter:
    written = aiohttp.MultipartWriter("form-data")
    for name, value in fields:
        written.append(value).set_content_disposition("form-data", name=name)
    if file is not None:
        part = written.append(io.BytesIO(file), {"Content-Type": options.get("type", "application/pdf")})
        part.set_content_disposition(
            "form-data", quote_fields=False, name="file", filename=options.get("name", "a.pdf")
        )
    return written


async def test_a_file_and_plain_fields_are_read(server: Server) -> None:
    data = bytes(range(256)) * 12_000
    status, got = await server.post(
        "/multipart", data=form(("to", "+5511999999999"), ("caption", "Olá ✓"), file=data, name="ção.pdf")
    )
    assert status == 200
    assert got["fields"] == {"to": "+5511999999999", "caption": "Olá ✓"}
    assert got["upload"] == ["ção.pdf", "application/pdf", len(data), hashlib.sha256(data).hexdigest()]
    assert server.names() == []


async def test_an_upload_becomes_what_it_is_to_be_sent_as(server: Server) -> None:
    app = web.Application()

    async def handle(request: web.Request) -> web.Response:
        _, upload = await read_multipart(request, server.intake, "t1")
        assert upload is not None
        media = await server.intake.from_upload("t1", upload, MediaKind(request.query["kind"]))
        seen = [media.mime_type, media.file_name, media.name == upload.name]
        found = web.json_response({"media": seen, "files": len(server.names())})
        await server.intake.discard(media)
        return found

    app.router.add_post("/", handle)
    runner = GatewayRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    for kind, format, expected in (
        ("image", "PNG", ["image/png", None, True]),
        ("image", "WEBP", ["image/jpeg", None, False]),
        ("document", "WEBP", ["image/webp", "a.pdf", True]),
    ):
        _, got = await server.post(f"/?kind={kind}", data=form(file=picture(format)))
        assert got == {"media": expected, "files": 1}
        assert server.names() == []
    await runner.cleanup()


@pytest.mark.parametrize("name", ["payload", "json"])
async def test_fields_may_come_as_one_json_object_before_or_after_the_file(server: Server, name: str) -> None:
    payload = orjson.dumps({"to": "1", "mentions": ["2"], "viewOnce": True}).decode()
    for fields in ([(name, payload), ("caption", "x")], [("caption", "x"), (name, payload)]):
        status, got = await server.post("/multipart", data=form(*fields, file=b"%PDF"))
        assert status == 200
        assert got["fields"] == {"to": "1", "mentions": ["2"], "viewOnce": True, "caption": "x"}
        assert got["upload"][2] == 4


async def test_a_body_without_file_has_only_fields(server: Server) -> None:
    assert await server.post("/multipart", data=form(("to", "1"))) == (
        200,
        {"fields": {"to": "1"}, "upload": None},
    )


async def test_a_boundary_inside_the_file_is_only_bytes(server: Server) -> None:
    data = b"x\r\n--not-the-boundary\r\n--\r\n" * 9999 + b"\r\n\r\n-"
    _, got = await server.post("/multipart", data=form(file=data))
    assert got["upload"][2:] == [len(data), hashlib.sha256(data).hexdigest()]


async def test_a_file_above_the_limit_is_refused_and_gone(server: Server) -> None:
    status, got = await server.post("/multipart", data=form(("to", "1"), file=bytes(8 * MB + 1)))
    assert (status, got["code"]) == (413, "media_too_large")
    assert server.names() == []


BAD_FORMS = {
    "two files": lambda: _twice(),
    "the same field twice": lambda: form(("a", "1"), ("a", "2")),
    "a field of the payload again": lambda: form(("a", "1"), ("payload", '{"a":2}')),
    "a payload that is a list": lambda: form(("payload", "[1]")),
    "too many parts": lambda: form(*((f"f{number}", "x") for number in range(33))),
}


def _twice() -> aiohttp.MultipartWriter:
    written = form(file=b"a")
    written.append(b"b").set_content_disposition("form-data", name="file", filename="b")
    return written


@pytest.mark.parametrize("what", BAD_FORMS)
async def test_forms_that_make_no_sense_are_refused(server: Server, what: str) -> None:
    status, got = await server.post("/multipart", data=BAD_FORMS[what]())
    assert (status, got["code"]) == (400, "invalid_request")
    assert server.names() == []


async def test_the_fields_together_are_small(server: Server) -> None:
    status, got = await server.post(
        "/multipart", data=form(("a", "x" * 60_000), ("b", "x" * uploads.MAX_FIELDS_BYTES), file=b"y")
    )
    assert (status, got["code"]) == (413, "payload_too_large")
    status, got = await server.post("/multipart", data=form(("payload", "{")))
    assert (status, got["code"]) == (400, "invalid_json")
    status, got = await server.post("/multipart", data=form(("a", b"\xff\xfe")))
    assert (status, got["code"]) == (400, "invalid_request")


def part(headers: str, body: bytes = b"x") -> bytes:
    return b"--B\r\n" + headers.encode("latin-1") + b"\r\n\r\n" + body + b"\r\n"


FILE_PART = part('Content-Disposition: form-data; name="file"; filename="a"', b"y" * 1000)
BAD_BODIES = {
    "nothing": b"",
    "no boundary in it": b"hello" * 100,
    "cut off in a header": b"--B\r\nContent-Dispo",
    "cut off in the file": FILE_PART[:500],
    "cut off before the last boundary": FILE_PART,
    "no name": part("Content-Disposition: form-data") + b"--B--\r\n",
    "no headers": b"--B\r\n\r\nx\r\n--B--\r\n",
    "parts within parts": part("Content-Type: multipart/mixed; boundary=C", b"--C\r\n\r\nx\r\n--C--")
    + b"--B--\r\n",
    "base64 in transfer": part('Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64')
    + b"--B--\r\n",
    "gzip": part('Content-Disposition: form-data; name="a"\r\nContent-Encoding: gzip') + b"--B--\r\n",
    "a file of another name": part('Content-Disposition: form-data; name="f"; filename="a"') + b"--B--\r\n",
    "a header that is too long": part(f'Content-Disposition: form-data; name="{"a" * 20_000}"') + b"--B--\r\n",
    "too many headers": part("\r\n".join(f"X-{n}: y" for n in range(500))) + b"--B--\r\n",
    "a header that is none": part("Content-Disposition form-data") + b"--B--\r\n",
    "a file and then rubbish": FILE_PART + b"--Bxx\r\n",
}


@pytest.mark.parametrize("what", BAD_BODIES)
async def test_broken_bodies_are_refused_and_leave_no_file(server: Server, what: str) -> None:
    body = BAD_BODIES[what]
    head = f"Content-Type: multipart/form-data; boundary=B\r\nContent-Length: {len(body)}"
    answer = await server.raw("/multipart", head, body)
    assert b"HTTP/1.1 400 " in answer, answer[:300]
    assert b'"code":"invalid_request"' in answer
    assert b"Traceback" not in answer
    assert server.names() == []


async def test_another_content_type_or_no_boundary_is_refused(server: Server) -> None:
    for content_type in (
        "multipart/form-data",
        "multipart/mixed; boundary=B",
        f"multipart/form-data; boundary={'b' * 99}",
    ):
        answer = await server.raw("/multipart", f"Content-Type: {content_type}\r\nContent-Length: 5", b"hello")
        assert b"HTTP/1.1 4" in answer, answer[:300]


@pytest.mark.parametrize("where", ["file", "field", "header"])
async def test_a_body_that_drips_is_cut_off(server: Server, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "READ_SECONDS", 0.3)
    monkeypatch.setattr(pace.Pace.__init__, "__kwdefaults__", {"min_bytes": 1000, "window_seconds": 0.3})
    begin = {
        "file": b'--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
        "field": b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
        "header": b"--B\r\nContent-Disp",
    }[where]
    head = "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 100000"
    answer = await server.raw("/multipart", head, begin, *([b"x"] * 10), gap=0.05)
    assert b"HTTP/1.1 408 " in answer, answer[:300]
    assert server.names() == []


async def test_a_sender_that_hangs_up_leaves_no_file(server: Server) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST /multipart HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n")
    writer.write(b"Content-Type: multipart/form-data; boundary=B\r\n\r\n" + FILE_PART[:-1002] + bytes(500_000))
    await writer.drain()
    await wait_for(lambda: server.names())
    writer.transport.abort()
    await wait_for(lambda: server.names() == [])


def json_of(body: dict[str, Any]) -> dict[str, Any]:
    return {"data": io.BytesIO(orjson.dumps(body)), "headers": {"Content-Type": "application/json"}}


async def test_base64_may_make_a_body_large(server: Server) -> None:
    text = base64.b64encode(bytes(4 * MB)).decode()
    status, got = await server.post("/json", **json_of({"to": "1", "mediaBase64": text}))
    assert (status, got) == (200, {"to": 1, "mediaBase64": len(text)})
    lines = "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    assert (await server.post("/json", **json_of({"mediaBase64": lines})))[0] == 200
    status, got = await server.post("/json", **json_of({"mediaBase64": text * 2}))
    assert (status, got["code"]) == (413, "payload_too_large")


async def test_a_body_without_base64_stays_small(server: Server) -> None:
    assert (await server.post("/json", **json_of({"a": "x" * (large_bodies.SMALL_MAX_BYTES - 10_000)})))[0] == 200
    large = "x" * (large_bodies.SMALL_MAX_BYTES + 10_000)
    for body in ({"a": large}, {"mediaBase64": 1, "a": large}):
        status, got = await server.post("/json", **json_of(body))
        assert (status, got["code"]) == (413, "payload_too_large")


async def test_a_large_body_without_length_is_counted(server: Server) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"mediaBase64": "'
        while True:
            yield b"A" * 65536

    try:
        status, got = await server.post("/json", data=endless(), headers={"Content-Type": "application/json"})
    except aiohttp.ClientError:
        return
    assert (status, got["code"]) == (413, "payload_too_large")


async def test_a_large_body_that_stalls_is_cut_off(server: Server) -> None:
    head = "Content-Type: application/json\r\nContent-Length: 3000000"
    answer = await server.raw("/json", head, b'{"mediaBase64":"' + b"A" * 1_000_000)
    assert b"HTTP/1.1 408 " in answer, answer[:300]


async def test_few_large_bodies_are_in_memory_at_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    held = asyncio.Event()
    inside = most = 0

    async def hold(request: web.Request) -> web.Response:
        nonlocal inside, most
        async with server.large.read_object(request, request.query["tenant"]):
            inside += 1
            most = max(most, inside)
            await held.wait()
            inside -= 1
        return web.json_response({})

    monkeypatch.setattr(server, "json", hold)
    body = {"mediaBase64": "A" * (large_bodies.SMALL_MAX_BYTES + 10_000)}
    app = web.Application()
    app.router.add_post("/json", hold)
    runner = GatewayRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    tasks = [
        asyncio.create_task(server.post(f"/json?tenant={number // 2}", **json_of(body))) for number in range(12)
    ]
    await wait_for(lambda: inside == large_bodies.IN_ALL)
    held.set()
    assert [status for status, _ in await asyncio.gather(*tasks)] == [200] * 12
    assert most == large_bodies.IN_ALL
    await runner.cleanup()
