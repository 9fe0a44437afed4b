"""What is told of control's own process and of the disk. Read from /proc; 0 where there is none."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.metrics_core import Metric

from control.metrics.families import gauges

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Of this process: resident bytes, processor time in seconds, open file descriptors."""

    rss: float
    cpu_seconds: float
    open_files: float


def read_own() -> OwnFigures:
    """Read them. Takes a moment, as files do."""
    try:
        rss = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        files = len(os.listdir("/proc/self/fd"))
    except (OSError, ValueError, IndexError):
        rss = files = 0
    return OwnFigures(rss, time.process_time(), files)


def disk_families(directory: Path) -> Iterator[Metric]:
    """Yield the room of a folder's disk; nothing while it cannot be asked. May block, as a disk can."""
    try:
        found = os.statvfs(directory)
    except OSError:
        return
    yield gauges(
        "gateway_disk_bytes",
        "The disk of DATA_DIR: its size, and what is free for the gateway.",
        "kind",
        {"size": found.f_blocks * found.f_frsize, "free": found.f_bavail * found.f_frsize},
    )
