"""What scripts/prove-containers asks inside of the image: nothing only develops, every package is in the notices.

Read from standard input by the image's own Python, in /app. Ends with a sentence where something is not so.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import sys
from pathlib import Path

# What venv puts into each environment; the base images' business.
OF_THE_BASE = {"pip", "setuptools", "wheel"}
PROGRAMS = ("cc", "git", "node-gyp", "npm", "tsc", "uv")
NAMES = (".env", ".git", "bench", "clients", "docs", "examples", "tests", "scripts/test", "scripts/setup.sh")


def noticed() -> dict[str, set[tuple[str, str]]]:
    """Return name and version of every package that runs, by registry, as THIRD_PARTY_NOTICES.txt has them."""
    found: dict[str, set[tuple[str, str]]] = {"npm": set(), "PyPI": set()}
    for line in Path("THIRD_PARTY_NOTICES.txt").read_text(encoding="utf-8").splitlines():
        row = re.split(r" {2,}", line)
        if len(row) == 5 and row[0] in found and row[3] == "run":
            found[row[0]].add((row[1].lower(), row[2]))
    return found


def npm_packages() -> set[tuple[str, str]]:
    """Return what stands in node_modules."""
    found = set()
    for file in Path("node_modules").rglob("package.json"):
        above = file.parent.parent
        if above.name == "node_modules" or (above.name.startswith("@") and above.parent.name == "node_modules"):
            package = json.loads(file.read_text(encoding="utf-8"))
            found.add((package["name"].lower(), package["version"]))
    return found


def python_packages() -> set[tuple[str, str]]:
    """Return what this Python has installed."""
    return {(d.name.lower().replace("_", "-"), d.version) for d in importlib.metadata.distributions()}


def main() -> str | None:
    """Look, and return what is not so."""
    there = [name for name in NAMES if Path(name).exists()] + [name for name in PROGRAMS if shutil.which(name)]
    there += [str(file) for file in Path("bridge").rglob("*.ts")]
    if there:
        return f"Only develops, and is in the image: {', '.join(there)}"
    run = noticed()
    npm, python = npm_packages(), {p for p in python_packages() if p[0] not in OF_THE_BASE}
    if len(npm) < 20 or len(python) < 20:
        return f"Packages were not found: {len(npm)} of npm, {len(python)} of Python"
    missing = sorted(npm - run["npm"]) + sorted(python - {(name.replace("_", "-"), v) for name, v in run["PyPI"]})
    if missing:
        return f"In the image and not among what runs in THIRD_PARTY_NOTICES.txt: {missing}"
    sys.stdout.write(f"{len(npm)} packages of npm, {len(python)} of Python")
    return None


if __name__ == "__main__":
    sys.exit(main())
