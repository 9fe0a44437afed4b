"""Against real WhatsApp on a machine with no network: it says so plainly, keeps trying and stays healthy."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALONE = ("unshare", "--user", "--map-root-user", "--net")


def can_be_alone() -> bool:
    """Whether this machine lets a test have a network of its own, with nothing in it."""
    try:
        return subprocess.run([*ALONE, "true"], capture_output=True, timeout=5, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.timeout(120)
@pytest.mark.skipif(not can_be_alone(), reason="this machine gives no network namespace to a test")
async def test_without_a_network_real_mode_says_so_keeps_trying_and_stays_healthy() -> None:
    process = await asyncio.create_subprocess_exec(
        *(*ALONE, sys.executable, "-m", "tests.support.no_network"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    seen = json.loads(out)

    assert seen["start"]["httpStatus"] == 503
    assert seen["start"]["code"] == "whatsapp_unreachable"
    assert seen["start"]["seconds"] < 2
    assert seen["status"]["status"] == "connecting"
    assert seen["status"]["reason"] == "dns_failure"
    assert "cannot resolve WhatsApp's name" in seen["status"]["message"]
    assert seen["health"]["bridge"]["status"] == "up"
    assert seen["health"]["bridge"]["whatsapp"] == "unreachable"
    assert seen["ready"] == 200
    assert seen["attempts"] >= 3
    assert "WhatsApp cannot be reached" in seen["printed"]
    # Also not what shows QR codes, which was still waiting for one.
    assert seen["left"] == []
