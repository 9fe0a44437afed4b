"""Who is asking, and what of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from control.auth.scopes import Scope
from control.errors import GatewayError


class PrincipalKind(StrEnum):
    """What somebody showed to be let in."""

    OPERATOR = "operator"
    KEY = "key"
    TOKEN = "token"  # noqa: S105
    TICKET = "ticket"
    CONNECT_LINK = "connect_link"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The holder of a valid credential. Nothing has a default: nobody may do more because a line was forgotten.

    key_id: names the credential in logs without giving it away. tenants: those it is bound to, None for all there
    are and will be. scopes: what it may do.
    """

    kind: PrincipalKind
    key_id: str
    tenants: frozenset[str] | None
    scopes: frozenset[Scope]

    def require(self, scope: Scope, tenant_id: str | None) -> None:
        """Raise `tenant_not_found` or `forbidden` unless this may be done to this tenant.

        A tenant that is not the holder's and one that does not exist get the same answer, before anything is
        looked up. tenant_id: None where the address names none: the handler then shows only what is the holder's.
        """
        if tenant_id is not None and not self.sees(tenant_id):
            raise GatewayError("tenant_not_found")
        if scope not in self.scopes:
            raise GatewayError("forbidden", f"This key lacks the scope {scope}.")

    def sees(self, tenant_id: str) -> bool:
        """Whether the tenant is one of the holder's."""
        return self.tenants is None or tenant_id in self.tenants
