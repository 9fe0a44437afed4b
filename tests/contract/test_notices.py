"""The notice of other people's packages is whole and fresh."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTICES = (ROOT / "THIRD_PARTY_NOTICES.txt").read_text()


def test_the_notice_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/notices", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, f"run scripts/notices\n{done.stdout}"


def test_every_locked_package_is_named_in_its_version() -> None:
    named = {tuple(line.split()[:3]) for line in NOTICES.splitlines() if line.startswith(("npm ", "PyPI "))}
    npm = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    python = [line for lock in (ROOT / "requirements").glob("*.lock") for line in lock.read_text().splitlines()]
    pins = [found for line in python if (found := re.match(r"([^\s=]+)==([^\s;\\]+)", line))]

    missing = {
        ("npm", path.rpartition("node_modules/")[2], entry["version"]) for path, entry in npm.items() if path
    }
    missing |= {("PyPI", pin[1].lower(), pin[2]) for pin in pins}

    assert len(pins) > 50
    assert missing - named == set()


def test_what_is_copyleft_in_what_runs_is_explained() -> None:
    explained = (ROOT / "THIRD_PARTY.md").read_text()
    copyleft = {
        line.split()[1].removeprefix("@img/").split("-")[0]
        for line in NOTICES.splitlines()
        if re.search(r" run .*(GPL|MPL)", line)
    }

    assert "libsignal" in copyleft
    assert {name for name in copyleft if name not in explained} == set()
