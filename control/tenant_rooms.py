"""The part of the wiring that is about tenants: records, usage, quotas, and what a deletion leaves to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from control.media.bucket import Bucket
from control.media.offsite_removal import FILE_NAME as REMOVALS_FILE
from control.media.offsite_removal import OffsiteRemovals
from control.media.storage import Storage
from control.rpc.client import BridgeClient
from control.sessions.arrival import Arrival
from control.settings import Settings
from control.storage.copy import DurableCopy
from control.storage.keys import Keys
from control.tenancy.fates import Fates
from control.tenancy.quotas import QuotaBook
from control.tenancy.tenant import Quotas
from control.tenancy.tenants import FILE_NAME as TENANTS_FILE
from control.tenancy.tenants import Tenants
from control.tenancy.usage import Counted, Usage
from control.tenancy.usage_copy import UsageCopy


@dataclass(frozen=True, slots=True)
class TenantRooms:
    """What was made. removals: None without a bucket."""

    tenants: Tenants
    usage: Usage
    fates: Fates
    storage: Storage
    book: QuotaBook
    removals: OffsiteRemovals | None
    arrival: Arrival

    def tasks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Return what runs beside everything else, by name."""
        tasks: dict[str, Callable[[], Awaitable[None]]] = {"tenants": self._keep, "usage": self.usage.run}
        if self.removals is not None:
            tasks["removals from the bucket"] = self.removals.run
        return tasks

    def attempted(self, tenant_id: str, delivered: bool) -> None:
        """Count an attempt to deliver a webhook."""
        self.usage.count(tenant_id, Counted.WEBHOOKS_DELIVERED if delivered else Counted.WEBHOOKS_FAILED)

    async def remove_offsite(self, tenant_id: str) -> None:
        """Have what the bucket holds of a tenant removed. Raises redis.RedisError."""
        if self.removals is not None:
            await self.removals.add(tenant_id)

    async def close(self) -> None:
        """Write what was counted and close the files."""
        await self.usage.close()
        if self.removals is not None:
            self.removals.close()
        self.tenants.close()

    async def _keep(self) -> None:
        await self.arrival.run(self.tenants)
        await self.tenants.keep()


async def open_tenant_rooms(
    settings: Settings, redis: Redis, keys: Keys, bridge: BridgeClient, bucket: Bucket | None
) -> TenantRooms:
    """Make the rooms and read their copies. Never raises for a disk that fails."""
    folder = settings.data_dir / "control"
    arrival = Arrival(redis, keys, bridge)
    tenants = Tenants(
        redis,
        keys,
        DurableCopy(folder / TENANTS_FILE, what="the tenants"),
        creation=settings.tenant_creation,
        was_here=arrival.was_here,
    )
    await tenants.open()
    usage = Usage(redis, keys, UsageCopy(folder), exists=lambda tenant_id: tenants.known(tenant_id) is not None)
    await usage.open()
    storage = Storage(bridge)
    book = QuotaBook(
        redis,
        keys,
        defaults=Quotas(settings.quota_messages_per_day, settings.quota_storage_mb, settings.quota_webhooks),
        tenant_of=tenants.known,
        storage_of=storage.bytes_of,
        accepted_today=lambda tenant_id: usage.today(tenant_id, Counted.ACCEPTED),
    )
    removals = None
    if bucket is not None:
        copy = DurableCopy(folder / REMOVALS_FILE, what="removals from the bucket")
        removals = OffsiteRemovals(redis, keys, copy, bucket, prefix=settings.media_s3_prefix)
        await removals.open()
    return TenantRooms(tenants, usage, Fates(usage), storage, book, removals, arrival)
