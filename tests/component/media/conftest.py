"""The room with everything real: a spool on the disk, worker processes, a way out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from control.egress.addresses import AddressPolicy
from control.media.intake import MediaIntake
from control.media.room import media_room
from tests.support.customer_app import CustomerApp
from tests.support.gateway import settings_for


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
async def intake(tmp_path: Path) -> AsyncIterator[MediaIntake]:
    settings = settings_for(tmp_path, outbound_allow_cidrs="127.0.0.0/8")
    async with media_room(settings, AddressPolicy(settings.outbound_allow_cidrs)) as room:
        yield room


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app
