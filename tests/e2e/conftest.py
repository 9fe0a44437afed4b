"""One whole gateway for the tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.customer_app import CustomerApp
from tests.support.gateway import Gateway
from tests.support.sandbox import Sandbox


@pytest.fixture
async def customer() -> AsyncIterator[CustomerApp]:
    """A customer's app: a real HTTP server that records the webhooks it gets."""
    app = CustomerApp()
    await app.start()
    yield app
    await app.stop()


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    """A gateway of its own for one test, started by the README's command."""
    gateway = Gateway()
    try:
        await gateway.start()
        yield gateway
    finally:
        await gateway.stop()


@pytest.fixture
async def sandbox(gateway: Gateway) -> AsyncIterator[Sandbox]:
    """The sandbox of that gateway."""
    sandbox = Sandbox(gateway.sandbox_port, gateway.data_dir / "sandbox" / "ca.pem")
    yield sandbox
    await sandbox.close()
