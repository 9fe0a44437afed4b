"""An installation that does not run, seen from outside: whether it is empty, and whose its sessions are.

The store belongs to the bridge. It is opened here only while no bridge runs on it, which its lock makes sure of,
and only for the one mark that the bridge itself has no method for: that the original of a restored copy is gone
(bridge/src/store/ownership.ts).
"""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from control.backup.archive import SECRETS, STORE

LOCK = "bridge/bridge.lock"
_TAKEN_OVER, _COPIED, _RESTORED = "takeover", "copied_ms", "restored_at"


class Refused(Exception):
    """Something is not done, because it would do harm; its text is a sentence for the operator."""


def refuse_unless_empty(data_dir: Path) -> None:
    """Raise Refused when the folder holds an installation, or a part of one."""
    places = [data_dir / STORE, *(data_dir / "secrets" / name for name in SECRETS)]
    found = next((place for place in places if place.exists()), None)
    if found is not None:
        raise Refused(
            f"{data_dir} is not empty: there is {found.relative_to(data_dir)}. A backup is restored only into an "
            "empty installation; choose another DATA_DIR, or move this one away."
        )


def refuse_if_running(bridge_socket: Path) -> None:
    """Raise Refused when a bridge answers."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(bridge_socket))
        except OSError:
            return
    raise Refused("The gateway is running here. Stop it first: scripts/ctl shutdown")


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """Keep bridges out, as they keep each other out (bridge/src/store/lock.ts)."""
    path = data_dir / LOCK
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise Refused("The bridge is running here. Stop the gateway first: scripts/ctl shutdown") from None
        yield


def take_over(data_dir: Path) -> bool:
    """Say that the original of this restored copy is gone, so that its sessions may run.

    Returns False for an installation that is no copy, or was taken over before. Raises Refused when there is no
    store or a bridge runs on it.
    """
    store = data_dir / STORE
    if not store.exists():
        raise Refused(f"There is no installation in {data_dir}.")
    with _locked(data_dir), closing(sqlite3.connect(store, timeout=5, isolation_level=None)) as db:
        meta = dict(db.execute("SELECT name, value FROM meta").fetchall())
        if _TAKEN_OVER in meta or not ({_COPIED, _RESTORED} & set(meta)):
            return False
        db.execute("PRAGMA synchronous = FULL")
        db.execute("INSERT INTO meta (name, value) VALUES (?, ?)", (_TAKEN_OVER, str(time.time_ns() // 1_000_000)))
        return True
