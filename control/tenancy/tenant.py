"""A tenant: one customer of the installation, with one number of WhatsApp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import orjson

State = Literal["active", "suspended"]
Origin = Literal["start", "operator", "existing"]


@dataclass(frozen=True, slots=True)
class Quotas:
    """What a tenant may use. None: as the installation's settings say; 0: without a limit.

    messages_per_day: accepted in a day of UTC. storage_mb: files of it on this server. webhooks: of its own.
    """

    messages_per_day: int | None = None
    storage_mb: int | None = None
    webhooks: int | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant, as it is stored. Times in unix ms.

    origin: start, made by its first start; operator, made or changed by the operator; existing, was there before
    there were tenants. ran: whether its session ran when it was suspended, None while that is not known. due: what
    its session has yet to be told, because it could not be at once. stored: False for one without a record.
    """

    id: str
    name: str | None = None
    state: State = "active"
    origin: Origin = "start"
    created_ms: int = 0
    updated_ms: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    quotas: Quotas = field(default_factory=Quotas)
    suspended_ms: int | None = None
    suspension_reason: str | None = None
    ran: bool | None = None
    due: Literal["stop", "start"] | None = None
    stored: bool = True

    @property
    def suspended(self) -> bool:
        """Whether the operator has suspended it."""
        return self.state == "suspended"

    def dumped(self) -> bytes:
        """Return what is stored."""
        values = asdict(self)
        del values["stored"]
        return orjson.dumps(values, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def loaded(cls, value: bytes) -> Tenant:
        """Return what was stored; a field that a later version added is left out."""
        values: dict[str, Any] = orjson.loads(value)
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        quotas = {name: known.get("quotas", {}).get(name) for name in Quotas.__dataclass_fields__}
        return cls(**{**known, "quotas": Quotas(**quotas)})
