"""What is installed is what was locked, runs nothing while it is installed, and is none of what must not be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = sorted((ROOT / "requirements").glob("*.lock"))

# Their scripts only look at versions: baileys' at Node's, protobufjs' at the one that depends on it.
WITH_INSTALL_SCRIPTS = {"baileys", "protobufjs"}

FORBIDDEN_NODE = {
    # Copies of Baileys: one of them (lotusbail) stole accounts, the others are old or nobody knows whose.
    r"lotusbail": "steals accounts",
    r"(@[^/]+/)?baileys-.*|(@[^/]+/)?.*-baileys": "a copy of Baileys",
    r"@(?!types/)[^/]+/(baileys|libsignal.*)": "a copy of Baileys or of its cryptography",
    r"whatsapp-web\.js|venom-bot|@open-wa/.*": "another client",
    r"link-preview-js": "with it Baileys fetches every address in a text",
    r"jimp|sharp": "with it Baileys decodes pictures inside the bridge; here a process of its own does",
    r"request|node-fetch|axios|got": "fetches without the guard of control/egress",
    r"event-stream|flatmap-stream|colors|faker|node-ipc|ua-parser-js": "known for an attack",
}
FORBIDDEN_PYTHON = {
    r"python-jose|ecdsa": "has had holes in how it checks signatures",
    r"pycrypto": "nobody looks after it",
    r"requests|httpx|urllib3": "fetches without the guard of control/egress; tests may",
    r"advocate": "nobody looks after it",
    r"pyyaml": "loads objects",
}


NOTHING_KEPT = {"prove-containers"}
"""It installs the locked version of one package into a folder it throws away, to try what an image would have."""


def node_packages() -> dict[str, dict[str, Any]]:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    return {path: entry for path, entry in lock["packages"].items() if path}


def name_of(path: str) -> str:
    return path.rpartition("node_modules/")[2]


def test_every_node_package_is_pinned_by_its_hash_and_comes_from_the_registry() -> None:
    packages = node_packages()
    assert len(packages) > 100
    for path, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), path
        assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*", entry["version"]), path
        assert not entry.get("link"), path


def test_no_package_has_to_run_a_script_while_it_is_installed() -> None:
    assert {name_of(path) for path, entry in node_packages().items() if entry.get("hasInstallScript")} <= (
        WITH_INSTALL_SCRIPTS
    )


def test_direct_dependencies_are_one_version_each() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [
        name
        for name, version in versions.items()
        if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9a-z.]+)?", version)
    ] == []
    assert versions["baileys"] == "7.0.0-rc14"
    assert [path for path in node_packages() if name_of(path) == "baileys"] == ["node_modules/baileys"]


@pytest.mark.parametrize("pattern", sorted(FORBIDDEN_NODE))
def test_a_forbidden_node_package_is_not_there(pattern: str) -> None:
    there = {
        name_of(path) for path, entry in node_packages().items() if not entry.get("dev") and not entry.get("peer")
    }
    assert [name for name in there if re.fullmatch(pattern, name)] == [], FORBIDDEN_NODE[pattern]


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_by_its_hashes(lock: Path) -> None:
    requirements = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", lock.read_text()).strip())
    for requirement in requirements:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][0-9A-Za-z.+!-]*", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement
        assert " @ " not in requirement, requirement


@pytest.mark.parametrize("pattern", sorted(FORBIDDEN_PYTHON))
def test_a_forbidden_python_package_is_not_there(pattern: str) -> None:
    names = re.findall(r"(?m)^([A-Za-z0-9._-]+)", (ROOT / "requirements/run.lock").read_text())
    assert len(names) > 20
    assert [name for name in names if re.fullmatch(pattern, name)] == [], FORBIDDEN_PYTHON[pattern]


def test_lock_files_name_no_server() -> None:
    for path in (ROOT / "package-lock.json", ROOT / ".npmrc", *PYTHON_LOCKS):
        text = path.read_text()
        assert '"resolved"' not in text, path.name
        assert not re.search(r"(?m)^\s*(--(extra-)?index-url|--find-links|registry\s*=|-i )", text), path.name
        assert not re.search(r"(git\+|file:|https?)://[^\s\"]+\.(tgz|whl|tar\.gz|git)", text), path.name


def commands() -> Iterator[tuple[str, str]]:
    installs = re.compile(r"\b(npm (ci|i|install)|(pip|pip\"?) install|pip .*install)\b")
    for path in (*sorted((ROOT / "scripts").iterdir()), ROOT / "Dockerfile"):
        if path.is_file() and path.name not in NOTHING_KEPT:
            for line in path.read_text(errors="replace").replace("\\\n", " ").splitlines():
                if installs.search(line) and not line.lstrip().startswith(("#", "die", "say")):
                    yield path.name, line.strip()


def test_packages_are_installed_as_locked_and_without_their_scripts() -> None:
    found = list(commands())
    assert any("npm ci" in line for _, line in found)
    for name, line in found:
        if "npm" in line:
            assert "npm ci" in line, (name, line)
            assert "--ignore-scripts" in line, (name, line)
        else:
            assert "--require-hashes" in line, (name, line)
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text().splitlines()
