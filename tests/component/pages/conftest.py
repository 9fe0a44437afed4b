"""A running gateway for the tests of how pages are served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge


@pytest.fixture
async def gateway(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Gateway]:
    """The control plane, to which nobody shows a key."""
    settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix)
    async with running_gateway(settings, key=None) as running:
        yield running
