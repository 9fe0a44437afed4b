"""An installation that does not run, seen from outside: whether it is empty and whether it really does not run."""

from __future__ import annotations

import socket
from pathlib import Path

from control.backup.archive import SECRETS, STORE

CONTROL_FILES = ("webhooks.sqlite", "tenants.sqlite", "keys.sqlite", "usage.sqlite")


class Refused(Exception):
    """Something is not done, because it would do harm; its text is a sentence for the operator."""


def refuse_unless_empty(data_dir: Path) -> None:
    """Raise Refused when the folder holds an installation, or a part of one."""
    places = [
        data_dir / STORE,
        *(data_dir / "control" / name for name in CONTROL_FILES),
        *(data_dir / "secrets" / name for name in SECRETS),
    ]
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
