"""What makes the bridge another one, so that an update has to restart it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The least that a release is made of."""
    write(tmp_path / "build/bridge/src/main.js", "1")
    write(tmp_path / "build/bridge/src/store/migrations.js", "exports.MIGRATIONS = [1, 2];")
    write(tmp_path / "build/tests/x.js", "1")
    write(tmp_path / "bridge/contract/openrpc.json", "{}")
    write(tmp_path / "scripts/start", "exec node")
    write(tmp_path / "control/app.py", "1")
    packages = {"": {}, "node_modules/a": {"version": "1"}, "node_modules/b": {"version": "1", "dev": True}}
    write(tmp_path / "package-lock.json", json.dumps({"packages": packages}))
    return tmp_path


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def ask(release: Path, *options: str) -> str:
    command = [sys.executable, str(ROOT / "scripts/bridge_fingerprint.py"), *options, str(release)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def locked(name: str) -> Callable[[Path], None]:
    """A newer version of a package."""

    def change(release: Path) -> None:
        lock = json.loads((release / "package-lock.json").read_text())
        lock["packages"][name]["version"] = "2"
        write(release / "package-lock.json", json.dumps(lock))

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda release: write(release / "build/bridge/src/main.js", "2"),
        lambda release: write(release / "build/bridge/src/new.js", "1"),
        lambda release: write(release / "bridge/contract/openrpc.json", "{1}"),
        lambda release: write(release / "scripts/start", "exec node --other"),
        locked("node_modules/a"),
    ],
    ids=["code", "another file", "contract", "how it is started", "a package"],
)
def test_this_makes_it_another_bridge(release: Path, change: Callable[[Path], None]) -> None:
    before = ask(release)
    change(release)

    assert ask(release) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda release: write(release / "control/app.py", "2"),
        lambda release: write(release / "build/tests/x.js", "2"),
        locked("node_modules/b"),
    ],
    ids=["control", "tests", "a package of development"],
)
def test_this_does_not(release: Path, change: Callable[[Path], None]) -> None:
    before = ask(release)
    change(release)

    assert ask(release) == before


def test_the_shape_of_the_store_is_the_number_of_its_steps(release: Path) -> None:
    assert ask(release, "--schema") == "2"
