"""Tickets: let a browser open a stream, which can send no header, without a key in the address.

A ticket opens one stream of one tenant, once, within a minute. Redis knows its hash only.
"""

from __future__ import annotations

import hashlib
import secrets
import time

from redis.asyncio import Redis

from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import Scope
from control.errors import GatewayError
from control.storage.keys import Keys

TICKET_SECONDS = 60


class Tickets:
    """Gives out tickets and takes them. Raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def issue(self, tenant_id: str) -> tuple[str, int]:
        """Return a ticket for a tenant and until when (unix ms) it opens a stream."""
        ticket = f"tkt_{secrets.token_urlsafe(24)}"
        await self._redis.set(self._keys.ticket(_digest(ticket)), tenant_id, ex=TICKET_SECONDS)
        return ticket, int((time.time() + TICKET_SECONDS) * 1000)

    async def redeem(self, ticket: str, tenant_id: str) -> Principal:
        """Use up a ticket; raises `unauthorized` when it is unknown, used, too old or another tenant's."""
        digest = _digest(ticket)
        found = await self._redis.getdel(self._keys.ticket(digest))
        if found is None or found.decode() != tenant_id:
            raise GatewayError("unauthorized", "This ticket is not valid any more. Ask for a new one.")
        return Principal(
            kind=PrincipalKind.TICKET,
            key_id=digest[:8],
            tenants=frozenset((tenant_id,)),
            scopes=frozenset((Scope.EVENTS_READ,)),
        )


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogateescape")).hexdigest()
