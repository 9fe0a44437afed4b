from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.component.webhooks.gateway import Gateway, settings_for
from tests.support.customer_app import CustomerApp
from tests.support.redis_server import RedisServer


@pytest.fixture(scope="session")
def shared_server() -> Iterator[RedisServer]:
    with RedisServer.started() as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[RedisServer]:
    """For tests that stop, kill or wipe it."""
    with RedisServer.started() as server:
        yield server


@pytest.fixture
async def redis(shared_server: RedisServer) -> AsyncIterator[Redis]:
    client = connect_redis(shared_server.url)
    yield client
    await client.aclose()
    await client.connection_pool.disconnect()


@pytest.fixture
def keys() -> Keys:
    return Keys(f"t{secrets.token_hex(6)}")


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app


@pytest.fixture
async def gateway(redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp) -> AsyncIterator[Gateway]:
    gateway = Gateway(redis, keys, settings_for(tmp_path, webhook_url=f"{app.url}/default"))
    yield gateway
    await gateway.close()
