"""One whole gateway for the tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.customer_app import CustomerApp
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox


@pytest.fixture
async def customer() -> AsyncIterator[CustomerApp]:
    """A customer's app: a real HTTP server that records the webhooks it gets."""
    async with CustomerApp() as app:
        yield app


@pytest.fixture
async def gateway() -> AsyncIterator[Installation]:
    """A gateway of its own for one test, started by the README's command."""
    gateway = Installation()
    try:
        await gateway.start()
        yield gateway
    finally:
        await gateway.stop()


@pytest.fixture
async def sandbox(gateway: Installation) -> AsyncIterator[Sandbox]:
    """The sandbox of that gateway."""
    sandbox = Sandbox(gateway.sandbox_port, gateway.data_dir / "sandbox" / "ca.pem")
    yield sandbox
    await sandbox.close()
