from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.customer_app import CustomerApp


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app
