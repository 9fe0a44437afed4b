"""A gateway whose bridge says that it is connected to a sandbox, or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge, hello
from tests.support.wait import wait_for

Running = Callable[..., AbstractAsyncContextManager[Gateway]]


@pytest.fixture
def running(
    bridge: ScriptedBridge,
    socket_dir: Path,
    redis_server: RedisServer,
    key_prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Running:
    """Start a gateway: running(url=…, in_sandbox=…)."""

    @asynccontextmanager
    async def run(*, url: str | None, in_sandbox: bool) -> AsyncIterator[Gateway]:
        if url is not None:
            monkeypatch.setenv("SANDBOX_URL", url)
        bridge.answers("system.hello", hello(sandbox=in_sandbox))
        settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)
        async with running_gateway(settings) as gateway:

            async def linked() -> bool:
                return (await gateway.get("/health/ready")).status == 200

            await wait_for(linked, seconds=5, what="the link to the bridge")
            yield gateway

    return run
