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
LABELS_ARE = (
    "Your own words about it: up to 20 names of letters, digits, dots, hyphens and underscores, each with a text."
)

Name = Annotated[StrictStr, Field(min_length=1, max_length=100)]
LabelName = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
LabelText = Annotated[StrictStr, Field(max_length=200)]
Labels = Annotated[dict[LabelName, LabelText], Field(max_length=LABELS_MAX)]


class QuotasIn(In):
    """Quotas of a tenant's own. null: as the installation's settings say; 0: no limit."""

    messages_per_day: Annotated[StrictInt, Field(ge=0, le=100_000_000)] | None = Field(
        None, description="Messages it may send a day of UTC: sends, and each message of a batch."
    )
    storage_mb: Annotated[StrictInt, Field(ge=0, le=10_000_000)] | None = Field(
        None, description="MiB that its files may take on this server before it may send no more files."
    )
    webhooks: Annotated[StrictInt, Field(ge=0, le=20)] | None = Field(None, description="Webhooks it may have.")

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

    tenant_id: Annotated[StrictStr, Field(min_length=1, max_length=64, description="Your own id of the tenant.")]
    name: Name | None = Field(None, description="A name for people.")
    labels: Labels = Field(
        default_factory=dict,
        description=LABELS_ARE,
    )
    quotas: QuotasIn = Field(default_factory=QuotasIn, description="Quotas of its own.")


class TenantPatchIn(In):
    """Body of PATCH …/tenants/{tenantId}: what is left out stays. labels: replaces all of them."""

    name: Name | None = Field(None, description="A name for people.")
    labels: Labels | None = Field(None, description=LABELS_ARE)
    quotas: QuotasIn | None = Field(None, description="Quotas of its own.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name, labels or quotas is required")
        return self


class SuspendIn(In):
    """Body of POST …/suspend; may be left out."""

    reason: Annotated[StrictStr, Field(min_length=1, max_length=500)] | None = Field(
        None, description="Why, for people; its own keys are not told."
    )


class QuotaOut(Out):
    """What a tenant may use, with the installation's settings where it has none of its own. null: no limit."""

    messages_per_day: Annotated[
        int | None, Field(description="Messages it may send a day of UTC: sends, and each message of a batch.")
    ]
    storage_mb: Annotated[
        int | None,
        Field(description="MiB that its files may take on this server before it may send no more files."),
    ]
    webhooks: Annotated[int | None, Field(description="Webhooks it may have.")]

    @classmethod
    def of(cls, quotas: Quotas) -> Self:
        """Return the answer."""
        return cls(
            messages_per_day=quotas.messages_per_day, storage_mb=quotas.storage_mb, webhooks=quotas.webhooks
        )


class TenantOut(Out):
    """A tenant. ownQuotas: null where the installation's settings hold, 0 for no limit. quotas: what holds."""

    tenant_id: str
    name: Annotated[str | None, Field(description="A name for people.")]
    state: Annotated[Literal["active", "suspended"], Field(description="Whether its requests are taken.")]
    created_by: Annotated[
        Literal["start", "operator", "existing"],
        Field(description="Its first start, the operator, who made or changed it, or existing before tenants."),
    ]
    created_at: str
    updated_at: str
    labels: Annotated[dict[str, str], Field(description="Your own words about it.")]
    own_quotas: Annotated[QuotaOut, Field(description="Its own quotas.")]
    quotas: Annotated[QuotaOut, Field(description="The quotas that hold, its own or the installation's.")]
    suspended_at: Annotated[str | None, Field(description="When it was suspended.")]
    suspension_reason: Annotated[str | None, Field(description="Why, as the operator said.")]

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
    tenant: Annotated[TenantOut, Field(description="The tenant.")]


class QuotaUseOut(Out):
    """What is used of the quotas now. storage…: null while the bridge cannot be asked."""

    messages_today: Annotated[int, Field(description="Messages taken from today's quota.")]
    resets_at: Annotated[str, Field(description="When the day ends.")]
    storage_bytes: Annotated[int | None, Field(description="What its files take here.")]
    storage_files: Annotated[int | None, Field(description="How many files that are.")]


class TenantNowOut(OneTenantOut):
    """A tenant with what it uses now."""

    used: Annotated[QuotaUseOut, Field(description="What it uses of its quotas now.")]

    @classmethod
    def now(cls, tenant: TenantOut, *, messages: int, resets_ms: int, room: Room | None) -> Self:
        """Return the answer."""
        used = QuotaUseOut(
            messages_today=messages,
            resets_at=iso(resets_ms),
            storage_bytes=room.bytes if room is not None else None,
            storage_files=room.files if room is not None else None,
        )
        return cls(tenant=tenant, used=used)


class TenantDeletedOut(Out):
    """A tenant that is gone with everything it owned."""

    success: Literal[True] = True
    deleted: Annotated[Literal[True], Field(description="It is gone.")] = True
    tenant_id: str


class TenantPageOut(Out):
    """Tenants in the order of their ids. next: give it as `after` for the next page; null on the last."""

    tenants: Annotated[list[TenantOut], Field(description="The tenants, in the order of their ids.")]
    next: str | None


class MessageCountsOut(Out):
    """Messages of a time. accepted: recorded to be sent; sent, delivered, read: as WhatsApp said so."""

    accepted: Annotated[int, Field(description="Recorded to be sent.")]
    sent: Annotated[int, Field(description="Taken by WhatsApp's server.")]
    delivered: Annotated[int, Field(description="Delivered to the recipient's phone; in groups not counted.")]
    read: Annotated[int, Field(description="Read by the recipient; in groups not counted.")]
    failed: Annotated[int, Field(description="That will not be sent.")]
    received: Annotated[int, Field(description="Received from others.")]


class WebhookCountsOut(Out):
    """Attempts to deliver webhooks."""

    delivered: Annotated[int, Field(description="Attempts that its app took.")]
    failed: Annotated[int, Field(description="Attempts that it did not.")]


class MediaBytesOut(Out):
    """Bytes of files. received: as their senders said."""

    received: Annotated[int, Field(description="Of files that came with messages, as their senders said.")]
    sent: Annotated[int, Field(description="Of files that were accepted to be sent, each once in a batch.")]


class UsageOut(Out):
    """What was used in a time."""

    messages: Annotated[MessageCountsOut, Field(description="Messages.")]
    webhooks: Annotated[WebhookCountsOut, Field(description="Attempts to deliver webhooks.")]
    requests: Annotated[int, Field(description="Requests to the API that named the tenant.")]
    media_bytes: Annotated[MediaBytesOut, Field(description="Bytes of files.")]

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


class UsageDayOut(UsageOut):
    """What was used on a day of UTC."""

    date: Annotated[str, Field(description="A day of UTC.")]

    @classmethod
    def on(cls, day: str, counts: Counts) -> Self:
        """Return the answer for a day."""
        return cls.model_validate({"date": day, **cls.fields_of(counts)})


class TenantUsageOut(Out):
    """What a tenant used, both days included. days: those on which it used anything."""

    tenant_id: str
    first: Annotated[str, Field(alias="from", description="The first day.")]
    last: Annotated[str, Field(alias="to", description="The last day.")]
    total: Annotated[UsageOut, Field(description="The sum of all days.")]
    days: Annotated[list[UsageDayOut], Field(description="The days on which it used anything.")]


class TenantTotalOut(Out):
    """What one of many tenants used in all of the time."""

    tenant_id: str
    total: Annotated[UsageOut, Field(description="The sum of all days.")]


class AllUsageOut(Out):
    """What tenants used, in the order of their ids. next: give it as `after` for the next page."""

    first: Annotated[str, Field(alias="from", description="The first day.")]
    last: Annotated[str, Field(alias="to", description="The last day.")]
    tenants: Annotated[list[TenantTotalOut], Field(description="The tenants, in the order of their ids.")]
    next: str | None
