"""What tenants used, over HTTP."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Final

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.body import wrong_field
from control.api.context import PRINCIPAL, TENANTS, USAGE
from control.api.schemas import checked_tenant_id
from control.api.tenant_schemas import AllUsageOut, TenantTotalOut, TenantUsageOut, UsageDayOut, UsageOut
from control.errors import GatewayError
from control.tenancy.usage import DAYS_KEPT
from control.tenancy.usage_copy import Counts, added

DAYS_DEFAULT: Final = 30
PAGE_MAX: Final = 100

log = logging.getLogger(__name__)


async def of_tenant(request: web.Request) -> web.Response:
    """GET /api/v1/tenants/{tenantId}/usage?from=&to=: day by day, the last 30 by default."""
    tenant_id = checked_tenant_id(request.match_info["tenantId"])
    query.known_only(request, "from", "to")
    first, last = _span(request)
    await request.app[TENANTS].get(tenant_id)
    days = await _days(request, tenant_id, first, last)
    return json_answer(
        TenantUsageOut.model_validate(
            {
                "tenant_id": tenant_id,
                "from": str(first),
                "to": str(last),
                "total": UsageOut.of(added(*days.values())),
                "days": [UsageDayOut.on(day, counts) for day, counts in sorted(days.items())],
            }
        )
    )


async def of_all(request: web.Request) -> web.Response:
    """GET /api/v1/usage?from=&to=&after=&limit=: the totals of all tenants, or of those the key is bound to."""
    query.known_only(request, "from", "to", "after", "limit")
    first, last = _span(request)
    limit = query.limit(request, most=PAGE_MAX)
    after = request.query.get("after") or None
    if after is not None:
        checked_tenant_id(after)
    bound = request[PRINCIPAL].tenants
    known = await request.app[TENANTS].ids()
    ids = [name for name in known if (after is None or name > after) and (bound is None or name in bound)]
    totals = []
    for name in ids[:limit]:
        days = await _days(request, name, first, last)
        totals.append(TenantTotalOut(tenant_id=name, total=UsageOut.of(added(*days.values()))))
    following = ids[limit - 1] if len(ids) > limit else None
    shown = {"from": str(first), "to": str(last), "tenants": totals, "next": following}
    return json_answer(AllUsageOut.model_validate(shown))


async def _days(request: web.Request, tenant_id: str, first: date, last: date) -> dict[str, Counts]:
    try:
        return await request.app[USAGE].days(tenant_id, first, last)
    except (sqlite3.Error, OSError) as error:
        log.error("usage cannot be read", extra={"reason": type(error).__name__})
        raise GatewayError("disk_unavailable", retry_after=2) from None


def _span(request: web.Request) -> tuple[date, date]:
    last = _day(request, "to") or datetime.now(UTC).date()
    first = _day(request, "from") or last - timedelta(DAYS_DEFAULT - 1)
    if first > last:
        raise wrong_field("from", "lies after to")
    if (last - first).days >= DAYS_KEPT:
        raise wrong_field("from", f"lies more than {DAYS_KEPT} days before to")
    return first, last


def _day(request: web.Request, name: str) -> date | None:
    given = request.query.get(name, "")
    if not given:
        return None
    try:
        found = date.fromisoformat(given)
    except ValueError:
        raise wrong_field(name, "must be a day such as 2026-11-23") from None
    if not 2000 <= found.year <= 2999 or len(given) != 10:
        raise wrong_field(name, "must be a day such as 2026-11-23")
    return found
