"""The way out: what counts as an answer, and how long it puts up with an app."""

from __future__ import annotations

import asyncio
import socket
import ssl
from ipaddress import ip_network
from pathlib import Path

import pytest

from control.egress.addresses import AddressPolicy
from control.egress.client import Egress, EgressError
from tests.support.bare_server import self_signed, serving
from tests.support.customer_app import Behaviour, CustomerApp

ALLOW_LOOPBACK = AddressPolicy([ip_network("127.0.0.0/8")])


async def test_a_redirect_to_an_internal_address_is_answered_and_not_followed(app: CustomerApp) -> None:
    for status in (301, 302, 303, 307, 308):
        app.set("/", Behaviour(status=status, headers={"Location": "http://169.254.169.254/latest/meta-data"}))
        async with Egress(ALLOW_LOOPBACK) as egress:
            assert (await egress.post(f"{app.url}/", {}, b"{}")).status == status


async def test_an_app_that_hangs_is_left_after_the_time_allowed(app: CustomerApp) -> None:
    app.set("/", Behaviour(hang=True))
    async with Egress(ALLOW_LOOPBACK, total_seconds=0.2) as egress:
        with pytest.raises(EgressError, match="timeout"):
            await egress.post(f"{app.url}/", {}, b"{}")
    app.release()


async def test_a_head_that_drips_is_left_too() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(100):
            writer.write(b"H")
            await asyncio.sleep(0.05)

    async with serving(drip) as port, Egress(ALLOW_LOOPBACK, total_seconds=0.3) as egress:
        with pytest.raises(EgressError, match=r"timeout|no_answer"):
            await egress.post(f"http://127.0.0.1:{port}/", {}, b"{}")


async def test_an_endless_body_is_cut_and_its_status_counts() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        try:
            while sent < 64 * 1024 * 1024:
                writer.write(b"x" * 65536)
                await writer.drain()
                sent += 65536
        except ConnectionError:
            pass

    async with serving(flood) as port, Egress(ALLOW_LOOPBACK) as egress:
        answer = await egress.post(f"http://127.0.0.1:{port}/", {}, b"{}")
    assert answer.status == 200
    assert sent < 16 * 1024 * 1024


async def test_a_connection_that_breaks_is_no_answer() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.transport.abort()

    async with serving(hang_up) as port, Egress(ALLOW_LOOPBACK) as egress:
        with pytest.raises(EgressError, match="no_answer"):
            await egress.post(f"http://127.0.0.1:{port}/", {}, b"{}")


async def test_nobody_listening_is_a_failure_to_connect() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    async with Egress(ALLOW_LOOPBACK) as egress:
        with pytest.raises(EgressError, match="connect_failed"):
            await egress.post(f"http://127.0.0.1:{port}/", {}, b"{}")


async def test_a_certificate_nobody_vouches_for_is_a_tls_error(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with serving(answer_ok, tls=server_side) as port:
        url = f"https://127.0.0.1:{port}/"
        async with Egress(ALLOW_LOOPBACK) as egress:
            with pytest.raises(EgressError, match="tls_error"):
                await egress.post(url, {}, b"{}")
        async with Egress(ALLOW_LOOPBACK, tls=trusting) as egress:
            assert (await egress.post(url, {}, b"{}")).status == 200


async def test_no_cookie_no_proxy_and_no_compression(app: CustomerApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    app.set("/", Behaviour(headers={"Set-Cookie": "session=1"}))
    async with Egress(ALLOW_LOOPBACK) as egress:
        answers = [await egress.post(f"{app.url}/", {"X-Mine": "1"}, b"{}") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    for got in app.received:
        assert "Cookie" not in got.headers
        assert got.headers["Accept-Encoding"] == "identity"
        assert got.headers["X-Mine"] == "1"


async def answer_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    await writer.drain()
