"""One line of the audit log."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Final, Self

import orjson

NOBODY: Final = "nobody"
"""The kind of those who showed nothing valid."""

FIELD: Final = "entry"
"""Of the streams' entries."""

REFUSED: Final = "authenticate"
"""The action of those who were not let in."""

LOST: Final = "auditEntriesLost"
"""The action of the entry that says how many could not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something that was done or refused. Times are unix milliseconds.

    kind: operator, key, token, ticket, connect_link or nobody. key_id: of the credential; of one that was refused,
    the id it claimed. address: the IP address. action: the operation's id. route: the pattern of the address.
    target: the id of what it was done to, in the tenant. status: of the answer, 0 when there was none. count: how
    often, from at_ms to until_ms, where the same is counted; request_id is of the first then.
    """

    at_ms: int
    kind: str
    key_id: str | None
    address: str | None
    method: str
    route: str | None
    action: str | None
    tenant_id: str | None
    target: str | None
    status: int
    request_id: str | None
    count: int = 1
    until_ms: int | None = None

    def dumped(self) -> bytes:
        """Return it as JSON."""
        return orjson.dumps({name: value for name, value in asdict(self).items() if value is not None})

    @classmethod
    def loaded(cls, value: bytes) -> Self:
        """Return the entry of some JSON; raises ValueError, KeyError or TypeError when it is none."""
        found = orjson.loads(value)
        return cls(
            **{name: found.get(name) for name in _NULLABLE}
            | {name: found[name] for name in _FIELDS if name in found}
        )


_FIELDS: Final = tuple(field.name for field in fields(AuditEntry))
_NULLABLE: Final = ("key_id", "address", "route", "action", "tenant_id", "target", "request_id")
