"""The webhook worker against a real Redis and a real customer's app."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from standardwebhooks import Webhook

from control.storage.keys import Keys
from tests.component.webhooks.gateway import SECRET, Gateway, running, settings_for
from tests.support.customer_app import CustomerApp
from tests.support.wait import wait_for


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app


@pytest.fixture
async def gateway(redis: Redis, keys: Keys, tmp_path: Path, app: CustomerApp) -> AsyncIterator[Gateway]:
    gateway = Gateway(redis, keys, settings_for(tmp_path, webhook_url=f"{app.url}/default"))
    yield gateway
    await gateway.close()


async def test_a_message_reaches_the_default_endpoint_signed_in_both_forms(
    gateway: Gateway, app: CustomerApp
) -> None:
    event_id = gateway.bridge.say("t1", "Olá 👋")
    async with running(gateway.ingest.run, gateway.worker.run):
        await wait_for(lambda: app.received)
    got = app.received[0]
    assert got.path == "/default"
    assert got.event["event"] == got.event["type"] == "message"
    assert got.event["tenantId"] == "t1"
    assert got.event["data"]["message"] == "Olá 👋"
    assert got.headers["webhook-id"] == got.event["id"] == event_id
    assert got.headers["Content-Type"] == "application/json"
    digest = hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-Webhook-Signature"] == f"sha256={digest}"
    Webhook(SECRET).verify(got.body, {k.lower(): v for k, v in got.headers.items()})
