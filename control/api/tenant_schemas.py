"""What requests and answers about tenants look like."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, StrictStr, model_validator

from control.api.shape import In, Out, iso, iso_or_none
from control.media.storage import Room
from control.tenancy.tenant import Quotas, Tenant
from control.tenancy.usage import Counted
from control.tenancy.usage_copy import Counts

LABELS_MAX = 20

Name = Annotated[StrictStr, Field(min_length=1, max_length=100)]
LabelName = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
LabelText = Annotated[StrictStr, Field(max_length=200)]
Labels = Annotated[dict[LabelName, LabelText], Field(max_length=LABELS_MAX)]


class QuotasIn(In):
    """Quotas of a tenant's own. null: as the installation's settings say; 0: no limit."""

    messages_per_day: Annotated[StrictInt, Field(ge=0, le=100_000_000)] | None = None
    storage_mb: Annotated[StrictInt, Field(ge=0, le=10_000_000)] | None = None
    webhooks: Annotated[StrictInt, Field(ge=0, le=20)] | None = None

    def over(self, before: Quotas) -> Quotas:
        """Return the quotas with those that were given in the place of the ones before."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return Quotas(
            messages_per_day=given.get("messages_per_day", before.messages_per_day),
            storage_mb=given.get("storage_mb", before.storage_mb),
            webhooks=given.get("webhooks", before.webhooks),
        )


class TenantIn(In):
    """Body of POST /api/v1/tenants."""

    tenant_id: Annotated[StrictStr, Field(min_length=1, max_length=64)]
    name: Name | None = None
    labels: Labels = Field(default_factory=dict)
    quotas: QuotasIn = Field(default_factory=QuotasIn)


class TenantPatchIn(In):
    """Body of PATCH …/tenants/{tenantId}: what is left out stays. labels: replaces all of them."""

    name: Name | None = None
    labels: Labels | None = None
    quotas: QuotasIn | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name, labels or quotas is required")
        return self


class SuspendIn(In):
    """Body of POST …/suspend; may be left out."""

    reason: Annotated[StrictStr, Field(min_length=1, max_length=500)] | None = None


class QuotaOut(Out):
    """What a tenant may use, with the installation's settings where it has none of its own. null: no limit."""

    messages_per_day: int | None
    storage_mb: int | None
    webhooks: int | None

    @classmethod
    def of(cls, quotas: Quotas) -> Self:
        """Return the answer."""
        return cls(
            messages_per_day=quotas.messages_per_day, storage_mb=quotas.storage_mb, webhooks=quotas.webhooks
        )


class TenantOut(Out):
    """A tenant. ownQuotas: null where the installation's settings hold, 0 for no limit. quotas: what holds."""

    tenant_id: str
    name: str | None
    state: Literal["active", "suspended"]
    created_by: Literal["start", "operator", "existing"]
    created_at: str
    updated_at: str
    labels: dict[str, str]
    own_quotas: QuotaOut
    quotas: QuotaOut
    suspended_at: str | None
    suspension_reason: str | None

    @classmethod
    def of(cls, tenant: Tenant, quotas: Quotas) -> Self:
        """Return the answer. quotas: those that hold."""
        return cls(
            tenant_id=tenant.id,
            name=tenant.name,
            state=tenant.state,
            created_by=tenant.origin,
            created_at=iso(tenant.created_ms),
            updated_at=iso(tenant.updated_ms),
            labels=dict(tenant.labels),
            own_quotas=QuotaOut.of(tenant.quotas),
            quotas=QuotaOut.of(quotas),
            suspended_at=iso_or_none(tenant.suspended_ms),
            suspension_reason=tenant.suspension_reason,
        )


class OneTenantOut(Out):
    """A tenant after something was done with it."""

    success: Literal[True] = True
    tenant: TenantOut


class NowOut(Out):
    """What is used of the quotas now. messagesToday: taken from today's quota. storage: null while not known."""

    messages_today: int
    resets_at: str
    storage_bytes: int | None
    storage_files: int | None


class TenantNowOut(OneTenantOut):
    """A tenant with what it uses now."""

    used: NowOut

    @classmethod
    def now(cls, tenant: TenantOut, *, messages: int, resets_ms: int, room: Room | None) -> Self:
        """Return the answer."""
        used = NowOut(
            messages_today=messages,
            resets_at=iso(resets_ms),
            storage_bytes=room.bytes if room is not None else None,
            storage_files=room.files if room is not None else None,
        )
        return cls(tenant=tenant, used=used)


class TenantPageOut(Out):
    """Tenants in the order of their ids. next: give it as `after` for the next page; null on the last."""

    tenants: list[TenantOut]
    next: str | None


class MessageCountsOut(Out):
    """Messages of a time. accepted: recorded to be sent; sent, delivered, read: as WhatsApp said so."""

    accepted: int
    sent: int
    delivered: int
    read: int
    failed: int
    received: int


class WebhookCountsOut(Out):
    """Attempts to deliver webhooks."""

    delivered: int
    failed: int


class MediaBytesOut(Out):
    """Bytes of files. received: as their senders said."""

    received: int
    sent: int


class UsageOut(Out):
    """What was used in a time."""

    messages: MessageCountsOut
    webhooks: WebhookCountsOut
    requests: int
    media_bytes: MediaBytesOut

    @classmethod
    def fields_of(cls, counts: Counts) -> dict[str, object]:
        """Return the values by the names of the fields."""

        def number(what: Counted) -> int:
            return counts.get(what, 0)

        return {
            "messages": MessageCountsOut(
                accepted=number(Counted.ACCEPTED),
                sent=number(Counted.SENT),
                delivered=number(Counted.DELIVERED),
                read=number(Counted.READ),
                failed=number(Counted.FAILED),
                received=number(Counted.RECEIVED),
            ),
            "webhooks": WebhookCountsOut(
                delivered=number(Counted.WEBHOOKS_DELIVERED), failed=number(Counted.WEBHOOKS_FAILED)
            ),
            "requests": number(Counted.REQUESTS),
            "media_bytes": MediaBytesOut(received=number(Counted.MEDIA_RECEIVED), sent=number(Counted.MEDIA_SENT)),
        }

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """Return the answer for counts."""
        return cls.model_validate(cls.fields_of(counts))


class DayOut(UsageOut):
    """What was used on a day of UTC."""

    date: str

    @classmethod
    def on(cls, day: str, counts: Counts) -> Self:
        """Return the answer for a day."""
        return cls.model_validate({"date": day, **cls.fields_of(counts)})


class TenantUsageOut(Out):
    """What a tenant used, both days included. days: those on which it used anything."""

    tenant_id: str
    first: Annotated[str, Field(alias="from")]
    last: Annotated[str, Field(alias="to")]
    total: UsageOut
    days: list[DayOut]


class TenantTotalOut(Out):
    """What one of many tenants used in all of the time."""

    tenant_id: str
    total: UsageOut


class AllUsageOut(Out):
    """What tenants used, in the order of their ids. next: give it as `after` for the next page."""

    first: Annotated[str, Field(alias="from")]
    last: Annotated[str, Field(alias="to")]
    tenants: list[TenantTotalOut]
    next: str | None
