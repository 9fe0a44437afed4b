"""A tenant that is deleted is gone, and a proxy's password is nowhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.support.connect_proxy import PASSWORD, USER, ConnectProxy
from tests.support.installation import Installation, free_port
from tests.support.sandbox import Sandbox
from tests.support.tenants import CONTACT, link, send, session, stream_of, until_connected
from tests.support.wait import wait_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_deleting_leaves_nothing_on_the_disk(gateway: Installation, sandbox: Sandbox) -> None:
    tenant, text = "delete-me-completely-7", "a text nobody may find again 271828"
    number = await link(gateway, sandbox, tenant)
    await send(gateway, tenant, text)
    await sandbox.say(CONTACT, number, text)
    await wait_for(lambda: _received(gateway, tenant), seconds=20, every=0.1, what=gateway.describe)
    # It is all there before; else finding nothing would prove nothing.
    assert [word for word in (tenant, number[1:]) if not holding(gateway.data_dir, word)] == []

    async with stream_of(gateway, tenant) as stream:
        await wait_for(lambda: stream.events)
        status, deleted = await session(gateway, "DELETE", tenant)
        assert (status, deleted["deleted"]) == (200, True)
        await wait_for(lambda: stream.ended)

    for word in (tenant, number[1:], text):
        await wait_for(
            lambda word=word: not holding(gateway.data_dir, word),  # type: ignore[misc]
            seconds=10,
            every=0.2,
            what=lambda word=word: f"{word} is in {holding(gateway.data_dir, word)}",  # type: ignore[misc]
        )
    status, gone = await session(gateway, "GET", f"{tenant}/status")
    assert (status, gone["code"]) == (404, "session_not_found")
    # WhatsApp was told: the phone has no linked device any more.
    assert await sandbox.ledger(tag="iq", number=number)
    status, again = await session(gateway, "DELETE", tenant)
    assert (status, again["deleted"]) == (200, False)
    status, anew = await session(gateway, "POST", f"{tenant}/start")
    assert (status, anew["status"]) == (200, "qr")


async def _received(gateway: Installation, tenant: str) -> bool:
    _, answer = await session(gateway, "GET", f"{tenant}/status")
    return answer["lastActivity"] is not None


def holding(data_dir: Path, word: str) -> list[str]:
    """The gateway's files with the word in them. The sandbox is WhatsApp's side and remembers what it wants."""
    return [
        str(path.relative_to(data_dir))
        for path in data_dir.rglob("*")
        if path.is_file()
        and "sandbox" not in str(path.relative_to(data_dir))
        and word.encode() in path.read_bytes()
    ]


async def test_a_proxy_is_tried_when_it_is_set_and_used_from_then_on(
    gateway: Installation, sandbox: Sandbox
) -> None:
    await link(gateway, sandbox, "proxied")
    async with ConnectProxy() as proxy:
        # Nobody listens there; wrong credentials; neither changes anything.
        for url in (f"http://127.0.0.1:{free_port()}", f"http://{USER}:wrong-{PASSWORD}@127.0.0.1:{proxy.port}"):
            status, refused = await session(gateway, "PUT", "proxied/proxy", {"proxyUrl": url})
            assert (status, refused["code"]) == (422, "proxy_unreachable")
            assert PASSWORD not in str(refused)
        _, unchanged = await session(gateway, "GET", "proxied/status")
        assert (unchanged["connected"], unchanged["hasProxy"]) == (True, False)

        for _ in range(2):
            status, put = await session(gateway, "PUT", "proxied/proxy", {"proxyUrl": proxy.url})
            assert (status, put["hasProxy"]) == (200, True), put
        tunnels = len(proxy.tunnels)
        status, restarted = await session(gateway, "POST", "proxied/restart")
        assert (status, restarted["connected"]) == (200, True)
        assert len(proxy.tunnels) > tunnels
        assert set(proxy.tunnels) == {f"127.0.0.1:{gateway.sandbox_port}"}
        await send(gateway, "proxied", "through the proxy")

        tunnels = len(proxy.tunnels)
        for _ in range(2):
            status, removed = await session(gateway, "DELETE", "proxied/proxy")
            assert (status, removed["hasProxy"]) == (200, False)
        await until_connected(gateway, "proxied")
        assert len(proxy.tunnels) == tunnels
        await send(gateway, "proxied", "directly again")
    everything = await asyncio.to_thread(gateway.logs)
    for secret in (PASSWORD, USER):
        assert secret not in everything
        assert not holding(gateway.data_dir, secret)
