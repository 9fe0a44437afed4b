"""A real headless Chromium for tests of pages: the machine's own, else the one in node_modules, unpacked once.

The package's binary runs without root and without apt. Libraries that a bare machine lacks (NSS, expat) and a font
are in the package, too, and used only where the machine has none.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, async_playwright
from playwright.async_api import Error as BrowserError

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "node_modules" / "@sparticuz" / "chromium"
IN_PATH: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS: Final = 30
ARGUMENTS: Final = (
    *("--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-domain-reliability", "--no-pings"),
    *("--disable-dev-shm-usage", "--force-color-profile=srgb"),
)

_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A program that starts on this machine, and what it needs in its environment to."""

    path: Path
    version: str
    environment: dict[str, str] = field(default_factory=dict)


class NoChromium(Exception):
    """No Chromium starts here; the text says which were tried and what each lacks."""


@cache
def find_chromium() -> Chromium:
    """Return the first Chromium that starts on this machine. Raises NoChromium."""
    lacks = []
    for name in IN_PATH:
        found = shutil.which(name)
        if found is None:
            continue
        try:
            return _that_starts(Path(found), [{}])
        except NoChromium as error:
            lacks.append(str(error))
    try:
        return _packed()
    except NoChromium as error:
        lacks.append(str(error))
    raise NoChromium("; ".join(lacks))


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Start a browser with an empty profile of its own; end it. Skips the test where none starts, saying why."""
    try:
        chromium = find_chromium()
    except NoChromium as error:
        pytest.skip(f"NO BROWSER ON THIS MACHINE, pages were not tested: {error}")
    async with async_playwright() as playwright:
        environment = {**os.environ, **chromium.environment}

        async def launch(*, sandbox: bool) -> Browser:
            return await playwright.chromium.launch(
                executable_path=chromium.path,
                args=list(ARGUMENTS),
                env=dict(environment),
                chromium_sandbox=sandbox,
                timeout=START_SECONDS * 1000,
            )

        # Root gets no sandbox, and neither do users where the kernel lets nobody make namespaces. Only pages of
        # the gateway under test are opened.
        try:
            browser = await launch(sandbox=os.geteuid() != 0)
        except BrowserError as error:
            if "sandbox" not in error.message.lower():
                raise
            browser = await launch(sandbox=False)
        try:
            yield browser
        finally:
            await browser.close()


def _packed() -> Chromium:
    binaries = PACKAGE / "bin"
    if not (binaries / "chromium.br").exists():
        raise NoChromium("none is in PATH, and @sparticuz/chromium is not in node_modules (scripts/install --dev)")
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    place = ROOT / ".venv" / "chromium" / version
    if not (place / "chromium").exists():
        place.mkdir(parents=True, exist_ok=True)
        with (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (place / "chromium").exists():
                _unpack(binaries, place)
    own_fonts = {} if Path("/etc/fonts/fonts.conf").exists() else {"FONTCONFIG_FILE": str(place / "fonts.conf")}
    libraries = {"LD_LIBRARY_PATH": str(place / "lib")}
    return _that_starts(place / "chromium", [own_fonts, {**own_fonts, **libraries}])


def _unpack(binaries: Path, place: Path) -> None:
    for name in ("al2023", "fonts"):
        packed = place / f"{name}.tar"
        _brotli(binaries / f"{name}.tar.br", packed)
        with tarfile.open(packed) as archive:
            archive.extractall(place, filter="data")
        packed.unlink()
    (place / "fonts.conf").write_text(_FONTS.format(fonts=place / "fonts", cache=place / "font-cache"))
    # Last and by a rename: where it stands, everything else does.
    _brotli(binaries / "chromium.br", place / "chromium.part")
    (place / "chromium.part").chmod(0o755)
    (place / "chromium.part").rename(place / "chromium")


def _brotli(packed: Path, to: Path) -> None:
    node = shutil.which("node") or str(ROOT / ".venv" / "node" / "bin" / "node")
    script = Path(__file__).with_name("browser_unpack.mjs")
    subprocess.run([node, str(script), str(packed), str(to)], check=True, timeout=60)


def _that_starts(path: Path, environments: list[dict[str, str]]) -> Chromium:
    said = ""
    for environment in environments:
        try:
            done = subprocess.run(
                [str(path), "--version"],
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                timeout=START_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            said = str(error)
            continue
        if done.returncode == 0:
            return Chromium(path, done.stdout.strip(), environment)
        said = (done.stderr or done.stdout).strip()
    raise NoChromium(f"{path} does not start: {said}")
