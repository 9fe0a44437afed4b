"""The room with everything real: a spool on the disk, worker processes, a way out, ffmpeg."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from control.egress.addresses import AddressPolicy
from control.media.intake import MediaIntake
from control.media.room import media_room
from control.settings import Settings
from tests.support.customer_app import CustomerApp
from tests.support.ffmpeg import FFMPEG
from tests.support.gateway import settings_for


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """With ffmpeg."""
    return settings_for(tmp_path, outbound_allow_cidrs="127.0.0.0/8", ffmpeg_path=FFMPEG)


def room(settings: Settings, **changes: Any) -> AbstractAsyncContextManager[MediaIntake]:
    changed = settings.model_copy(update=changes)
    return media_room(changed, AddressPolicy(changed.outbound_allow_cidrs))


@pytest.fixture
def opening(settings: Settings) -> Callable[..., AbstractAsyncContextManager[MediaIntake]]:
    """Opens a room with settings of the test's own."""
    return partial(room, settings)


@pytest.fixture
async def intake(settings: Settings) -> AsyncIterator[MediaIntake]:
    async with room(settings) as intake:
        yield intake


@pytest.fixture
async def bare_intake(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[MediaIntake]:
    """Without ffmpeg, wherever the test runs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    async with room(settings, ffmpeg_path=None) as intake:
        yield intake


@pytest.fixture
async def app() -> AsyncIterator[CustomerApp]:
    async with CustomerApp() as app:
        yield app
