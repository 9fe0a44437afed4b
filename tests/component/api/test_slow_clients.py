"""Callers who are slow, or hold connections and say nothing: they are cut off and keep nobody else out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from control.api import body, server
from tests.support.gateway import KEY, Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, outgoing
from tests.support.wait import wait_for

START = Callable[..., Awaitable[Gateway]]
MANY = 200
MESSAGE = {"to": "+5511987654321", "message": "hello"}
HEAD = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"
BODY = (
    b"POST /api/v1/sessions/acme/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Authorization: Bearer " + KEY.encode() + b"\r\nContent-Length: 5000\r\n\r\n{"
)


@pytest.fixture
async def start(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[START]:
    """Starts a gateway."""
    async with AsyncExitStack() as running:

        async def begin(**settings: Any) -> Gateway:
            values = {"redis_url": redis_server.url, "redis_prefix": key_prefix, **settings}
            return await running.enter_async_context(running_gateway(settings_for(socket_dir, **values)))

        yield begin


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits in time a tenth of the real ones and less."""
    monkeypatch.setattr(server, "KEEPALIVE_SECONDS", 3.0)
    monkeypatch.setattr(server, "HEAD_SECONDS", 1.5)
    monkeypatch.setattr(server, "STALL_SECONDS", 1.0)
    monkeypatch.setattr(body, "READ_SECONDS", 1.5)


async def connect(gateway: Gateway) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = gateway.url.removeprefix("http://").partition(":")
    return await asyncio.open_connection(host, int(port))


async def drip(gateway: Gateway, begin: bytes, byte: bytes) -> bytes:
    """Send a beginning and then a byte now and then; return what came back until the connection was cut."""
    reader, writer = await connect(gateway)
    writer.write(begin)

    async def more() -> None:
        while True:
            await asyncio.sleep(0.3)
            writer.write(byte)

    dripping = asyncio.create_task(more())
    told = b""
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            told += data
    dripping.cancel()
    writer.close()
    return told


@pytest.mark.usefixtures("hurried")
async def test_hundreds_who_drip_heads_and_bodies_are_all_cut_while_others_are_served(
    start: START, bridge: ScriptedBridge
) -> None:
    gateway = await start()
    bridge.scripts["message.send"] = outgoing
    waiting = await connect(gateway)
    began = time.monotonic()
    slow = [
        asyncio.ensure_future(drip(gateway, head, byte))
        for head, byte in [(HEAD + b"X-A: ", b"b"), (BODY, b" "), (b"G", b"E"), (b"", b"")] * (MANY // 4)
    ]

    served = 0
    while not all(one.done() for one in slow):
        answer = await gateway.post("/api/v1/messages/acme/send", json=MESSAGE)
        assert answer.status in (200, 202), answer.body
        served += 1
        assert time.monotonic() - began < 45

    told = [one.result() for one in slow]
    assert served > 2
    # One whose last byte crosses the end of the connection may be told nothing.
    for kind in (told[0::4], told[1::4]):
        said = [text for text in kind if text]
        assert said
        for text in said:
            assert text.startswith(b"HTTP/1.1 408 ")
            assert b"application/problem+json" in text
            assert b"request_timeout" in text
    assert set(told[3::4]) == {b""}
    assert await asyncio.wait_for(waiting[0].read(), 20) == b""
    waiting[1].close()


@pytest.mark.usefixtures("hurried")
async def test_who_does_not_take_an_answer_is_cut(start: START, bridge: ScriptedBridge) -> None:
    gateway = await start()
    _, writer = await connect(gateway)
    # Nothing is read: answers fill the caller's buffers, then the gateway's.
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    request = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" + b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"

    async def ask() -> None:
        while True:
            writer.write(request * 50)
            await writer.drain()

    with pytest.raises((ConnectionError, TimeoutError)):
        await asyncio.wait_for(ask(), 40)
    assert writer.transport.is_closing()
    assert (await gateway.get("/health/live")).status == 200


async def test_when_all_places_are_taken_the_one_that_waits_longest_makes_room(start: START) -> None:
    gateway = await start(max_connections=16)
    idle = [await connect(gateway) for _ in range(16)]
    assert (await gateway.get("/health/live")).status == 200

    assert await asyncio.wait_for(_end_of(idle[0]), 20)
    assert not idle[-1][0].at_eof()
    for _, writer in idle:
        writer.close()


async def _end_of(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> bool:
    try:
        return await connection[0].read() == b""
    except ConnectionError:
        return True


async def test_when_all_places_are_served_a_new_one_is_turned_away_with_a_problem_document(
    start: START, bridge: ScriptedBridge
) -> None:
    gateway = await start(max_connections=16)
    held = asyncio.Event()

    async def later(params: dict[str, Any]) -> Any:
        await held.wait()
        return outgoing(params)

    bridge.scripts["message.send"] = later
    busy = [asyncio.ensure_future(gateway.post("/api/v1/messages/acme/send", json=MESSAGE)) for _ in range(16)]
    await wait_for(lambda: len(bridge.called("message.send")) == 16)

    reader, writer = await connect(gateway)
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"too_many_connections" in answer
    assert b"X-Content-Type-Options: nosniff" in answer
    assert b"Retry-After: 5" in answer
    held.set()
    assert {(await one).status for one in busy} <= {200, 202}
    async with aiohttp.ClientSession() as http, http.get(f"{gateway.url}/health/live") as again:
        assert again.status == 200
