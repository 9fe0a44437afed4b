from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.customer_app import CustomerApp
from tests.support.internal_addresses import Listener, listening


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as counted:
        yield counted
