"""Runs the gateway against real WhatsApp where there is no network, and prints as JSON what a caller sees.

Started by tests/e2e/test_no_network.py inside a network namespace of its own, in which only loopback exists.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import socket
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.support.installation import Installation
from tests.support.wait import wait_for

SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1


def bring_loopback_up() -> None:
    """A new network namespace has its loopback down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


async def main() -> dict[str, Any]:
    """Start, look, stop."""
    gateway = Installation()
    try:
        await gateway.start(("--tenant", "acme"))
        began = time.monotonic()
        status, start = await gateway.call("POST", "/api/v1/sessions/other/start")
        start |= {"httpStatus": status, "seconds": time.monotonic() - began}

        def attempts() -> int:
            return gateway.logs().count("connection ended")

        await wait_for(lambda: attempts() >= 3, seconds=30, every=0.1, what=gateway.describe)
        _, state = await gateway.call("GET", "/api/v1/sessions/acme/status")
        _, health = await gateway.call("GET", "/health", key=None)
        ready, _ = await gateway.call("GET", "/health/ready", key=None)
        printed = gateway.output.read_text()
        seen = {
            "start": start,
            "status": state,
            "health": health,
            "ready": ready,
            "attempts": attempts(),
            "printed": printed,
        }
    finally:
        await gateway.stop()
    return {**seen, "left": processes_of(gateway)}


def processes_of(gateway: Installation) -> list[str]:
    """Command lines of running processes that name the gateway's address or folder."""
    left = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            command = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if f"127.0.0.1:{gateway.port}" in command or str(gateway.data_dir) in command:
                left.append(command)
    return left


if __name__ == "__main__":
    bring_loopback_up()
    json.dump(asyncio.run(main()), sys.stdout)
