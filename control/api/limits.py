"""How a tenant's messages are spaced, over HTTP."""

from __future__ import annotations

from typing import Literal

from aiohttp import web

from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import PACING
from control.api.schemas import checked_tenant_id
from control.api.shape import In, Out, iso_or_none
from control.rpc.contract_gen import Limits, SendProfile


class SendLimitsIn(In):
    """Body of PUT …/limits. profile: null for what the settings say."""

    profile: Literal["paced", "conversations", "unpaced"] | None


class BucketOut(Out):
    """One limit. freeAt: when there is room again, null while there is."""

    name: str
    limit: int
    used: int
    free_at: str | None


class GapOut(Out):
    """The pause between two messages, in milliseconds."""

    min: int
    median: int
    max: int


class WarmUpOut(Out):
    """The first days after pairing: the day it is, counted from 1, of so many."""

    day: int
    days: int


class RestrictionOut(Out):
    """What WhatsApp itself limits."""

    kind: str
    until: str | None
    quota: int | None
    used: int | None
    status: str | None


class SendLimitsOut(Out):
    """All that holds messages up, and what is used of it. isDefault: the settings decide, not the tenant."""

    success: Literal[True] = True
    profile: str
    is_default: bool
    queued: int
    queue_limit: int
    parked_new_chats: int
    gap_ms: GapOut | None
    buckets: list[BucketOut]
    warm_up: WarmUpOut | None
    restrictions: list[RestrictionOut]
    next_send_at: str | None

    @classmethod
    def of(cls, limits: Limits) -> SendLimitsOut:
        """Return the limits."""
        gap, warm_up = limits.gap_ms, limits.warm_up
        return cls(
            profile=limits.profile.value,
            is_default=limits.is_default,
            queued=limits.queued,
            queue_limit=limits.queue_limit,
            parked_new_chats=limits.parked_new_chats,
            gap_ms=GapOut(min=gap.min, median=gap.median, max=gap.max) if gap is not None else None,
            buckets=[
                BucketOut(name=one.name.value, limit=one.limit, used=one.used, free_at=iso_or_none(one.free_at_ms))
                for one in limits.buckets
            ],
            warm_up=WarmUpOut(day=warm_up.day, days=warm_up.days) if warm_up is not None else None,
            restrictions=[
                RestrictionOut(
                    kind=one.kind.value,
                    until=iso_or_none(one.until_ms),
                    quota=one.quota,
                    used=one.used,
                    status=one.status,
                )
                for one in limits.restrictions
            ],
            next_send_at=iso_or_none(limits.next_send_at_ms),
        )


async def get(request: web.Request) -> web.Response:
    """GET …/limits."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    return json_answer(SendLimitsOut.of(await request.app[PACING].limits(tenant_id)))


async def put(request: web.Request) -> web.Response:
    """PUT …/limits: choose a profile."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    wanted = checked(SendLimitsIn, await read_object(request))
    profile = SendProfile(wanted.profile) if wanted.profile is not None else None
    return json_answer(SendLimitsOut.of(await request.app[PACING].choose(tenant_id, profile)))
