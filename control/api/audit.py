"""The audit log over HTTP."""

from __future__ import annotations

from typing import Final, Self

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.body import wrong_field
from control.api.context import AUDIT_READER, PRINCIPAL
from control.api.schemas import checked_tenant_id
from control.api.shape import Out, iso, iso_or_none
from control.audit.entry import AuditEntry
from control.audit.reading import CURSOR, Kept
from control.errors import GatewayError
from control.log import mask_address

PAGE_MAX: Final = 500


class AuditEntryOut(Out):
    """What was done, or refused. count: how often, from `at` to `until`, where the same is counted.

    kind: operator, key, token, ticket, connect_link, or nobody. address: the IP address; its network for keys that
    are bound to tenants. action: the operationId, `authenticate` where nobody was let in. status: 0 when the
    request had no answer.
    """

    id: str
    at: str
    until: str | None
    count: int
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

    @classmethod
    def of(cls, kept: Kept, *, whole_address: bool) -> Self:
        """Return the answer for an entry."""
        entry = kept.entry
        return cls(
            id=kept.id,
            at=iso(entry.at_ms),
            until=iso_or_none(entry.until_ms),
            count=entry.count,
            kind=entry.kind,
            key_id=entry.key_id,
            address=entry.address if whole_address else mask_address(entry.address),
            method=entry.method,
            route=entry.route,
            action=entry.action,
            tenant_id=entry.tenant_id,
            target=entry.target,
            status=entry.status,
            request_id=entry.request_id,
        )


class AuditPageOut(Out):
    """Entries, newest first; oldest first with `after`. next: where that direction goes on; null at its end.

    A page may be short or empty and have a next one: only so many entries are looked at for one.
    """

    entries: list[AuditEntryOut]
    next: str | None


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/audit?tenantId=&keyId=&action=&after=&before=&limit=: what who asks may see of it."""
    query.known_only(request, "tenantId", "keyId", "action", "after", "before", "limit")
    principal = request[PRINCIPAL]
    tenant_id, key_id = request.query.get("tenantId") or None, query.cursor(request, "keyId")
    action = query.cursor(request, "action")
    if tenant_id is not None and not principal.sees(checked_tenant_id(tenant_id)):
        raise GatewayError("tenant_not_found")
    after, before = _place(request, "after"), _place(request, "before")
    if after is not None and before is not None:
        raise wrong_field("before", "cannot stand beside after")

    def wanted(entry: AuditEntry) -> bool:
        return (
            (principal.tenants is None or (entry.tenant_id is not None and principal.sees(entry.tenant_id)))
            and (tenant_id is None or entry.tenant_id == tenant_id)
            and (key_id is None or entry.key_id == key_id)
            and (action is None or entry.action == action)
        )

    found = await request.app[AUDIT_READER].page(
        beside=after or before,
        forward=after is not None,
        limit=query.limit(request, most=PAGE_MAX),
        refused=principal.tenants is None,
        wanted=wanted,
    )
    whole = principal.tenants is None
    entries = [AuditEntryOut.of(kept, whole_address=whole) for kept in found.entries]
    return json_answer(AuditPageOut(entries=entries, next=found.cursor))


def _place(request: web.Request, name: str) -> str | None:
    """Return the id a page begins beside; raises `invalid_request`."""
    given = request.query.get(name) or None
    if given is None:
        return None
    if not CURSOR.fullmatch(given):
        raise wrong_field(name, "is no id of an entry")
    return given
