"""Brings over what versions before 0.2 kept: one webhook per tenant, lanes without a webhook's name, dead letters.

It runs before the first event is taken in, else that event would go to the installation's webhook instead of the
tenant's. Every step is whole by itself and may be repeated. What waited keeps its place, attempts and time.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.storage.erasure import names_that_begin
from control.storage.keys import Keys
from control.storage.lanes import DEFAULT_WEBHOOK, PRELUDE, lane_keys, lane_keys_count
from control.storage.redis import execute, leave_if_cancelled
from control.webhooks.endpoint import WEBHOOK_ID_PREFIX, Stored
from control.webhooks.registry import WebhookRegistry

MOVED_AT_ONCE: Final = 1_000
RETRY_SECONDS: Final = 0.5

_OLD: Final = (":webhook", ":lanes:queue", ":webhook:dead")

# KEYS after those of the lanes: old queue, heads, due, state, dead letters. ARGV: webhook, now, how many at most.
# Answers how many were moved; 0 when there are no more, and then the old keys are gone.
_MOVE = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + "local AT = "
    + str(lane_keys_count())
    + """
local old_queue, old_heads, old_due, old_state, old_dead = unpack(KEYS, AT + 1, AT + 5)
local route, now = {id = ARGV[1], ordering = 'chat'}, ARGV[2]
local members = redis.call('ZRANGE', old_queue, 0, tonumber(ARGV[3]) - 1)
for _, member in ipairs(members) do
  local lane, ms, seq = string.match(member, '^(.*)\\n(%d+)-(%d+)$')
  local id = string.format('%.0f-%.0f', tonumber(ms), tonumber(seq))
  enqueue(route, lane, id, now)
  local attempts = string.match(redis.call('HGET', old_state, lane) or '', '^(%d+)|')
  if attempts then
    local new = route.id .. '|' .. lane
    redis.call('HSET', STATE, new, attempts .. '||' .. id .. '|' .. now)
    redis.call('ZADD', due_key(route.id), redis.call('ZSCORE', old_due, lane) or now, new)
    redis.call('HDEL', old_state, lane)
  end
  redis.call('ZREM', old_queue, member)
end
if #members == 0 then
  for _, entry in ipairs(redis.call('XRANGE', old_dead, '-', '+')) do
    redis.call('XADD', dead_key(route.id), '*', 'log', entry[1], unpack(entry[2]))
  end
  redis.call('DEL', old_queue, old_heads, old_due, old_state, old_dead)
end
touch(route.id)
return #members
"""
)

log = logging.getLogger(__name__)


class Migration:
    """Moves what is left of older versions, once per installation."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        registry: WebhookRegistry,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._registry = registry
        self._clock = clock
        self._move = redis.register_script(_MOVE)

    async def run(self) -> None:
        """Return when nothing is left to move, however long Redis is away."""
        while True:
            leave_if_cancelled()
            try:
                await self.step()
                return
            except (RedisError, GatewayError, OSError) as error:
                log.warning("webhooks cannot be looked at, trying again", extra={"reason": type(error).__name__})
                await asyncio.sleep(RETRY_SECONDS)

    async def step(self) -> None:
        """Move what there is. Raises redis.RedisError."""
        if await execute(self._redis, "EXISTS", self._keys.webhooks_moved()):
            return
        prefix = self._keys.of_tenant("").partition("{")[0] + "{"
        tenants = {
            name.decode().removeprefix(prefix).partition("}")[0]
            for name in await names_that_begin(self._redis, prefix)
            if name.decode().partition("}")[2] in _OLD
        }
        for tenant in sorted(tenants):
            leave_if_cancelled()
            await self._tenant(tenant)
        await execute(self._redis, "SET", self._keys.webhooks_moved(), "1")
        if tenants:
            log.info("webhooks of an older version were brought over", extra={"tenants": len(tenants)})

    async def _tenant(self, tenant_id: str) -> None:
        now_ms = int(self._clock() * 1000)
        old = await self._redis.hgetall(self._keys.webhook(tenant_id))  # type: ignore[misc]
        webhook_id = DEFAULT_WEBHOOK
        if b"url" in old and b"secret" in old:
            names = old.get(b"events", b"*").decode()
            moved = Stored(
                WEBHOOK_ID_PREFIX + secrets.token_hex(12),
                url=old[b"url"].decode(),
                secret=old[b"secret"].decode(),
                events=None if names == "*" else tuple(names.split(",")),
                by_start=True,
                created_ms=now_ms,
                updated_ms=now_ms,
            )

            def alter(found: dict[str, Stored]) -> dict[str, Stored]:
                # A start that came before this has named a newer one.
                return found if any(s.by_start for s in found.values()) else {**found, moved.id: moved}

            after = await self._registry.change(tenant_id, alter, now_ms=now_ms)
            webhook_id = next(stored.id for stored in after.values() if stored.by_start)
        lanes = f"{self._keys.of_tenant(tenant_id)}lanes:"
        keys = [
            *lane_keys(self._keys, tenant_id),
            *(f"{lanes}{name}" for name in ("queue", "heads", "due", "state")),
            self._keys.dead_letters_of(tenant_id),
        ]
        while int(await self._move(keys=keys, args=[webhook_id, now_ms, MOVED_AT_ONCE])):
            leave_if_cancelled()
        await execute(self._redis, "DEL", self._keys.webhook(tenant_id))
