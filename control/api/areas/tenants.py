"""Addresses of tenants and their usage."""

from __future__ import annotations

from typing import Final

from control.api import tenants, usage
from control.api.operation import Body, Operation, Parameter, Tag, after, limit
from control.api.route import Route
from control.api.tenant_schemas import (
    AllUsageOut,
    OneTenantOut,
    SuspendIn,
    TenantDeletedOut,
    TenantIn,
    TenantNowOut,
    TenantPageOut,
    TenantPatchIn,
    TenantUsageOut,
)
from control.auth.scopes import Scope

_TENANT: Final = "/api/v1/tenants/{tenantId}"
_ID: Final = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}
_DAY: Final = {"type": "string", "format": "date"}
_SPAN: Final = (
    Parameter("from", "The first day, of UTC; 29 days before the last when left out.", _DAY),
    Parameter("to", "The last day; today when left out. At most 400 days are answered.", _DAY),
)
_UNBOUND: Final = "Takes a key that is bound to no tenant, such as the operator's."

ROUTES: Final = (
    Route(
        "POST",
        "/api/v1/tenants",
        tenants.create,
        scope=Scope.TENANTS_WRITE,
        seconds=10,
        operation=Operation(
            "createTenant",
            Tag.TENANTS,
            "Create a tenant",
            description=(
                "Where `TENANT_CREATION` is `open`, a tenant's first start creates it too, with the "
                f"installation's quotas. {_UNBOUND}"
            ),
            body=TenantIn,
            answers={201: OneTenantOut},
            errors=("invalid_tenant_id", "tenant_exists"),
        ),
    ),
    Route(
        "GET",
        "/api/v1/tenants",
        tenants.page,
        scope=Scope.TENANTS_READ,
        seconds=10,
        operation=Operation(
            "listTenants",
            Tag.TENANTS,
            "List tenants",
            description="In the order of their ids; a key that is bound to tenants sees those.",
            parameters=(after("`next` of the page before.", _ID), limit(most=tenants.PAGE_MAX)),
            answers={200: TenantPageOut},
            errors=("invalid_tenant_id",),
        ),
    ),
    Route(
        "GET",
        _TENANT,
        tenants.get,
        scope=Scope.TENANTS_READ,
        seconds=10,
        operation=Operation(
            "getTenant",
            Tag.TENANTS,
            "Look at a tenant",
            description="With its quotas and what it uses of them now.",
            answers={200: TenantNowOut},
            errors=("disk_unavailable",),
        ),
    ),
    Route(
        "PATCH",
        _TENANT,
        tenants.change,
        scope=Scope.TENANTS_WRITE,
        seconds=10,
        operation=Operation(
            "changeTenant",
            Tag.TENANTS,
            "Change a tenant",
            description=(
                "What is left out stays as it is; `labels` replaces all of them, and a quota that is `null` is "
                "the installation's again. Quotas take a key that is bound to no tenant."
            ),
            body=TenantPatchIn,
            answers={200: OneTenantOut},
        ),
    ),
    Route(
        "DELETE",
        _TENANT,
        tenants.delete,
        scope=Scope.TENANTS_WRITE,
        seconds=45,
        operation=Operation(
            "deleteTenant",
            Tag.TENANTS,
            "Delete a tenant",
            description=(
                "With everything it owns: its number is unlinked, and its messages, events, webhooks, files, "
                "keys, usage and quotas are gone, here and in the bucket for media. After an error ask again: "
                f"the rest is done then. {_UNBOUND}"
            ),
            answers={200: TenantDeletedOut},
            calls=("session.delete",),
            errors=("disk_unavailable",),
        ),
    ),
    Route(
        "POST",
        f"{_TENANT}/suspend",
        tenants.suspend,
        scope=Scope.TENANTS_WRITE,
        seconds=25,
        operation=Operation(
            "suspendTenant",
            Tag.TENANTS,
            "Suspend a tenant",
            description=(
                "Its keys are answered `tenant_suspended`, its number is disconnected and nothing leaves; the "
                f"pairing, its data and what waits are kept. {_UNBOUND}"
            ),
            body=Body(SuspendIn, required=False),
            answers={200: OneTenantOut},
        ),
    ),
    Route(
        "POST",
        f"{_TENANT}/resume",
        tenants.resume,
        scope=Scope.TENANTS_WRITE,
        seconds=45,
        operation=Operation(
            "resumeTenant",
            Tag.TENANTS,
            "Resume a tenant",
            description=f"Its number connects again if it did when the tenant was suspended. {_UNBOUND}",
            answers={200: OneTenantOut},
        ),
    ),
    Route(
        "GET",
        f"{_TENANT}/usage",
        usage.of_tenant,
        scope=Scope.TENANTS_READ,
        seconds=15,
        operation=Operation(
            "getTenantUsage",
            Tag.TENANTS,
            "Look at a tenant's usage",
            description="Day by day, for the last 400 days.",
            parameters=_SPAN,
            answers={200: TenantUsageOut},
            errors=("disk_unavailable",),
        ),
    ),
    Route(
        "GET",
        "/api/v1/usage",
        usage.of_all,
        scope=Scope.TENANTS_READ,
        seconds=30,
        operation=Operation(
            "listUsage",
            Tag.TENANTS,
            "Look at everybody's usage",
            description="The total of each tenant in a time; a key that is bound to tenants sees those.",
            parameters=(*_SPAN, after("`next` of the page before.", _ID), limit(most=usage.PAGE_MAX)),
            answers={200: AllUsageOut},
            errors=("invalid_tenant_id", "disk_unavailable"),
        ),
    ),
)
