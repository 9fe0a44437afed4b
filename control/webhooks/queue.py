"""Takes events out of the lanes: claim the heads that are due, then settle each.

A claim leases the head of a lane until LEASE_SECONDS from now and gives a token. Settling needs the token:
whoever was suspended for longer than its lease finds that another has taken over, and changes nothing. A lease
nobody settles ends by itself and the event is claimed again, with the same id. An attempt takes at most half a
lease.

All scripts here are allowed when Redis is full (`allow-oom`): they are what makes room again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from redis.asyncio import Redis

from control.storage.keys import DEAD_LETTERS_MAX, Keys
from control.storage.lanes import PRELUDE, lane_keys

LEASE_SECONDS = 30.0
_HINTS_AT_ONCE = 1_000
_TENANTS_AT_ONCE = 500

# Finds the first head of a lane the endpoint wants, leases it, and drops what comes before: events of types it
# does not want, and entries the log no longer has. `budget` bounds the work of one call.
_TAKE = """
local function take(lane, now, lease_until, token, wanted, budget)
  while budget.left > 0 do
    local member, id = head_of(lane)
    if not member then
      -- Never due again, else a claim would find it again and again, and Redis would do nothing else.
      redis.call('ZREM', DUE, lane)
      redis.call('ZREM', HEADS, lane)
      redis.call('HDEL', STATE, lane)
      return nil
    end
    local e = entry_at(id)
    if e and (wanted == '*' or string.find(wanted, ',' .. e.type .. ',', 1, true)) then
      local attempts = tonumber(string.match(redis.call('HGET', STATE, lane) or '0|', '^%d+')) + 1
      redis.call('HSET', STATE, lane, attempts .. '|' .. token)
      redis.call('ZADD', DUE, lease_until, lane)
      return {lane, id, attempts, e.id, e.type, e.body}
    end
    budget.left = budget.left - 1
    pop(lane, member)
  end
  if head_of(lane) then redis.call('ZADD', DUE, now, lane) end
  return nil
end

local function next_due()
  return redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')[2] or '-1'
end
"""

# ARGV: now, lease until, token, limit, wanted types. Answers {next due, event…}.
_CLAIM = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + _TAKE
    + """
local now, limit, budget = ARGV[1], tonumber(ARGV[4]), {left = 500}
local out = {''}
while #out <= limit and budget.left > 0 do
  local due = redis.call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, limit)
  if #due == 0 then break end
  for _, lane in ipairs(due) do
    if #out > limit or budget.left <= 0 then break end
    local event = take(lane, now, ARGV[2], ARGV[3], ARGV[5], budget)
    if event then out[#out + 1] = event end
  end
end
out[1] = next_due()
return out
"""
)

# ARGV: lane, token, verdict, now, due, lease until, wanted types ('' for no next), dead max, reason.
# Answers {settled, next due, next event or nothing}.
_SETTLE = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + _TAKE
    + """
local lane, token, verdict, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local attempts, holder = string.match(redis.call('HGET', STATE, lane) or '', '^(%d+)|(.*)$')
if holder ~= token then return {0, next_due()} end
local member, id = head_of(lane)
if verdict == 'later' or verdict == 'release' then
  if verdict == 'release' then attempts = attempts - 1 end
  redis.call('HSET', STATE, lane, attempts .. '|')
  redis.call('ZADD', DUE, ARGV[5], lane)
  return {1, next_due()}
end
if verdict == 'dead' then bury(id, ARGV[9], attempts, ARGV[8]) end
pop(lane, member)
local event = false
if ARGV[7] ~= '' then
  event = take(lane, now, ARGV[6], token, ARGV[7], {left = 500}) or false
elseif head_of(lane) then
  redis.call('ZADD', DUE, now, lane)
end
return {1, next_due(), event}
"""
)

# A plain ZADD is refused when Redis is full. KEYS: hints. ARGV: of ZADD.
_ADD_HINTS = """#!lua flags=allow-oom
return redis.call('ZADD', KEYS[1], unpack(ARGV))
"""

# Takes away a hint that was followed and led to nothing. One that is due is newer: something was added meanwhile.
# KEYS: hints. ARGV: tenant, now.
_DROP_HINT = """#!lua flags=allow-oom
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if at and tonumber(at) > tonumber(ARGV[2]) then redis.call('ZREM', KEYS[1], ARGV[1]) end
"""

Verdict = Literal["done", "dead", "later", "release"]
"""done: delivered. dead: given up. later: try again at a time. release: not tried after all, anyone may."""

ALL_EVENTS = "*"
NO_EVENTS = ",,"


def wanted(events: Iterable[str] | None) -> str:
    """Spell which types an endpoint wants, for the scripts; None is all of them."""
    return ALL_EVENTS if events is None else "," + ",".join(sorted(events)) + ","


@dataclass(frozen=True, slots=True)
class Due:
    """The head of a lane, leased. attempt: 1 for the first."""

    tenant_id: str
    lane: str
    token: str
    attempt: int
    event_id: str
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """Leased heads, and when to look at the tenant again (unix ms, None when nothing waits)."""

    events: Sequence[Due]
    next_due_ms: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """held: the lease was still ours. next: the lane's next head under the same lease, when asked for."""

    held: bool
    next_due_ms: int | None
    next: Due | None


class DeliveryQueue:
    """The webhook worker's view of the lanes. Every method raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys
        self._claim = redis.register_script(_CLAIM)
        self._settle = redis.register_script(_SETTLE)
        self._drop_hint = redis.register_script(_DROP_HINT)
        self._add_hints = redis.register_script(_ADD_HINTS)

    async def claim(self, tenant_id: str, *, token: str, now_ms: int, limit: int, types: str) -> Claim:
        """Lease up to `limit` heads that are due. types: see wanted(); others are dropped from the lanes."""
        lease_until = now_ms + int(LEASE_SECONDS * 1000)
        next_due, *events = await self._claim(
            keys=lane_keys(self._keys, tenant_id), args=[now_ms, lease_until, token, limit, types]
        )
        claim = Claim([_due(tenant_id, token, event) for event in events], _due_ms(next_due))
        if claim.next_due_ms is None:
            await self._drop_hint(keys=[self._keys.webhook_hints()], args=[tenant_id, now_ms])
        elif now_ms < claim.next_due_ms < lease_until:
            await self.hint(tenant_id, claim.next_due_ms)
        # What is due now the caller knows, and what is leased until later the hint that stays covers: one that
        # was followed lies a lease ahead.
        return claim

    async def settle(
        self,
        due: Due,
        verdict: Verdict,
        *,
        now_ms: int,
        due_ms: int = 0,
        types: str = "",
        reason: str = "",
    ) -> Settled:
        """End a lease, or change nothing when it is no longer held.

        due_ms: when to try again, for `later` and `release`. types: lease the lane's next head of these types
        in the same step, for `done` and `dead`; empty for none. reason: goes with the dead letter.
        """
        lease_until = now_ms + int(LEASE_SECONDS * 1000)
        held, next_due, *rest = await self._settle(
            keys=lane_keys(self._keys, due.tenant_id),
            args=[due.lane, due.token, verdict, now_ms, due_ms, lease_until, types, DEAD_LETTERS_MAX, reason],
        )
        following = _due(due.tenant_id, due.token, rest[0]) if rest and rest[0] else None
        settled = Settled(bool(held), _due_ms(next_due), following)
        if verdict in ("later", "release") and settled.next_due_ms is not None:
            await self.hint(due.tenant_id, settled.next_due_ms)
        return settled

    async def hint(self, tenant_id: str, due_ms: int) -> None:
        """Have the tenant looked at, at that time or earlier."""
        await self._hint({tenant_id: due_ms}, "LT")

    async def hinted(self, now_ms: int) -> list[str]:
        """Return up to 1,000 tenants to look at now, longest waiting first.

        Their hints move on by a lease, not away: the next call sees the next tenants, and should this process
        die before it looks at these, another one will.
        """
        hints = self._keys.webhook_hints()
        found = await self._redis.zrangebyscore(hints, "-inf", now_ms, start=0, num=_HINTS_AT_ONCE)
        if found:
            later = now_ms + int(LEASE_SECONDS * 1000)
            await self._hint(dict.fromkeys(found, later), "XX")
        return [tenant.decode() for tenant in found]

    async def rebuild_hints(self) -> None:
        """Read every tenant's lanes and leave the hints they ask for."""
        cursor = 0
        while True:
            cursor, page = await self._redis.sscan(self._keys.tenants(), cursor, count=_TENANTS_AT_ONCE)
            async with self._redis.pipeline(transaction=False) as pipe:
                for tenant in page:
                    pipe.zrange(self._keys.lane_due(tenant.decode()), 0, 0, withscores=True)
                first = await pipe.execute()
            hints = {tenant: due[0][1] for tenant, due in zip(page, first, strict=True) if due}
            if hints:
                await self._hint(hints, "LT")
            if cursor == 0:
                return

    async def _hint(self, hints: Mapping[str | bytes, float], when: Literal["LT", "XX"]) -> None:
        pairs = chain.from_iterable((at, tenant) for tenant, at in hints.items())
        await self._add_hints(keys=[self._keys.webhook_hints()], args=[when, *pairs])


def _due(tenant_id: str, token: str, event: Sequence[Any]) -> Due:
    lane, _, attempt, event_id, kind, body = event
    return Due(tenant_id, lane.decode(), token, int(attempt), event_id.decode(), kind.decode(), body)


def _due_ms(score: bytes) -> int | None:
    due = int(float(score))
    return None if due < 0 else due
