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

from control.storage.keys import DEAD_LETTERS_MAX, DELIVERIES_MAX, Keys
from control.storage.lanes import PRELUDE, lane_keys
from control.webhooks.circuit import CIRCUIT

LEASE_SECONDS = 30.0
_HINTS_AT_ONCE = 1_000
_TENANTS_AT_ONCE = 500

# Leases the head of a lane and drops what comes before it that the log no longer has. `budget` bounds the work of
# one call. Answers {lane, log id, attempt, first attempt ms, after a gap, id, type, body}.
_TAKE = """
local function take(lane, now, lease_until, token, budget)
  local webhook = webhook_of(lane)
  while budget.left > 0 do
    local _, id = head_of(lane)
    if not id then
      -- Never due again, else a claim would find it again and again, and Redis would do nothing else.
      redis.call('ZREM', due_key(webhook), lane)
      redis.call('ZREM', HEADS, lane)
      redis.call('HDEL', STATE, lane)
      return nil
    end
    local e = entry_of(webhook, id)
    if e then
      local attempts, _, of, first = state_of(lane)
      if of ~= id then attempts, first = 0, now end
      attempts = attempts + 1
      redis.call('HSET', STATE, lane, attempts .. '|' .. token .. '|' .. id .. '|' .. first)
      redis.call('ZADD', due_key(webhook), lease_until, lane)
      local gap = redis.call('ZSCORE', gaps_key(webhook), lane) and 1 or 0
      return {lane, id, attempts, first, gap, e.id, e.type, e.body}
    end
    budget.left = budget.left - 1
    pop(lane, id)
  end
  if redis.call('ZSCORE', HEADS, lane) then redis.call('ZADD', due_key(webhook), now, lane) end
  return nil
end
"""

# ARGV: webhook, now, lease until, token, limit. Answers {next due of the tenant, of the webhook, event…}.
_CLAIM = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + CIRCUIT
    + _TAKE
    + """
local webhook, now, lease_until, token, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local budget, out = {left = 500}, {'', ''}
if redis.call('HEXISTS', health_key(webhook), 'probe') == 1 then
  local lane = probe_of(webhook, token, now, lease_until)
  if lane then out[3] = take(lane, now, lease_until, token, budget) end
else
  while #out < limit + 2 and budget.left > 0 do
    local due = redis.call('ZRANGEBYSCORE', due_key(webhook), '-inf', now, 'LIMIT', 0, limit)
    if #due == 0 then break end
    for _, lane in ipairs(due) do
      if #out >= limit + 2 or budget.left <= 0 then break end
      local event = take(lane, now, lease_until, token, budget)
      if event then out[#out + 1] = event end
    end
  end
end
out[2] = touch(webhook)
out[1] = next_due()
return out
"""
)

# ARGV: lane, token, verdict, now, due, lease until, whether to go on with the lane's next, dead max, reason,
# then of the attempt: status, ms, answer, event id, type, deliveries max.
# Answers {settled, next due of the tenant, of the webhook, failing since, failures, next event or nothing}.
_SETTLE = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + CIRCUIT
    + _TAKE
    + """
local lane, token, verdict, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local webhook = webhook_of(lane)
local attempts, holder, id, first = state_of(lane)
local function answer(held, event)
  local line = touch(webhook)
  local health = redis.call('HMGET', health_key(webhook), 'since', 'failures')
  return {held, next_due(), line, health[1] or '0', health[2] or '0', event or false}
end
if holder ~= token then return answer(0) end
local function set_due(due)
  if redis.call('ZSCORE', HEADS, lane) then redis.call('ZADD', due_key(webhook), due, lane) end
end
if verdict ~= 'release' then
  redis.call('XADD', deliveries_key(webhook), 'MAXLEN', '~', ARGV[15], '*', 'id', ARGV[13], 'type', ARGV[14],
    'log', id, 'attempt', attempts, 'reason', ARGV[9], 'status', ARGV[10], 'ms', ARGV[11], 'answer', ARGV[12],
    'at', now)
end
if verdict == 'later' or verdict == 'release' then
  if verdict == 'release' then
    attempts = attempts - 1
    if redis.call('HGET', health_key(webhook), 'probing') == token then
      redis.call('HSET', health_key(webhook), 'probe', now)
    end
  else
    note_failure(lane, token, ARGV[9], now)
  end
  redis.call('HSET', STATE, lane, attempts .. '||' .. id .. '|' .. first)
  set_due(ARGV[5])
  return answer(1)
end
if verdict == 'dead' then
  note_failure(lane, token, ARGV[9], now)
  bury(lane, id, ARGV[9], attempts, ARGV[8], now)
  pop(lane, id)
else
  pop(lane, id)
  redis.call('ZREM', gaps_key(webhook), lane)
  if redis.call('EXISTS', health_key(webhook)) == 1 and note_success(webhook, now) then resume(webhook, now) end
end
local event = false
if ARGV[7] == '1' and redis.call('HEXISTS', health_key(webhook), 'probe') == 0 and not is_off(webhook) then
  event = take(lane, now, ARGV[6], token, {left = 500}) or false
else
  set_due(now)
end
return answer(1, event)
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

# Forgets all that waits for a webhook that is gone, and what was kept about it. ARGV: webhook.
_DROP = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + """
local webhook = ARGV[1]
for _, lane in ipairs(redis.call('ZRANGE', due_key(webhook), 0, -1)) do
  redis.call('ZREM', HEADS, lane)
  redis.call('HDEL', STATE, lane)
end
local waiting = redis.call('ZREMRANGEBYLEX', QUEUE, '[' .. webhook .. '|', '(' .. webhook .. '}')
for _, field in ipairs(redis.call('HKEYS', REVIVED)) do
  if webhook_of(field) == webhook then redis.call('HDEL', REVIVED, field) end
end
redis.call('UNLINK', due_key(webhook), health_key(webhook), gaps_key(webhook), dead_key(webhook),
  deliveries_key(webhook))
touch(webhook)
return waiting
"""
)

# Makes a webhook start afresh: no failures, and what waits is due. ARGV: webhook, now.
_RESUME = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + CIRCUIT
    + """
redis.call('DEL', health_key(ARGV[1]))
resume(ARGV[1], ARGV[2])
return touch(ARGV[1])
"""
)

Verdict = Literal["done", "dead", "later", "release"]
"""done: delivered. dead: given up. later: try again at a time. release: not tried after all, anyone may."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A webhook of a tenant, with all its lanes."""

    tenant_id: str
    webhook_id: str


@dataclass(frozen=True, slots=True)
class Due:
    """The head of a lane, leased.

    attempt: 1 for the first. first_ms: when that was. after_gap: the event before it in its lane was given up.
    """

    line: Line
    lane: str
    token: str
    log_id: str
    attempt: int
    first_ms: int
    after_gap: bool
    event_id: str
    type: str
    body: bytes

    @property
    def tenant_id(self) -> str:
        """Whose event it is."""
        return self.line.tenant_id


@dataclass(frozen=True, slots=True)
class Attempted:
    """What is kept of an attempt. status: of HTTP, None without an answer. answer: its first bytes, as text."""

    reason: str
    status: int | None = None
    milliseconds: int = 0
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Leased heads, and when to look at the webhook again (unix ms, None when nothing waits)."""

    events: Sequence[Due]
    next_due_ms: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling came to.

    held: the lease was still ours. next_due_ms: when to look at the webhook again. failing_since_ms, failures: of
    the webhook, 0 while it takes what it gets. next: the lane's next head under the same lease, when asked for.
    """

    held: bool
    next_due_ms: int | None
    failing_since_ms: int
    failures: int
    next: Due | None


class DeliveryQueue:
    """The webhook worker's view of the lanes. Every method raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._redis = redis
        self._keys = keys
        self._lease_ms = int(lease_seconds * 1000)
        self._claim = redis.register_script(_CLAIM)
        self._settle = redis.register_script(_SETTLE)
        self._drop = redis.register_script(_DROP)
        self._resume = redis.register_script(_RESUME)
        self._drop_hint = redis.register_script(_DROP_HINT)
        self._add_hints = redis.register_script(_ADD_HINTS)

    @property
    def lease_seconds(self) -> float:
        """How long a lease lasts."""
        return self._lease_ms / 1000

    async def due_lines(self, tenants: Iterable[str], now_ms: int) -> list[Line]:
        """Return the webhooks of these tenants that have something due, and leave hints for the others."""
        asked = list(tenants)
        due: list[Line] = []
        hints: dict[str | bytes, float] = {}
        async with self._redis.pipeline(transaction=False) as pipe:
            for tenant in asked:
                pipe.zrange(self._keys.lane_lines(tenant), 0, -1, withscores=True)
            lines = await pipe.execute()
        for tenant, found in zip(asked, lines, strict=True):
            now_due = [Line(tenant, webhook.decode()) for webhook, at in found if at <= now_ms]
            due += now_due
            if not found:
                await self._drop_hint(keys=[self._keys.webhook_hints()], args=[tenant, now_ms])
            elif not now_due:
                hints[tenant] = found[0][1]
        if hints:
            await self._hint(hints, "LT")
        return due

    async def claim(self, line: Line, *, token: str, now_ms: int, limit: int) -> Claim:
        """Lease up to `limit` heads that are due; one at most while the webhook's circuit is open."""
        lease_until = now_ms + self._lease_ms
        next_due, line_due, *events = await self._claim(
            keys=lane_keys(self._keys, line.tenant_id), args=[line.webhook_id, now_ms, lease_until, token, limit]
        )
        tenant_due = _due_ms(next_due)
        if tenant_due is None:
            await self._drop_hint(keys=[self._keys.webhook_hints()], args=[line.tenant_id, now_ms])
        elif now_ms < tenant_due < lease_until:
            await self.hint(line.tenant_id, tenant_due)
        # What is due now the caller knows, and what is leased until later the hint that stays covers: one that
        # was followed lies a lease ahead.
        return Claim([_due(line, token, event) for event in events], _due_ms(line_due))

    async def settle(
        self,
        due: Due,
        verdict: Verdict,
        *,
        now_ms: int,
        due_ms: int = 0,
        go_on: bool = False,
        attempted: Attempted | None = None,
    ) -> Settled:
        """End a lease, or change nothing when it is no longer held.

        due_ms: when to try again, for `later` and `release`. go_on: lease the lane's next head in the same step,
        for `done` and `dead`. attempted: what is kept of the attempt; its reason goes with the dead letter too.
        """
        what = attempted or Attempted("delivered" if verdict == "done" else "internal_error")
        held, tenant_due, line_due, since, failures, following = await self._settle(
            keys=lane_keys(self._keys, due.tenant_id),
            args=[
                *(due.lane, due.token, verdict, now_ms, due_ms, now_ms + self._lease_ms, "1" if go_on else ""),
                *(DEAD_LETTERS_MAX, what.reason, what.status or "", what.milliseconds, what.answer),
                *(due.event_id, due.type, DELIVERIES_MAX),
            ],
        )
        next_due = _due_ms(tenant_due)
        if verdict in ("later", "release") and next_due is not None:
            await self.hint(due.tenant_id, next_due)
        return Settled(
            bool(held),
            _due_ms(line_due),
            int(since),
            int(failures),
            _due(due.line, due.token, following) if following else None,
        )

    async def drop(self, line: Line) -> int:
        """Forget everything about a webhook that is gone; return how many events waited for it."""
        return int(
            await self._drop(keys=lane_keys(self._keys, line.tenant_id), args=[line.webhook_id]),
        )

    async def resume(self, line: Line, now_ms: int) -> None:
        """Forget a webhook's failures and make what waits for it due."""
        await self._resume(keys=lane_keys(self._keys, line.tenant_id), args=[line.webhook_id, now_ms])
        await self.hint(line.tenant_id, now_ms)

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
            later = now_ms + self._lease_ms
            await self._hint(dict.fromkeys(found, later), "XX")
        return [tenant.decode() for tenant in found]

    async def rebuild_hints(self) -> None:
        """Read every tenant's lanes and leave the hints they ask for."""
        cursor = 0
        while True:
            cursor, page = await self._redis.sscan(self._keys.tenants(), cursor, count=_TENANTS_AT_ONCE)
            async with self._redis.pipeline(transaction=False) as pipe:
                for tenant in page:
                    pipe.zrange(self._keys.lane_lines(tenant.decode()), 0, 0, withscores=True)
                first = await pipe.execute()
            hints = {tenant: due[0][1] for tenant, due in zip(page, first, strict=True) if due}
            if hints:
                await self._hint(hints, "LT")
            if cursor == 0:
                return

    async def _hint(self, hints: Mapping[Any, float], when: Literal["LT", "XX"]) -> None:
        pairs = chain.from_iterable((at, tenant) for tenant, at in hints.items())
        await self._add_hints(keys=[self._keys.webhook_hints()], args=[when, *pairs])


def _due(line: Line, token: str, event: Sequence[Any]) -> Due:
    lane, log_id, attempt, first_ms, gap, event_id, kind, body = event
    return Due(
        line,
        lane.decode(),
        token,
        log_id.decode(),
        int(attempt),
        int(first_ms),
        bool(gap),
        event_id.decode(),
        kind.decode(),
        body,
    )


def _due_ms(score: bytes | int) -> int | None:
    due = int(float(score))
    return None if due < 0 else due
