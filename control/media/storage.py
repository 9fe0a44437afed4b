"""How much room a tenant's files take on this server: received ones that are here, and those on their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from control.rpc.contract_gen import StoreUsage


class StorageBridge(Protocol):
    """What this needs of the bridge."""

    async def store_usage(self, tenant_id: str) -> StoreUsage:
        """Tell what a tenant's files take."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a tenant's files take."""

    files: int
    bytes: int


class Storage:
    """Asks the bridge, which knows whose each file is. Raises the errors of the link."""

    def __init__(self, bridge: StorageBridge) -> None:
        self._bridge = bridge

    async def of(self, tenant_id: str) -> Room:
        """Return what a tenant's files take."""
        found = await self._bridge.store_usage(tenant_id)
        return Room(found.media_files + found.spool_files, found.media_bytes + found.spool_bytes)

    async def bytes_of(self, tenant_id: str) -> int:
        """Return the size of a tenant's files."""
        return (await self.of(tenant_id)).bytes
