"""One gateway and one browser for all tests of pages; each test has a window and tenants of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.support.browser import running_browser
from tests.support.installation import Installation
from tests.support.sandbox import Sandbox


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real headless Chromium."""
    async with running_browser() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def gateway(browser: Browser) -> AsyncIterator[Installation]:
    """The gateway, started by the README's command; not where there is no browser to look at it."""
    gateway = Installation(SEND_PROFILE="unpaced")
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
