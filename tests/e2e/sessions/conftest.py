"""One whole gateway for all tests of sessions; each test has tenants of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.installation import Installation
from tests.support.sandbox import Sandbox

JWT_SECRET = "jq7Xc2Rv9Lw4Tz8Nb3Km6Hp1Yd5Gf0Se"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def gateway() -> AsyncIterator[Installation]:
    """The gateway, started by the README's command."""
    # The log says as much as it can, so that tests of what it must not say mean something.
    gateway = Installation(JWT_SECRET=JWT_SECRET, LOG_LEVEL="debug")
    try:
        await gateway.start()
        yield gateway
    finally:
        await gateway.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sandbox(gateway: Installation) -> AsyncIterator[Sandbox]:
    """Its sandbox."""
    sandbox = Sandbox(gateway.sandbox_port, gateway.data_dir / "sandbox" / "ca.pem")
    yield sandbox
    await sandbox.close()
