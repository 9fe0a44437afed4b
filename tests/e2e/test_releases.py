"""Releases that take each other's place (scripts/releases), with a whole running gateway.

What a release is made of is linked from this folder, but for control/; how one is built is not part of this.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
LINKED = ("bridge", "build", "node_modules", ".venv", "requirements", "scripts")
COPIED = ("package.json", "package-lock.json", "supervisord.conf")


class Server:
    """An installation as scripts/setup.sh lays it out, for the user of the tests."""

    def __init__(self, home: Path) -> None:
        """home: an empty folder with a short name."""
        self.home = home
        self.port = free_port()
        self.settings = home / "env"
        lines = {"DATA_DIR": home / "data", "HOST": "127.0.0.1", "PORT": self.port, "SANDBOX_PORT": free_port()}
        self.settings.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, name: str, *, broken: bool = False) -> None:
        """Lay down a release."""
        folder = self.home / "releases" / name
        folder.mkdir(parents=True)
        for linked in LINKED:
            (folder / linked).symlink_to(ROOT / linked)
        for copied in COPIED:
            shutil.copy(ROOT / copied, folder)
        shutil.copytree(ROOT / "control", folder / "control", ignore=shutil.ignore_patterns("__pycache__"))
        if broken:
            (folder / "control" / "__main__.py").write_text("raise SystemExit('broken')\n")
        (folder / ".env").symlink_to(self.settings)
        (folder / ".complete").touch()

    def start(self, name: str) -> None:
        """Run a release and wait until its API is ready."""
        (self.home / "current").symlink_to(f"releases/{name}")
        with (self.home / "serve.out").open("wb") as out:
            self._process = subprocess.Popen(
                [str(self.home / "current/scripts/serve"), "--sandbox"],
                env={"PATH": os.environ["PATH"], "HOME": str(self.home)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        probe = [str(ROOT / ".venv/bin/python"), str(ROOT / "scripts/pair.py"), "--probe", "--api", self.url]
        # Each asks once and waits a quarter of a second where there is no answer.
        assert any(subprocess.run(probe, check=False).returncode == 0 for _ in range(100)), self.describe()

    @property
    def url(self) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.port}"

    def rollback(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run scripts/rollback to a release."""
        return subprocess.run(
            [str(ROOT / "scripts/rollback"), name],
            env={
                "PATH": os.environ["PATH"],
                "GATEWAY_HOME": str(self.home),
                "GATEWAY_CACHE": str(self.home),
                "GATEWAY_SETTINGS": str(self.settings),
                "GATEWAY_USER": subprocess.run(
                    ["id", "-un"], capture_output=True, text=True, check=True
                ).stdout.strip(),
                "GATEWAY_HEALTH_SECONDS": "30",
                "GATEWAY_STEADY_SECONDS": "1",
            },
            capture_output=True,
            text=True,
            timeout=55,
            check=False,
        )

    def pid(self, program: str) -> int:
        """The process id of a supervised program."""
        ctl = [str(self.home / "current/scripts/ctl"), "pid", program]
        done = subprocess.run(ctl, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True)
        return int(done.stdout)

    def is_ready(self) -> bool:
        """Whether the API can be used."""
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return False

    def runs(self) -> str:
        """The name of the release that control runs from."""
        return Path(os.readlink(f"/proc/{self.pid('control')}/cwd")).name

    def describe(self) -> str:
        """What was printed, for a failing test."""
        return (self.home / "serve.out").read_text()

    def stop(self) -> None:
        """End everything."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(40)


@pytest.fixture
def server() -> Iterator[Server]:
    home = Path(tempfile.mkdtemp(prefix="wag-"))
    server = Server(home)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.timeout(120)
def test_a_release_takes_over_without_the_bridge_noticing_and_a_broken_one_is_taken_back(server: Server) -> None:
    for name in ("old", "new"):
        server.add(name)
    server.add("broken", broken=True)
    server.start("old")
    bridge = server.pid("bridge")

    forward = server.rollback("new")

    assert forward.returncode == 0, forward.stdout + forward.stderr
    assert "WhatsApp connections stay" in forward.stdout
    assert (server.runs(), server.pid("bridge"), server.is_ready()) == ("new", bridge, True)
    assert (server.home / "previous").readlink() == Path("releases/old")

    failed = server.rollback("broken")

    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "Went back to new, which runs and is healthy." in failed.stderr
    assert (server.runs(), server.pid("bridge"), server.is_ready()) == ("new", bridge, True)
