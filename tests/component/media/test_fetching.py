"""Fetching a mediaUrl from servers that do not behave."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest

from control.egress.addresses import AddressPolicy
from control.errors import GatewayError
from control.media.intake import MediaIntake
from control.media.kinds import MediaKind
from tests.component.media.fetching import MB, fetcher, names
from tests.support.bare_server import self_signed, serving
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.wait import wait_for

LOOPBACK = AddressPolicy([ip_network("127.0.0.0/8")])


async def reason_of(fetch: object, url: str) -> str:
    with pytest.raises(GatewayError, match="media_fetch_failed") as failed:
        await fetch.fetch(url, MB)  # type: ignore[attr-defined]
    reason = failed.value.extra["reason"]
    assert isinstance(reason, str)
    return reason


async def test_up_to_three_redirects_are_followed(app: CustomerApp, tmp_path: Path) -> None:
    for number in range(4):
        app.set(f"/{number}", Behaviour(status=302, headers={"Location": f"{number + 1}?q#fragment"}))
    app.set("/4", Behaviour(body=b"here"))
    async with fetcher(tmp_path, LOOPBACK) as fetch:
        upload = await fetch.fetch(f"{app.url}/1", MB)
        assert (tmp_path / "spool" / upload.name).read_bytes() == b"here"
        assert await reason_of(fetch, f"{app.url}/0") == "too_many_redirects"
        app.set("/5", Behaviour(status=302))
        assert await reason_of(fetch, f"{app.url}/5") == "bad_redirect"


async def test_https_does_not_lead_to_http(app: CustomerApp, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 302 Found\r\nLocation: {app.url}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())

    trust = ssl.create_default_context(cafile=str(certificate))
    async with serving(redirect, tls=server) as port:
        async with fetcher(tmp_path, LOOPBACK, tls=trust) as fetch:
            assert await reason_of(fetch, f"https://127.0.0.1:{port}/") == "bad_redirect"
        async with fetcher(tmp_path, LOOPBACK) as fetch:
            assert await reason_of(fetch, f"https://127.0.0.1:{port}/") == "tls_error"
    assert app.received == []


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 410, 429, 500, 503])
async def test_any_status_but_200_is_told(app: CustomerApp, tmp_path: Path, status: int) -> None:
    app.set("/", Behaviour(status=status, body=b"" if status in (204, 304) else b"x"))
    async with fetcher(tmp_path, LOOPBACK) as fetch:
        assert await reason_of(fetch, f"{app.url}/") == f"http_{status}"


async def test_a_name_without_address_and_a_closed_port_are_told_apart(tmp_path: Path) -> None:
    async with fetcher(tmp_path, LOOPBACK) as fetch:
        assert await reason_of(fetch, "https://127.0.0.1:9999/") == "connect_failed"
        assert await reason_of(fetch, "https://no-such-name.invalid/") == "dns_failure"


async def test_a_file_announced_as_too_large_is_not_begun(tmp_path: Path) -> None:
    sent = 0

    async def announce(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {MB + 1}\r\n\r\n".encode())
        await writer.drain()
        while await reader.read(1):
            sent += 1

    async with serving(announce) as port, fetcher(tmp_path, LOOPBACK) as fetch:
        with pytest.raises(GatewayError, match="media_too_large"):
            await fetch.fetch(f"http://127.0.0.1:{port}/", MB)
    assert names(tmp_path / "spool") == []


@pytest.mark.parametrize("head", ["", "Content-Length: 10\r\n", "Transfer-Encoding: chunked\r\n"])
async def test_an_endless_body_is_cut_at_the_limit_whatever_was_announced(tmp_path: Path, head: str) -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode())
        block = b"x" * 65536
        if "chunked" in head:
            block = b"10000\r\n" + block + b"\r\n"
        while sent < 256 * MB:
            writer.write(block)
            await writer.drain()
            sent += 65536

    async with serving(flood) as port, fetcher(tmp_path, LOOPBACK) as fetch:
        # What is more than was announced is no HTTP any more.
        with pytest.raises(GatewayError, match="media_fetch_failed" if "Length" in head else "media_too_large"):
            await fetch.fetch(f"http://127.0.0.1:{port}/", MB)
    assert names(tmp_path / "spool") == []
    assert sent < 32 * MB


async def test_a_body_shorter_than_announced_is_no_file(tmp_path: Path) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500)
        await writer.drain()

    async with serving(break_off) as port, fetcher(tmp_path, LOOPBACK) as fetch:
        assert await reason_of(fetch, f"http://127.0.0.1:{port}/") == "no_answer"
    assert names(tmp_path / "spool") == []


@pytest.mark.parametrize("piece", [b"", b"x"])
async def test_a_body_that_stalls_or_drips_is_left(tmp_path: Path, piece: bytes) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(drip) as port, fetcher(tmp_path, LOOPBACK, window_seconds=0.2) as fetch:
        assert await reason_of(fetch, f"http://127.0.0.1:{port}/") == "too_slow"
    assert names(tmp_path / "spool") == []


async def test_all_hops_together_have_one_deadline(app: CustomerApp, tmp_path: Path) -> None:
    app.set("/0", Behaviour(status=302, delay=0.2, headers={"Location": "/1"}))
    app.set("/1", Behaviour(status=302, delay=0.2, headers={"Location": "/2"}))
    async with fetcher(tmp_path, LOOPBACK, total_seconds=0.3) as fetch:
        assert await reason_of(fetch, f"{app.url}/0") == "timeout"


async def test_a_compressed_answer_is_refused_and_never_unpacked(app: CustomerApp, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(64 * MB))
    app.set("/bomb", Behaviour(body=bomb, headers={"Content-Encoding": "gzip"}))
    async with fetcher(tmp_path, LOOPBACK) as fetch:
        assert await reason_of(fetch, f"{app.url}/bomb") == "encoded"
    assert app.received[0].headers["Accept-Encoding"] == "identity"


async def test_names_come_from_the_header_or_the_path(intake: MediaIntake, app: CustomerApp) -> None:
    header = "attachment; filename*=UTF-8''..%2F..%2Fetc%2Frelat%C3%B3rio.pdf"
    app.set("/get", Behaviour(body=b"%PDF-1.4", headers={"Content-Disposition": header}))
    app.set("/a/täx.pdf", Behaviour(body=b"%PDF-1.4"))
    for path, name in (("/get", "relatório.pdf"), ("/a/t%C3%A4x.pdf?x=1", "täx.pdf"), ("/", "file.txt")):
        media = await intake.from_url("t1", f"{app.url}{path}", MediaKind.document)
        assert media.file_name == name
        assert (
            await intake.from_url("t1", f"{app.url}{path}", MediaKind.document, file_name="b")
        ).file_name == "b"


async def test_a_tenant_fetches_four_at_once_and_keeps_nobody_else_waiting(
    intake: MediaIntake, app: CustomerApp
) -> None:
    app.set("/hang", Behaviour(hang=True, body=b"x"))
    app.set("/fast", Behaviour(body=b"x"))
    waiting = [
        asyncio.create_task(intake.from_url("slow", f"{app.url}/hang", MediaKind.document)) for _ in range(36)
    ]
    await wait_for(lambda: len(app.at("/hang")) == 4)
    with pytest.raises(GatewayError, match="media_busy"):
        await intake.from_url("slow", f"{app.url}/hang", MediaKind.document)

    await intake.from_url("other", f"{app.url}/fast", MediaKind.document)

    assert len(app.at("/hang")) == 4
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_cancelled_fetch_leaves_no_file(intake: MediaIntake, spool: Path) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * MB)
        await writer.drain()
        await asyncio.Event().wait()

    async with serving(trickle) as port:
        task = asyncio.create_task(intake.from_url("t", f"http://127.0.0.1:{port}/", MediaKind.document))
        await wait_for(lambda: any(path.stat().st_size for path in spool.iterdir()))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert names(spool) == []
