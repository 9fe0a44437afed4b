"""The file .env, as scripts/environment reads it for every program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "settings"


def value_of(name: str, settings_file: Path, **environment: str) -> str:
    """What a program would find in its environment under a name; empty where it is not set."""
    done = subprocess.run(
        [
            "bash",
            "-euc",
            f'source "$1"; load_dotenv; printf %s "${{{name}-}}"',
            "bash",
            str(ROOT / "scripts/environment"),
        ],
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(settings_file), **environment},
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("PORT=4000", "4000"),
        ("export PORT=4000\r", "4000"),
        ("PORT=4000   # where it listens", "4000"),
        ('PORT="4 # 0"', "4 # 0"),
        ("PORT='4$HOME0'", "4$HOME0"),
        ("# PORT=4000", ""),
        ("PORT=$(id)", "$(id)"),
    ],
)
def test_a_line_is_taken_as_it_stands(settings_file: Path, line: str, value: str) -> None:
    settings_file.write_bytes(f"{line}\n".encode())

    assert value_of("PORT", settings_file) == value


def test_the_environment_wins(settings_file: Path) -> None:
    settings_file.write_text("PORT=4000\n")

    assert value_of("PORT", settings_file, PORT="5000") == "5000"


@pytest.mark.parametrize("name", ["SANDBOX_URL", "SANDBOX_CA_FILE", "SANDBOX_ROOT_KEY_FILE"])
def test_a_file_cannot_make_the_bridge_trust_a_sandbox(settings_file: Path, name: str) -> None:
    settings_file.write_text(f"{name}=wss://127.0.0.1:1/ws\n")

    assert value_of(name, settings_file) == ""


def test_supervisord_does_not_keep_what_the_file_said_at_its_start(settings_file: Path, tmp_path: Path) -> None:
    settings_file.write_text("API_KEY=of-the-file-0123456789\nDATA_DIR=/srv/of-the-file\n")
    root = tmp_path / "root"
    (root / "scripts").mkdir(parents=True)
    (root / "scripts" / "environment").symlink_to(ROOT / "scripts" / "environment")
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nenv\n")
    python.chmod(0o755)

    done = subprocess.run(
        [
            "bash",
            "-euc",
            'source "$1"; load_dotenv; become_supervisord',
            "bash",
            str(root / "scripts/environment"),
        ],
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(settings_file)},
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )

    assert "API_KEY" not in done.stdout
    assert "DATA_DIR=/srv/of-the-file" in done.stdout
