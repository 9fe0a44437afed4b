"""The control plane as a process: it starts, says why when it cannot, and stops in time."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.support.gateway import KEY
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, hello, session
from tests.support.wait import wait_for

ROOT = Path(__file__).resolve().parents[3]


class Control:
    """A process of the control plane and what it wrote."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.output = ""

    @property
    def port(self) -> int | None:
        found = re.search(r'"msg":"listening".*"port":(\d+)', self.output)
        return int(found[1]) if found else None

    async def read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.output += line.decode()


@asynccontextmanager
async def control(directory: Path, **environment: str) -> AsyncIterator[Control]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "control"),
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DATA_DIR": str(directory), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Control(process)
    reading = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


OK = {"API_KEY": KEY, "PORT": "0", "HOST": "127.0.0.1"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_it_serves_until_it_is_told_to_stop_and_exits_with_0(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, number: signal.Signals
) -> None:
    environment = {**OK, "RUN_DIR": str(socket_dir), "REDIS_URL": redis_server.url}
    async with control(socket_dir, **environment) as running, aiohttp.ClientSession() as http:
        await wait_for(lambda: running.port, seconds=15)

        async def ready() -> bool:
            async with http.get(f"http://127.0.0.1:{running.port}/health/ready") as answer:
                return answer.status == 200

        await wait_for(ready)
        began = time.monotonic()
        running.process.send_signal(number)

        assert await asyncio.wait_for(running.process.wait(), 10) == 0
        assert time.monotonic() - began < 2
    assert '"level":"error"' not in running.output


async def test_a_request_that_waits_for_a_scan_does_not_keep_it_from_stopping(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer
) -> None:
    waiting = asyncio.Event()

    async def wait(params: object) -> dict[str, object]:
        waiting.set()
        await asyncio.Event().wait()
        return session("acme")

    bridge.scripts["session.start"] = wait
    environment = {**OK, "RUN_DIR": str(socket_dir), "REDIS_URL": redis_server.url}
    async with control(socket_dir, **environment) as running, aiohttp.ClientSession() as http:
        await wait_for(lambda: running.port, seconds=15)
        url = f"http://127.0.0.1:{running.port}/api/v1/sessions/acme/start"
        request = asyncio.create_task(http.post(url, headers={"X-API-Key": KEY}))
        await asyncio.wait_for(waiting.wait(), 5)

        running.process.terminate()

        assert await asyncio.wait_for(running.process.wait(), 10) == 0
        with pytest.raises(aiohttp.ClientError):
            await request


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "there is no API key"),
        ({"API_KEY": "short"}, "API_KEY is too weak"),
        ({**OK, "PORT": "many"}, "PORT"),
        ({**OK, "WEBHOOK_URL": "https://example.com"}, "WEBHOOK_SECRET"),
        ({**OK, "RUN_DIR": "/" + "x" * 120}, "RUN_DIR"),
    ],
    ids=str,
)
async def test_a_configuration_that_cannot_be_right_is_one_sentence_and_exit_2(
    socket_dir: Path, environment: dict[str, str], says: str
) -> None:
    async with control(socket_dir, **environment) as running:
        assert await asyncio.wait_for(running.process.wait(), 15) == 2

    (line,) = running.output.splitlines()
    assert says in line


async def test_a_port_that_is_taken_is_one_sentence_and_exit_1(socket_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with control(socket_dir, **{**OK, "PORT": str(taken.getsockname()[1])}) as running:
            assert await asyncio.wait_for(running.process.wait(), 15) == 1

    assert "Not starting:" in running.output.splitlines()[-1]
    assert "Traceback" not in running.output


async def test_a_bridge_of_another_version_is_refused_with_both_hashes_and_exit_1(
    bridge: ScriptedBridge, socket_dir: Path
) -> None:
    bridge.answers("system.hello", hello(contractHash="0" * 64))
    async with control(socket_dir, **OK, RUN_DIR=str(socket_dir)) as running:
        assert await asyncio.wait_for(running.process.wait(), 15) == 1

    assert "0" * 64 in running.output.splitlines()[-1]
    assert "Traceback" not in running.output
