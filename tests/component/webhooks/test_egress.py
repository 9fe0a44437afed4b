"""The way out: what it reaches, what it never reaches, and how long it puts up with an app."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp.abc import ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from control.webhooks.addresses import AddressPolicy, BlockedAddress
from control.webhooks.egress import Egress, EgressError
from tests.support.customer_app import Behaviour, CustomerApp

ALLOW_LOOPBACK = AddressPolicy([ip_network("127.0.0.0/8")])

# Spellings of this machine. Names are answered by `answers` below.
LOOPBACK_HOSTS = [
    *("127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0", "0.0", "0.0.0"),
    *("2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1", "0177.1", "127.0.0.01"),
    *("127.000.000.001", "0x7f.0x0.0x0.0x1", "00000000177.0.0.1", "127.0.0.1.", "0x7F000001", "127.0x0.0.1"),
    *("①②⑦.0.0.1", "127。0。0。1", "１２７.0.0.1", "127．0．0．1", "⑯⑨.254.169.254"),  # noqa: RUF001
    *("localhost", "LOCALHOST", "localhost.", "LocalHost", "ⓛocalhost", "foo.localhost", "localhost.localdomain"),
    *("[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[0000::1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]"),
    *(
        "[2002:7f00:1::]",
        "[2002:7f00:0001::1]",
        "[2001:0:7f00:1::]",
        "[::ffff:0.0.0.0]",
        "[fe80::1]",
        "[::1%25lo]",
    ),
]
INTERNAL_ADDRESSES = [
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"),
    *("169.254.169.254", "169.254.170.2", "169.254.0.1", "100.64.0.1", "100.127.255.254", "100.100.100.200"),
    *("0.1.2.3", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[feff::1]"),
    *("[ff00::1]", "[ff02::1]", "[ff0e::1]", "[100::1]", "[2001:db8::1]", "[2001:10::1]", "[2001:2::1]"),
    *("[3fff::1]", "[5f00::1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::10.0.0.1]"),
    *("[64:ff9b::10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[2002:c0a8:1::]"),
    *("[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[::ffff:100.64.0.1]", "[::ffff:192.168.1.1]"),
]
PUBLIC_ADDRESSES = [
    *("1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "192.167.255.255", "11.0.0.1"),
    *("100.63.255.255", "100.128.0.1", "169.253.255.255", "198.17.255.255", "198.20.0.1", "223.255.255.254"),
    *("2606:4700:4700::1111", "2a00:1450:4001:800::200e", "::ffff:8.8.8.8"),
]
# What a customer's own name server may answer.
REBINDING = {
    "loopback.example": ["127.0.0.1"],
    "loopback6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mixed.example": ["93.184.216.34", "127.0.0.1"],
    "mixed-reversed.example": ["127.0.0.1", "93.184.216.34"],
    "mixed6.example": ["2606:4700:4700::1111", "::1"],
    "metadata.example": ["169.254.169.254"],
    "private.example": ["10.0.0.5"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "any.example": ["0.0.0.0"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
}


def answers(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    if host not in REBINDING:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [
        ResolveResult(
            hostname=host,
            host=address,
            port=port,
            family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            proto=0,
            flags=0,
        )
        for address in REBINDING[host]
    ]


class Listener:
    """Counts connections to a port on every address of this machine."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    counted = Listener()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        counted.connections += 1
        writer.close()

    first = await asyncio.start_server(connected, "0.0.0.0", 0)
    counted.port = first.sockets[0].getsockname()[1]
    servers = [first]
    if socket.has_ipv6:
        with contextlib.suppress(OSError):
            servers.append(await asyncio.start_server(connected, "::1", counted.port))
    yield counted
    for server in servers:
        server.close()
        await server.wait_closed()


async def test_no_spelling_of_an_internal_address_reaches_a_listener(listener: Listener) -> None:
    vectors = [
        f"{scheme}://{host}:{listener.port}/hook"
        for scheme in ("https", "http")
        for host in (*LOOPBACK_HOSTS, *INTERNAL_ADDRESSES)
    ]
    assert len(vectors) >= 200
    reached = []
    async with Egress(AddressPolicy(), connect_seconds=2, total_seconds=3) as egress:
        for url in vectors:
            try:
                await egress.post(url, {}, b"{}")
                reached.append(url)
            except EgressError as error:
                if error.fault not in ("blocked_address", "bad_url", "dns_failure"):
                    reached.append(f"{url} {error.fault}")
    assert reached == []
    assert listener.connections == 0


@pytest.mark.parametrize("name", REBINDING)
async def test_no_name_leads_to_an_internal_address(listener: Listener, name: str) -> None:
    async with Egress(AddressPolicy(), resolve=answers) as egress:
        for scheme in ("https", "http"):
            with pytest.raises(EgressError, match="blocked_address"):
                await egress.post(f"{scheme}://{name}:{listener.port}/", {}, b"{}")
    assert listener.connections == 0


async def test_the_same_listener_is_reached_where_the_operator_allows_it(listener: Listener) -> None:
    async with Egress(ALLOW_LOOPBACK, resolve=answers) as egress:
        for host in ("127.0.0.1", "loopback.example", "[::ffff:127.0.0.1]"):
            with pytest.raises(EgressError, match="no_answer"):
                await egress.post(f"http://{host}:{listener.port}/", {}, b"{}")
        with pytest.raises(EgressError, match="blocked_address"):
            await egress.post(f"http://private.example:{listener.port}/", {}, b"{}")
    assert listener.connections == 3


async def test_an_address_of_this_machine_is_blocked_even_if_it_is_public(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No public address can be lent to a test, so a loopback one is taken for public.
    monkeypatch.setattr("control.webhooks.addresses._is_public", lambda address: True)
    async with Egress(AddressPolicy()) as egress:
        with pytest.raises(EgressError, match="blocked_address"):
            await egress.post(f"https://127.0.0.1:{listener.port}/", {}, b"{}")
    assert listener.connections == 0


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_public_addresses_may_be_reached_by_https_only(address: str) -> None:
    AddressPolicy().check(address)
    with pytest.raises(BlockedAddress):
        AddressPolicy().check(address, internal_only=True)


@pytest.mark.parametrize("host", INTERNAL_ADDRESSES)
def test_internal_addresses_are_blocked_one_by_one(host: str) -> None:
    with pytest.raises(BlockedAddress):
        AddressPolicy().check(host.strip("[]"))


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app


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


async def test_nobody_listening_is_a_failure_to_connect(listener: Listener) -> None:
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


@asynccontextmanager
async def serving(handle: object, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A bare TCP server, for answers no HTTP server would give."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handle(reader, writer)  # type: ignore[operator]
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def self_signed(directory: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_network("127.0.0.1/32").network_address)]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    (directory / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "k.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return directory / "c.pem", directory / "k.pem"
