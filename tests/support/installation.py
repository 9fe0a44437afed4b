"""The whole gateway as a user starts it: `scripts/run --sandbox` with real supervisord, Redis, bridge, control."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.wait import wait_for

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """One installation in a folder and on ports of its own. Start it, speak to its API, kill parts of it."""

    def __init__(self, **environment: str) -> None:
        """environment: further settings, which win."""
        # Short, because Unix sockets live below it.
        self.data_dir = Path(tempfile.mkdtemp(prefix="wag-"))
        self.port = free_port()
        self.sandbox_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = self.data_dir / "run.out"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._http: aiohttp.ClientSession | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the scripts get to see: the machine's own environment and this installation's settings."""
        return {
            **os.environ,
            # A developer's own settings must not decide a test.
            "ENV_FILE": "/dev/null",
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "SANDBOX_PORT": str(self.sandbox_port),
            "OUTBOUND_ALLOW_CIDRS": "127.0.0.0/8",
            **self._environment,
        }

    async def start(self, arguments: Sequence[str] = ("--sandbox", "--no-pair")) -> None:
        """Run the README's command and wait until the API is ready; again, after it ended."""
        if self._process is not None:
            await asyncio.to_thread(self._process.wait, 30)
        with self.output.open("ab") as out:
            self._process = await asyncio.to_thread(
                subprocess.Popen,
                [str(ROOT / "scripts/run"), *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        await wait_for(self.is_ready, seconds=START_SECONDS, every=0.1, what=self.describe)

    async def is_ready(self) -> bool:
        """Say whether /health/ready answers 200; raise when scripts/run ended."""
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"scripts/run ended with {self._process.returncode}\n{self.describe()}")
        try:
            status, _ = await self.call("GET", "/health/ready", key=None)
        except aiohttp.ClientError:
            return False
        return status == 200

    @property
    def api_key(self) -> str:
        """The key that scripts/run generated."""
        return (self.data_dir / "secrets" / "api-key").read_text().strip()

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = "own") -> tuple[int, Any]:
        """Call the API; return the status and the parsed JSON body."""
        assert self._http is not None
        headers = {}
        if key is not None:
            headers["Authorization"] = f"Bearer {self.api_key if key == 'own' else key}"
        async with self._http.request(method, f"{self.url}{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def fetch(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """GET something that is no JSON; return status, headers and body."""
        assert self._http is not None
        headers = {"Authorization": f"Bearer {self.api_key}"}
        async with self._http.get(f"{self.url}{path}", headers=headers) as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def ctl(self, *arguments: str) -> str:
        """Run scripts/ctl and return what it printed."""
        done = await asyncio.to_thread(
            subprocess.run,
            [str(ROOT / "scripts/ctl"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout + done.stderr

    async def pid(self, program: str) -> int:
        """Return the process id of a supervised program; 0 while it does not run."""
        answer = (await self.ctl("pid", program)).strip()
        return int(answer) if answer.isdigit() else 0

    async def kill(self, program: str) -> int:
        """kill -9 a supervised program; return the id it had."""
        pid = await self.pid(program)
        assert pid > 0, f"{program} does not run"
        os.kill(pid, signal.SIGKILL)
        return pid

    def logs(self) -> str:
        """Everything the processes logged."""
        return "\n".join(
            f"== {file.name}\n{file.read_text()}" for file in sorted((self.data_dir / "logs").glob("*.log"))
        )

    def describe(self) -> str:
        """What was printed and the end of each log, for a failing test."""
        parts = [self.output.read_text()] if self.output.exists() else []
        for file in sorted((self.data_dir / "logs").glob("*.log")):
            parts.append(f"== {file.name}\n" + "\n".join(file.read_text(errors="replace").splitlines()[-25:]))
        return "\n".join(parts)

    async def run(self, script: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run one of scripts/ for this installation; return its exit status and what it printed."""
        done = await asyncio.to_thread(
            subprocess.run,
            [str(ROOT / "scripts" / script), *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def http(self) -> aiohttp.ClientSession:
        """A client for what `call` does not do."""
        assert self._http is not None
        return self._http

    @property
    def authorized(self) -> dict[str, str]:
        """The header with the key."""
        return {"Authorization": f"Bearer {self.api_key}"}

    async def stop(self) -> None:
        """End everything and remove the folder."""
        await self.halt()
        await asyncio.to_thread(shutil.rmtree, self.data_dir, True)

    async def halt(self) -> None:
        """End everything and keep the folder."""
        if self._http is not None:
            await self._http.close()
            self._http = None
        process = self._process
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                await asyncio.to_thread(process.wait, 40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                await asyncio.to_thread(process.wait, 5)
            self._process = None
