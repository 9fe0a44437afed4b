"""METRICS_TOKEN: lets a monitoring system read the metrics and do nothing else."""

from __future__ import annotations

import hashlib
import hmac

from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import Scope
from control.settings import Settings


class ScrapeToken:
    """The token, kept as its hash."""

    def __init__(self, token: str) -> None:
        self._hash = _hash(token)
        self._principal = Principal(
            kind=PrincipalKind.METRICS,
            key_id=self._hash.hex()[:8],
            tenants=frozenset(),
            scopes=frozenset({Scope.METRICS_READ}),
        )

    @classmethod
    def of(cls, settings: Settings) -> ScrapeToken | None:
        """Return the token of this installation, None without one."""
        return cls(settings.metrics_token.get_secret_value()) if settings.metrics_token is not None else None

    def principal(self, given: str) -> Principal | None:
        """Return who may read metrics if this is the token. Takes the same time for every wrong one."""
        return self._principal if hmac.compare_digest(_hash(given), self._hash) else None


def _hash(token: str) -> bytes:
    # Hashes have one length, so that comparing them says nothing about the token's.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
