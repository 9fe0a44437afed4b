"""Whether a tenant's requests are let in: it has to exist, and not be suspended."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from control.api.context import TENANTS, USAGE
from control.api.route import Route
from control.api.schemas import checked_tenant_id
from control.auth.principal import Principal
from control.errors import GatewayError
from control.tenancy.usage import Counted

_LOOKING: Final = frozenset({"GET", "HEAD", "DELETE"})
_ITSELF: Final = "/api/v1/tenants/"


async def admit(request: web.Request, route: Route | None, principal: Principal, tenant_id: str | None) -> None:
    """Let in a request that its credential allows.

    While a tenant is suspended, its own credentials open nothing: what names another is open to those that are
    bound to both, and what names none while one of theirs is not suspended. Those that are bound to no tenant, the
    operator's first of all, may look, delete, and work on the tenant itself.

    Raises `invalid_tenant_id`, `tenant_not_found`, `tenant_suspended`.
    """
    if route is None:
        return
    if tenant_id is None:
        await _refuse_if_all_suspended(request.app, principal)
        return
    checked_tenant_id(tenant_id)
    tenant = await request.app[TENANTS].admit(tenant_id, creating=route.creates_tenant)
    request.app[USAGE].count(tenant_id, Counted.REQUESTS)
    if not tenant.suspended:
        return
    if principal.tenants is None and (request.method in _LOOKING or route.path.startswith(_ITSELF)):
        return
    raise GatewayError("tenant_suspended")


async def _refuse_if_all_suspended(app: web.Application, principal: Principal) -> None:
    if not principal.tenants:
        return
    for tenant_id in sorted(principal.tenants):
        try:
            if not (await app[TENANTS].admit(tenant_id, creating=False)).suspended:
                return
        except GatewayError as error:
            if error.code == "tenant_not_found":
                return
            raise
    raise GatewayError("tenant_suspended")


async def refuse_suspended(app: web.Application, principal: Principal, tenant_id: str) -> None:
    """Raise `tenant_not_found` or `tenant_suspended` unless somebody who looks at the tenant may go on looking."""
    tenant = await app[TENANTS].admit(tenant_id, creating=False)
    if tenant.suspended and principal.tenants is not None:
        raise GatewayError("tenant_suspended")


async def admit_visitor(app: web.Application, tenant_id: str, *, creating: bool = False) -> None:
    """Let in who shows a connect link of the tenant. Raises `tenant_not_found`, `tenant_suspended`."""
    tenant = await app[TENANTS].admit(tenant_id, creating=creating)
    if tenant.suspended:
        raise GatewayError("tenant_suspended")
