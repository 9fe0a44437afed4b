"""Who is asking, and what of."""

from __future__ import annotations

from dataclasses import dataclass

from control.auth.scopes import ALL_SCOPES, Scope
from control.errors import GatewayError


@dataclass(frozen=True, slots=True)
class Principal:
    """The holder of a valid credential.

    key_id: names the key in logs without giving it away. tenants: those it is bound to, None for all there are
    and will be. scopes: what it may do.
    """

    key_id: str
    tenants: frozenset[str] | None = None
    scopes: frozenset[Scope] = ALL_SCOPES

    def require(self, scope: Scope, tenant_id: str | None) -> None:
        """Raise `tenant_not_found` or `forbidden` unless this may be done to this tenant.

        A tenant that is not the holder's and one that does not exist get the same answer, before anything is
        looked up. tenant_id: None where the address names none: the handler then shows only what is the holder's.
        """
        if tenant_id is not None and self.tenants is not None and tenant_id not in self.tenants:
            raise GatewayError("tenant_not_found")
        if scope not in self.scopes:
            raise GatewayError("forbidden", f"This key lacks the scope {scope}.")
