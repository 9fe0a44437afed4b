"""Tickets: let a browser open a stream, which can send no header, without a key in the address.

A ticket opens one stream of one tenant, once, within a minute, and only while the key or token holds that asked
for it; the stream ends with that, too. Redis knows the ticket's hash only.
"""

from __future__ import annotations

import hashlib
import secrets
import time

import orjson
from redis.asyncio import Redis

from control.auth.principal import Principal, PrincipalKind
from control.auth.scopes import Scope
from control.auth.standing import Standing
from control.errors import GatewayError
from control.storage.keys import Keys

TICKET_SECONDS = 60


class Tickets:
    """Gives out tickets and takes them. Raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def issue(self, tenant_id: str, standing: Standing) -> tuple[str, int]:
        """Return a ticket for a tenant and until when (unix ms) it opens a stream. standing: of who asks."""
        ticket = f"tkt_{secrets.token_urlsafe(24)}"
        key = self._keys.ticket(tenant_id, _digest(ticket))
        await self._redis.set(key, orjson.dumps(standing.dumped()), ex=TICKET_SECONDS)
        return ticket, int((time.time() + TICKET_SECONDS) * 1000)

    async def redeem(self, ticket: str, tenant_id: str) -> tuple[Principal, Standing]:
        """Use up a ticket; return its holder and the standing of who asked for it, which may not hold any more.

        Raises `unauthorized` when it is unknown, used, too old or another tenant's.
        """
        digest = _digest(ticket)
        kept = await self._redis.getdel(self._keys.ticket(tenant_id, digest))
        if kept is None:
            raise GatewayError("unauthorized", "This ticket is not valid any more. Ask for a new one.")
        standing = Standing.loaded(orjson.loads(kept))
        principal = Principal(
            kind=PrincipalKind.TICKET,
            key_id=digest[:8],
            tenants=frozenset((tenant_id,)),
            scopes=frozenset((Scope.EVENTS_READ,)),
        )
        return principal, standing


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode("utf-8", "surrogateescape")).hexdigest()
