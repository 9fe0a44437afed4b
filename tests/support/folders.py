"""Folders whose path is short enough for Unix sockets, which pytest's own are not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder directly below the system's temporary one, removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="wa-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
