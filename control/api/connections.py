"""How many connections may be open, in all and from one address, and which one goes when there are too many.

A connection that waits for a request is worth little: when all places are taken, the one that waits longest gives
its place to the new one, so that callers who open connections and say nothing do not keep others out. Only when
every connection is being served is a new one turned away.
"""

from __future__ import annotations

import resource
from collections import Counter
from typing import Final, Protocol

from control.ratelimit.address import ClientAddresses

SPARE_FILES: Final = 256
"""Of the files a process may have open: for Redis, the bridge, webhooks, media and databases."""

LOOPBACK: Final = ("127.", "::1", "::ffff:127.")


class Connection(Protocol):
    """What is counted."""

    @property
    def waits(self) -> bool:
        """Whether it has no request under way."""

    def give_up(self) -> None:
        """Close it at once."""


class Connections:
    """Those that are open."""

    def __init__(self, addresses: ClientAddresses, *, most: int, most_of_one: int) -> None:
        self._addresses = addresses
        self._most = most
        self._most_of_one = most_of_one
        # In the order in which they came; a dict, because leaving must cost nothing.
        self._open: dict[Connection, str] = {}
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    def enter(self, connection: Connection, peer: str | None) -> bool:
        """Say whether a new connection may stay; make room for it if need be."""
        name = "" if self._shared(peer) else self._addresses.name(peer)
        if name and self._of[name] >= self._most_of_one and not self._make_room(name):
            return False
        if len(self._open) >= self._most and not self._make_room(None):
            return False
        self._open[connection] = name
        if name:
            self._of[name] += 1
        return True

    def leave(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        name = self._open.pop(connection, "")
        if name:
            self._of[name] -= 1
            if not self._of[name]:
                del self._of[name]

    def _make_room(self, name: str | None) -> bool:
        for connection, of in self._open.items():
            if connection.waits and (name is None or of == name):
                self.leave(connection)
                connection.give_up()
                return True
        return False

    def _shared(self, peer: str | None) -> bool:
        """Whether many callers come from there: this machine's own proxy, one that is trusted, a Unix socket."""
        return not peer or peer.startswith(LOOPBACK) or self._addresses.trusts(peer)


def room_for_connections(wanted: int) -> int:
    """Let this process open as many files as it may, and return how many connections that leaves room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(16, min(wanted, soft - SPARE_FILES))
