"""Addresses of tenants and their usage."""

from __future__ import annotations

from typing import Final

from control.api import tenants, usage
from control.api.route import Route
from control.auth.scopes import Scope

_TENANT: Final = "/api/v1/tenants/{tenantId}"

ROUTES: Final = (
    Route("POST", "/api/v1/tenants", tenants.create, scope=Scope.TENANTS_WRITE, seconds=10),
    Route("GET", "/api/v1/tenants", tenants.page, scope=Scope.TENANTS_READ, seconds=10),
    Route("GET", _TENANT, tenants.get, scope=Scope.TENANTS_READ, seconds=10),
    Route("PATCH", _TENANT, tenants.change, scope=Scope.TENANTS_WRITE, seconds=10),
    Route("DELETE", _TENANT, tenants.delete, scope=Scope.TENANTS_WRITE, seconds=45),
    Route("POST", f"{_TENANT}/suspend", tenants.suspend, scope=Scope.TENANTS_WRITE, seconds=25),
    Route("POST", f"{_TENANT}/resume", tenants.resume, scope=Scope.TENANTS_WRITE, seconds=45),
    Route("GET", f"{_TENANT}/usage", usage.of_tenant, scope=Scope.TENANTS_READ, seconds=15),
    Route("GET", "/api/v1/usage", usage.of_all, scope=Scope.TENANTS_READ, seconds=30),
)
