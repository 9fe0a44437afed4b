"""One webhook of a tenant as it is kept: in Redis, in the copy on disk, and opened for sending.

In Redis it is a field of the tenant's hash of webhooks: `ordering|filter|on or off`, which is all the scripts read
(storage/lanes.py), a line break, and the rest as JSON. The secret, the secret before it and the values of the
headers are sealed.

A record named `default` only says how the installation's webhook stands with this tenant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal

import orjson

from control.storage.lanes import DEFAULT_WEBHOOK

Ordering = Literal["chat", "none"]
DisabledReason = Literal["gone", "asked", "failing", "by_request"]
"""gone: it answered 410. asked: it answered `webhook-delivery: disable`. failing: only failures for five days."""

WEBHOOK_ID_PREFIX: Final = "whe_"

EVENT_NAMES: Final = frozenset(
    {
        "message",
        "message.status",
        "message.edited",
        "message.deleted",
        "message.reaction",
        "message.unreadable",
        "session.status",
        "session.qr",
        "group.update",
        "contact.update",
        "presence",
        "call",
        "webhook.disabled",
    }
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A webhook at rest. Times in unix ms.

    events: the wanted types, None for all. by_start: whether the start of the session registers it. previous: the
    sealed secret before this one, which signs too until previous_until_ms. headers: sealed JSON object.
    """

    id: str
    url: str = ""
    secret: str = field(default="", repr=False)
    events: tuple[str, ...] | None = None
    ordering: Ordering = "chat"
    description: str | None = None
    by_start: bool = False
    previous: str | None = field(default=None, repr=False)
    previous_until_ms: int = 0
    headers: str | None = field(default=None, repr=False)
    header_names: tuple[str, ...] = ()
    disabled: DisabledReason | None = None
    disabled_ms: int = 0
    created_ms: int = 0
    updated_ms: int = 0

    @property
    def is_default(self) -> bool:
        """Whether this is the installation's webhook."""
        return self.id == DEFAULT_WEBHOOK

    def dumped(self) -> bytes:
        """Return the value of the field in Redis."""
        wanted = "*" if self.events is None else f",{','.join(self.events)},"
        head = f"{self.ordering}|{wanted}|{'off' if self.disabled else 'on'}\n"
        return head.encode() + orjson.dumps({name: getattr(self, name) for name in _NAMES})

    @classmethod
    def loaded(cls, value: bytes) -> Stored:
        """Return what dumped() wrote; fields this version does not know are left out."""
        found: dict[str, Any] = orjson.loads(value[value.index(b"\n") + 1 :])
        known = {name: found[name] for name in _NAMES if name in found}
        for name in ("events", "header_names"):
            if isinstance(known.get(name), list):
                known[name] = tuple(known[name])
        return cls(**known)

    def changed(self, now_ms: int, **changes: Any) -> Stored:
        """Return it with changes."""
        return replace(self, updated_ms=now_ms, **changes)


_NAMES: Final = tuple(item.name for item in fields(Stored))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events go, ready to send to.

    id: of the webhook. previous_secret: signs too while it is set. headers: the tenant's own.
    """

    id: str
    url: str
    secret: str = field(repr=False)
    previous_secret: str | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def opened(stored: Stored, open_secret: Callable[[str], str], now_ms: int) -> Endpoint:
    """Return a webhook ready to send to; raises SealBroken."""
    overlaps = stored.previous is not None and stored.previous_until_ms > now_ms
    headers = orjson.loads(open_secret(stored.headers)) if stored.headers is not None else {}
    return Endpoint(
        stored.id,
        stored.url,
        open_secret(stored.secret),
        open_secret(stored.previous) if overlaps and stored.previous is not None else None,
        tuple(headers.items()),
    )
