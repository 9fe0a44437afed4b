"""A real Redis for the rooms that use one: shared by tests that keep apart by a random prefix, or a test's own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from control.storage.keys import Keys
from control.storage.redis import connect_redis
from tests.support.redis_server import RedisServer


@pytest.fixture
def shared_server(redis_server: RedisServer) -> RedisServer:
    return redis_server


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


@pytest.fixture
async def own_redis(own_server: RedisServer) -> AsyncIterator[Redis]:
    client = connect_redis(own_server.url)
    yield client
    await client.aclose()


@pytest.fixture
def keys() -> Keys:
    return Keys(f"t{secrets.token_hex(6)}")
