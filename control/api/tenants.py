"""Tenants over HTTP: create, look, list, change, suspend, resume, delete.

Whoever is bound to tenants, by a key or a token, sees those and may change how they are named. What decides what a
tenant may do is for credentials that are bound to none: the operator's, and keys that the operator made so.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace

from aiohttp import web

from control.api import query
from control.api.answers import json_answer
from control.api.body import checked, read_object
from control.api.context import AUDIT_TENANT, DEPARTURE, PRINCIPAL, QUOTAS, STORAGE, SUSPENSION, TENANTS
from control.api.schemas import checked_tenant_id
from control.api.tenant_schemas import (
    OneTenantOut,
    SuspendIn,
    TenantDeletedOut,
    TenantIn,
    TenantNowOut,
    TenantOut,
    TenantPageOut,
    TenantPatchIn,
)
from control.errors import GatewayError
from control.log import mask_tenant
from control.tenancy.tenant import Tenant

PAGE_MAX = 200

log = logging.getLogger(__name__)


async def create(request: web.Request) -> web.Response:
    """POST /api/v1/tenants: 201, or `tenant_exists`."""
    _overseer(request)
    body = checked(TenantIn, await read_object(request))
    tenant = Tenant(
        checked_tenant_id(body.tenant_id),
        name=body.name,
        origin="operator",
        labels=body.labels,
        quotas=body.quotas.over(Tenant(body.tenant_id).quotas),
    )
    return _answer(request, await request.app[TENANTS].create(tenant), status=201)


async def page(request: web.Request) -> web.Response:
    """GET /api/v1/tenants?after=&limit=: the tenants there are, or those the credential is bound to."""
    query.known_only(request, "after", "limit")
    after, limit = _after(request), query.limit(request, most=PAGE_MAX)
    found, more = await _visible(request, after, limit)
    book = request.app[QUOTAS]
    tenants = [TenantOut.of(tenant, book.of(tenant)) for tenant in found]
    return json_answer(TenantPageOut(tenants=tenants, next=found[-1].id if more and found else None))


async def get(request: web.Request) -> web.Response:
    """GET …/{tenantId}: a tenant, and what it uses of its quotas now."""
    tenant = await request.app[TENANTS].get(_tenant(request))
    book = request.app[QUOTAS]
    try:
        room = await request.app[STORAGE].of(tenant.id)
    except GatewayError as error:
        log.info("storage of a tenant is not known", extra={"tenantId": tenant.id, "reason": error.code})
        room = None
    try:
        messages = await book.used(tenant.id)
    except (sqlite3.Error, OSError) as error:
        raise _unreadable(error) from None
    shown = TenantOut.of(tenant, book.of(tenant))
    return json_answer(TenantNowOut.now(shown, messages=messages, resets_ms=book.resets_ms(), room=room))


async def change(request: web.Request) -> web.Response:
    """PATCH …/{tenantId}: name and labels; quotas only by who is bound to no tenant."""
    tenant_id = _tenant(request)
    body = checked(TenantPatchIn, await read_object(request))
    if body.quotas is not None:
        _overseer(request)

    def alter(tenant: Tenant) -> Tenant:
        return replace(
            tenant,
            origin="operator",
            name=body.name if "name" in body.model_fields_set else tenant.name,
            labels=body.labels if body.labels is not None else tenant.labels,
            quotas=body.quotas.over(tenant.quotas) if body.quotas is not None else tenant.quotas,
        )

    return _answer(request, await request.app[TENANTS].change(tenant_id, alter))


async def suspend(request: web.Request) -> web.Response:
    """POST …/{tenantId}/suspend: nothing is taken or sent for the tenant until it is resumed."""
    _overseer(request)
    body = checked(SuspendIn, await read_object(request, optional=True))
    return _answer(request, await request.app[SUSPENSION].suspend(_tenant(request), body.reason))


async def resume(request: web.Request) -> web.Response:
    """POST …/{tenantId}/resume: a session that ran when it was suspended runs again."""
    _overseer(request)
    return _answer(request, await request.app[SUSPENSION].resume(_tenant(request)))


async def delete(request: web.Request) -> web.Response:
    """DELETE …/{tenantId}: the tenant and everything it owns."""
    _overseer(request)
    tenant_id = _tenant(request)
    # What is deleted is not named in full by the entry that says so.
    request[AUDIT_TENANT] = mask_tenant(tenant_id)
    await request.app[DEPARTURE].delete(tenant_id)
    return json_answer(TenantDeletedOut(tenant_id=tenant_id))


async def _visible(request: web.Request, after: str | None, limit: int) -> tuple[list[Tenant], bool]:
    tenants, bound = request.app[TENANTS], request[PRINCIPAL].tenants
    if bound is None:
        return await tenants.page(after, limit)
    mine = sorted(name for name in bound if after is None or name > after)
    found = [tenant for name in mine[:limit] if (tenant := await tenants.find(name)) is not None]
    return found, len(mine) > limit


def _overseer(request: web.Request) -> None:
    if request[PRINCIPAL].tenants is not None:
        raise GatewayError("forbidden", "This takes a key that is bound to no tenant, such as the operator's.")


def _answer(request: web.Request, tenant: Tenant, *, status: int = 200) -> web.Response:
    shown = TenantOut.of(tenant, request.app[QUOTAS].of(tenant))
    return json_answer(OneTenantOut(tenant=shown), status=status)


def _after(request: web.Request) -> str | None:
    after = request.query.get("after") or None
    return checked_tenant_id(after) if after is not None else None


def _tenant(request: web.Request) -> str:
    return checked_tenant_id(request.match_info["tenantId"])


def _unreadable(error: Exception) -> GatewayError:
    log.error("usage cannot be read", extra={"reason": type(error).__name__})
    return GatewayError("disk_unavailable", retry_after=2)
