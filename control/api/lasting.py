"""Streams end with what opened them: a key that is revoked or narrowed, a token that is over, a tenant suspended.

Who was let in is asked about again every LOOK_SECONDS, and the stream is cut when the answer is no. While Redis is
away nothing can be said; who was good goes on then for as long as a key is believed without Redis.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from redis.exceptions import RedisError

from control.api.admission import refuse_suspended
from control.api.context import AUTHENTICATOR, STANDING
from control.auth.key_verifier import TRUST_SECONDS
from control.auth.scopes import Scope
from control.errors import GatewayError
from control.storage.redis import leave_if_cancelled

LOOK_SECONDS = 3.0

_CANNOT_BE_SAID = ("redis_unavailable", "disk_unavailable")


class Dismissed(Exception):
    """Whoever was let in would not be let in any more."""


async def refuse_dismissed(request: web.Request, scope: Scope, tenant_id: str) -> None:
    """Raise unless the request would be let in now, too.

    Raises `unauthorized`, `forbidden`, `tenant_not_found`, `tenant_suspended`, `disk_unavailable`, RedisError.
    """
    authenticator = request.app[AUTHENTICATOR]
    standing = request[STANDING] if STANDING in request else authenticator.standing(request.headers)
    principal = await authenticator.still(standing)
    principal.require(scope, tenant_id)
    await refuse_suspended(request.app, principal, tenant_id)


@asynccontextmanager
async def while_admitted(request: web.Request, scope: Scope, tenant_id: str) -> AsyncIterator[None]:
    """Cut what is done inside, by Dismissed, when the request would not be let in any more."""
    dismissal = asyncio.timeout(None)
    looking: asyncio.Task[None] | None = None
    try:
        async with dismissal:
            looking = asyncio.create_task(
                _look(request, scope, tenant_id, dismissal), name="admission of a stream"
            )
            yield
    except TimeoutError:
        if not dismissal.expired():
            raise
        raise Dismissed from None
    finally:
        if looking is not None:
            looking.cancel()
            await asyncio.wait({looking})


async def _look(request: web.Request, scope: Scope, tenant_id: str, dismissal: asyncio.Timeout) -> None:
    good = time.monotonic()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        leave_if_cancelled()
        try:
            await refuse_dismissed(request, scope, tenant_id)
            good = time.monotonic()
        except (GatewayError, RedisError, OSError) as error:
            unknown = not isinstance(error, GatewayError) or error.code in _CANNOT_BE_SAID
            if unknown and time.monotonic() - good < TRUST_SECONDS:
                continue
            # Else the stream has ended by itself meanwhile.
            leave_if_cancelled()
            dismissal.reschedule(asyncio.get_running_loop().time())
            return
