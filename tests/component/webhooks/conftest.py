from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from control.storage.keys import Keys
from tests.component.webhooks.gateway import Gateway, settings_for
from tests.support.customer_app import CustomerApp


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app


@pytest.fixture
async def gateway(redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp) -> AsyncIterator[Gateway]:
    gateway = Gateway(redis, keys, settings_for(tmp_path, webhook_url=f"{app.url}/default"))
    yield gateway
    await gateway.close()
