"""What a mediaUrl never reaches: internal addresses, however they are spelled, named or redirected to."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp.abc import ResolveResult

from control.egress.addresses import AddressPolicy
from control.errors import GatewayError
from tests.component.media.fetching import MB, fetcher, names
from tests.support.bare_server import self_signed, serving
from tests.support.customer_app import Behaviour, CustomerApp
from tests.support.internal_addresses import (
    INTERNAL_ADDRESSES,
    LOOPBACK_HOSTS,
    REBINDING,
    Listener,
    internal_answers,
    listening,
)

# The customer's own app stands at this address; everything else of the machine is internal.
APP_ONLY = AddressPolicy([ip_network("127.0.0.1/32")])


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as counted:
        yield counted


async def test_no_spelling_of_an_internal_address_reaches_a_listener(listener: Listener, tmp_path: Path) -> None:
    reached = []
    async with fetcher(tmp_path, AddressPolicy(), connect_seconds=2) as fetch:
        for scheme in ("https", "http"):
            for host in (*LOOPBACK_HOSTS, *INTERNAL_ADDRESSES):
                url = f"{scheme}://{host}:{listener.port}/a.jpg"
                try:
                    await fetch.fetch(url, MB)
                    reached.append(url)
                except GatewayError as error:
                    reason = error.extra.get("reason")
                    if error.code != "media_url_refused" and reason not in ("blocked_address", "dns_failure"):
                        reached.append(f"{url} {error.code} {reason}")
    assert reached == []
    assert listener.connections == 0
    assert names(tmp_path / "spool") == []


@pytest.mark.parametrize("name", REBINDING)
async def test_no_name_leads_to_an_internal_address(listener: Listener, name: str, tmp_path: Path) -> None:
    async with fetcher(tmp_path, AddressPolicy(), resolve=internal_answers) as fetch:
        with pytest.raises(GatewayError, match="media_fetch_failed") as failed:
            await fetch.fetch(f"https://{name}:{listener.port}/", MB)
        assert failed.value.extra == {"reason": "blocked_address"}
        with pytest.raises(GatewayError, match="media_url_refused"):
            await fetch.fetch(f"http://{name}:{listener.port}/", MB)
    assert listener.connections == 0


async def test_a_name_that_moves_inside_between_two_hops_is_not_followed(
    listener: Listener, app: CustomerApp, tmp_path: Path
) -> None:
    asked = 0

    def rebinding(host: str, port: int, family: int) -> list[ResolveResult]:
        nonlocal asked
        asked += 1
        address = "127.0.0.1" if asked == 1 else "127.0.0.2"
        return [ResolveResult(hostname=host, host=address, port=port, family=2, proto=0, flags=0)]

    certificate, key = self_signed(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(certificate))
    client.check_hostname = False

    async def redirect(reader: object, writer: object) -> None:
        await reader.readuntil(b"\r\n\r\n")  # type: ignore[attr-defined]
        target = f"https://rebinding.example:{listener.port}/"
        head = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())  # type: ignore[attr-defined]

    async with (
        serving(redirect, tls=server) as port,
        fetcher(tmp_path, APP_ONLY, resolve=rebinding, tls=client) as fetch,
    ):
        with pytest.raises(GatewayError) as failed:
            await fetch.fetch(f"https://rebinding.example:{port}/", MB)
    assert failed.value.extra == {"reason": "blocked_address"}
    assert asked == 2
    assert listener.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_leads_to_an_internal_address(
    listener: Listener, app: CustomerApp, tmp_path: Path, status: int
) -> None:
    inside = [
        *(f"http://127.0.0.2:{listener.port}/", f"https://127.0.0.2:{listener.port}/", "http://10.0.0.1/"),
        *("http://169.254.169.254/latest/meta-data", f"//127.0.0.3:{listener.port}/x"),
        *(
            f"http://0x7f000002:{listener.port}/",
            f"http://[::1]:{listener.port}/",
            f"http://2130706434:{listener.port}",
        ),
        *(
            f"http://localhost:{listener.port}@127.0.0.2:{listener.port}/",
            "file:///etc/passwd",
            "ftp://127.0.0.2/",
        ),
        *(
            "gopher://127.0.0.2:1/_",
            "data:image/png;base64,AAAA",
            f"http://①②⑦.0.0.2:{listener.port}/",
        ),
    ]
    async with fetcher(tmp_path, APP_ONLY) as fetch:
        for number, target in enumerate(inside):
            app.set(f"/{number}", Behaviour(status=status, headers={"Location": target}))
            with pytest.raises(GatewayError) as failed:
                await fetch.fetch(f"{app.url}/{number}", MB)
            assert failed.value.code == "media_fetch_failed", target
            assert failed.value.extra["reason"] in ("blocked_address", "bad_redirect"), target
    assert listener.connections == 0
    assert names(tmp_path / "spool") == []


async def test_what_an_internal_server_says_is_never_told(app: CustomerApp, tmp_path: Path) -> None:
    app.set("/", Behaviour(status=500, body=b"the-secret-of-the-server"))
    async with fetcher(tmp_path, APP_ONLY) as fetch:
        with pytest.raises(GatewayError) as failed:
            await fetch.fetch(f"{app.url}/", MB)
    assert failed.value.extra == {"reason": "http_500"}
    assert "secret" not in failed.value.detail


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "picture.jpg",
            "/etc/passwd",
            "file:///etc/passwd",
            "ftp://example.com/a",
            "data:image/png;base64,AAAA",
        ),
        *("https://user:pass@example.com/a", "https://user@example.com/", "https://example.com:22/", "https:///a"),
        *("https://example.com:0/", "https://exa mple.com/", "https://example.com\\@10.0.0.1/", "https://a\nb/"),
        *(
            "javascript:alert(1)",
            "https://example.com:99999/",
            "https://[::1",
            f"https://example.com/{'a' * 2048}",
        ),
        *("http://example.com/a.jpg", "HTTP://EXAMPLE.COM/"),
    ],
)
async def test_what_is_no_url_to_fetch_from_is_refused(url: str, tmp_path: Path) -> None:
    async with fetcher(tmp_path, AddressPolicy()) as fetch:
        with pytest.raises(GatewayError, match="media_url_refused"):
            await fetch.fetch(url, MB)
