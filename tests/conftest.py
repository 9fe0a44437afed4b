"""What holds for every test: the event loop is never blocked, and nothing is left of the environment outside."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

from tests.support.redis_server import RedisServer, short_temporary_directory
from tests.support.scripted_bridge import ScriptedBridge


@pytest.fixture(autouse=True)
def _no_blocking_calls() -> Iterator[None]:
    """A blocking call made by control/ while its event loop runs is an error."""
    with blockbuster_ctx("control"):
        yield


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests read neither the developer's environment nor a .env file."""
    for name in (
        *(
            "API_KEY",
            "JWT_SECRET",
            "JWT_SECRET_PREVIOUS",
            "REDIS_URL",
            "DATA_DIR",
            "RUN_DIR",
            "PORT",
            "HOST",
            "BRIDGE_SOCKET",
        ),
        *("WEBHOOK_URL", "WEBHOOK_SECRET", "LOCAI_WEBHOOK_URL", "LOCAI_WEBHOOK_SECRET", "NODE_ENV", "BASE_URL"),
        *("TRUSTED_PROXIES", "MAX_CONNECTIONS", "MAX_CONNECTIONS_PER_IP"),
        *("RATE_LIMIT_IP", "RATE_LIMIT_FAILED_AUTH", "RATE_LIMIT_OPERATOR", "RATE_LIMIT_KEY", "RATE_LIMIT_TENANT"),
        *("FFMPEG_PATH", "OUTBOUND_ALLOW_CIDRS", "SANDBOX_URL", "SANDBOX_CA_FILE"),
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A real server, one for the whole run; tests keep apart by a random key prefix."""
    with RedisServer.started() as server:
        yield server


@pytest.fixture
def socket_dir() -> Iterator[Path]:
    """A folder whose path is short enough for Unix sockets."""
    with short_temporary_directory() as directory:
        yield directory


@pytest.fixture
async def bridge(socket_dir: Path) -> AsyncIterator[ScriptedBridge]:
    """A bridge that says what the test tells it to."""
    scripted = ScriptedBridge(socket_dir / "bridge.sock")
    await scripted.start()
    yield scripted
    await scripted.stop()


@pytest.fixture
def key_prefix() -> str:
    """A Redis key prefix of this test alone."""
    return f"t{os.urandom(6).hex()}"
