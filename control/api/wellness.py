"""When a part counts as not well, and how that is said. docs/metrics.md tells operators what to do about each."""

from __future__ import annotations

from typing import Final

from control.api.probe import Health
from control.rpc.contract_gen import StoreHealth, WhatsAppReachability

EVENTS_BEHIND: Final = 5_000
"""Events that wait for control: at 1,000 a second, which it takes with ease, that is five seconds of work."""

WEBHOOKS_BEHIND_SECONDS: Final = 30.0
"""What is due is looked at several times a second; nothing this late is being looked at."""

DISK_FREE_BYTES: Final = 512 * 1024 * 1024
DISK_FREE_SHARE: Final = 0.05
DISK_ENOUGH_BYTES: Final = 5 * 1024 * 1024 * 1024
"""Low below DISK_FREE_BYTES, and below DISK_FREE_SHARE of the disk unless that is more than anybody needs."""

SILENT_MIN: Final = 3
"""One number may rest for a day. Of so many, half being silent is no coincidence."""

OK: Final = "ok"


def parts_of(found: Health) -> dict[str, str]:
    """Return every part with `ok`, or with what keeps it from doing all it should."""
    bridge = found.bridge
    parts = {
        "bridge": found.bridge_problem or OK,
        "redis": found.redis_problem or OK,
        "webhooks": _webhooks(found),
        "disk": _disk(found),
    }
    if bridge is not None:
        connections = bridge.connections
        failing = bridge.store is StoreHealth.failing
        unreachable = bridge.whatsapp is WhatsAppReachability.unreachable
        behind = bridge.journal.unacked_events >= EVENTS_BEHIND
        parts |= {
            "store": "it cannot be written" if failing else OK,
            "whatsapp": "it cannot be reached from here" if unreachable else OK,
            "events": f"{bridge.journal.unacked_events} wait to be taken in" if behind else OK,
            "connections": f"{connections.unanswered} of {connections.connected} get no answer to keepalives"
            if connections.unanswered
            else OK,
            "silence": f"{connections.silent} of {connections.connected} connected sessions hear nothing"
            if connections.connected >= SILENT_MIN and 2 * connections.silent >= connections.connected
            else OK,
        }
    return parts


def _webhooks(found: Health) -> str:
    if found.copy_broken:
        return "where they go is not on disk"
    if found.webhooks_behind is not None and found.webhooks_behind > WEBHOOKS_BEHIND_SECONDS:
        return f"what is due is {round(found.webhooks_behind)} s late"
    return OK


def _disk(found: Health) -> str:
    free, size = found.disk_free, found.disk_size
    if free is None or size is None:
        return "it does not say how full it is"
    share_is_low = free < DISK_FREE_SHARE * size and free < DISK_ENOUGH_BYTES
    return "it is nearly full" if free < DISK_FREE_BYTES or share_is_low else OK
