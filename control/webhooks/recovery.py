"""Has events wait for a webhook again: one, all that were given up, or all of a stretch of time.

An event takes its old place in its lane, before everything newer that still waits, and keeps its id. Its body
comes from the log; where the log has it no longer it comes from the dead letter. Everything is done in steps of
STEP events, each whole by itself, so that Redis is never held up for long: killed in between, what was done
stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from redis.asyncio import Redis

from control.storage.keys import UNDELIVERED_MAX, Keys
from control.storage.lanes import PRELUDE, lane_keys
from control.storage.redis import leave_if_cancelled
from control.webhooks.queue import Line

STEP: Final = 500
RECOVER_MAX: Final = 10_000
"""Events one call queues at most."""

Scope = Literal["failed", "all"]
Retried = Literal["queued", "waiting"]

_ROUTE = """
local function route_of(webhook)
  local ordering, filter = string.match(redis.call('HGET', WEBHOOKS, webhook) or '', '^(%a+)|([^|]*)|')
  if webhook == 'default' then ordering, filter = 'chat', '*' end
  return {id = webhook, ordering = ordering or 'chat', filter = filter or '*'}
end

-- Takes an entry out of the dead letters; answers whether it did not wait yet.
local function raise_dead(route, entry, now)
  local f = {}
  for i = 1, #entry[2], 2 do f[entry[2][i]] = entry[2][i+1] end
  -- Versions before 0.2 did not note the place in the log; the time of giving up is as near as it gets.
  local id = f.log or entry[1]
  if not logged(id) then
    redis.call('HSET', REVIVED, route.id .. '|' .. id, table.concat({f.id, f.type, f.lane, f.body}, '\\n'))
  end
  redis.call('XDEL', dead_key(route.id), entry[1])
  return enqueue(route, f.lane, id, now)
end
"""

# ARGV: webhook, now, first id, last ms, count, waiting max. Answers {where to go on or '', looked at, queued}.
_FROM_LOG = (
    "#!lua\n"
    + PRELUDE
    + _ROUTE
    + """
local route, now, queued = route_of(ARGV[1]), ARGV[2], 0
local found = redis.call('XRANGE', LOG, ARGV[3], ARGV[4], 'COUNT', ARGV[5])
for at, entry in ipairs(found) do
  local f = entry[2]
  if wants(route, f[4]) then
    if redis.call('ZCARD', QUEUE) >= tonumber(ARGV[6]) then
      touch(route.id)
      return {entry[1], at - 1, queued}
    end
    if enqueue(route, f[6], entry[1], now) then queued = queued + 1 end
  end
end
touch(route.id)
return {#found == tonumber(ARGV[5]) and '(' .. found[#found][1] or '', #found, queued}
"""
)

# ARGV: webhook, now, first id, first ms, last ms (of the event), count, waiting max. Answers as above.
_FROM_DEAD = (
    "#!lua\n"
    + PRELUDE
    + _ROUTE
    + """
local route, now, queued = route_of(ARGV[1]), ARGV[2], 0
local found = redis.call('XRANGE', dead_key(route.id), ARGV[3], '+', 'COUNT', ARGV[6])
for at, entry in ipairs(found) do
  local log_id = entry[1]
  for i = 1, #entry[2], 2 do if entry[2][i] == 'log' then log_id = entry[2][i+1] end end
  local ms = tonumber(string.match(log_id, '^%d+'))
  if ms >= tonumber(ARGV[4]) and ms <= tonumber(ARGV[5]) then
    if redis.call('ZCARD', QUEUE) >= tonumber(ARGV[7]) then
      touch(route.id)
      return {entry[1], at - 1, queued}
    end
    if raise_dead(route, entry, now) then queued = queued + 1 end
  end
end
touch(route.id)
return {#found == tonumber(ARGV[6]) and '(' .. found[#found][1] or '', #found, queued}
"""
)

# ARGV: webhook, now, event id, where to look from, count. Looks at the dead letters first, then backwards through
# the log. Answers {what became of it, where to go on or ''}.
_ONE = (
    "#!lua\n"
    + PRELUDE
    + _ROUTE
    + """
local route, now, wanted = route_of(ARGV[1]), ARGV[2], ARGV[3]
local function due_at_once(chat, id)
  local lane = route.id .. '|' .. chat
  if route.ordering == 'none' then lane = lane .. '#' .. id end
  local _, head = head_of(lane)
  local _, holder = state_of(lane)
  if head == id and (not holder or holder == '') then redis.call('ZADD', due_key(route.id), now, lane) end
end
if ARGV[4] == '+' then
  local from = '-'
  while from do
    local found = redis.call('XRANGE', dead_key(route.id), from, '+', 'COUNT', ARGV[5])
    for _, entry in ipairs(found) do
      if entry[2][2] == wanted then
        raise_dead(route, entry, now)
        touch(route.id)
        return {'queued', ''}
      end
    end
    from = #found == tonumber(ARGV[5]) and '(' .. found[#found][1] or nil
  end
end
local found = redis.call('XREVRANGE', LOG, ARGV[4], '-', 'COUNT', ARGV[5])
for _, entry in ipairs(found) do
  local f = entry[2]
  if f[2] == wanted then
    local added = enqueue(route, f[6], entry[1], now)
    due_at_once(f[6], entry[1])
    touch(route.id)
    return {added and 'queued' or 'waiting', ''}
  end
end
return {'', #found == tonumber(ARGV[5]) and '(' .. found[#found][1] or ''}
"""
)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a recovery came to.

    looked_at: events it went through. queued: those that wait again; others waited already or are of no wanted
    type. complete: whether it went through all. continue_ms: if not, the call goes on with this as since_ms.
    """

    looked_at: int
    queued: int
    complete: bool
    continue_ms: int | None


def _continue(source: str, at: str, since_ms: int) -> int:
    """Dead letters that were queued are gone, so that source begins anew; the log goes on where it was."""
    return since_ms if source == "dead" else int(at.removeprefix("(").partition("-")[0])


class Recovery:
    """Queues again. Every method raises redis.RedisError when Redis does."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        step: int = STEP,
        recover_max: int = RECOVER_MAX,
        undelivered_max: int = UNDELIVERED_MAX,
    ) -> None:
        self._keys = keys
        self._step = step
        self._recover_max = recover_max
        self._undelivered_max = undelivered_max
        self._from_log = redis.register_script(_FROM_LOG)
        self._from_dead = redis.register_script(_FROM_DEAD)
        self._one = redis.register_script(_ONE)

    async def recover(self, line: Line, scope: Scope, *, since_ms: int, until_ms: int, now_ms: int) -> Recovered:
        """Queue what was given up (`failed`), or that and all the log has (`all`), of events of that time.

        Ends early at RECOVER_MAX events and where no more may wait.
        """
        looked_at = queued = 0
        for source in ("dead", "log") if scope == "all" else ("dead",):
            at = "-" if source == "dead" else str(since_ms)
            while at:
                leave_if_cancelled()
                if queued >= self._recover_max:
                    return Recovered(looked_at, queued, False, _continue(source, at, since_ms))
                count = min(self._step, self._recover_max - queued)
                at, looked, added = (
                    await self._step_dead(line, at, since_ms, until_ms, now_ms, count)
                    if source == "dead"
                    else await self._step_log(line, at, until_ms, now_ms, count)
                )
                looked_at += looked
                queued += added
                # It goes on after what it went through, or with what had no room to wait.
                if at and not at.startswith("("):
                    return Recovered(looked_at, queued, False, _continue(source, at, since_ms))
        return Recovered(looked_at, queued, True, None)

    async def retry(self, line: Line, event_id: str, *, now_ms: int) -> Retried | None:
        """Queue one event, or make it due when it waits already; None when nobody has it any more."""
        at = "+"
        while at:
            leave_if_cancelled()
            became, going = await self._one(
                keys=lane_keys(self._keys, line.tenant_id),
                args=[line.webhook_id, now_ms, event_id, at, self._step],
            )
            if became:
                return "queued" if became == b"queued" else "waiting"
            at = going.decode()
        return None

    async def _step_dead(
        self, line: Line, at: str, since_ms: int, until_ms: int, now_ms: int, count: int
    ) -> tuple[str, int, int]:
        going, looked, queued = await self._from_dead(
            keys=lane_keys(self._keys, line.tenant_id),
            args=[line.webhook_id, now_ms, at, since_ms, until_ms, count, self._undelivered_max],
        )
        return going.decode(), int(looked), int(queued)

    async def _step_log(self, line: Line, at: str, until_ms: int, now_ms: int, count: int) -> tuple[str, int, int]:
        going, looked, queued = await self._from_log(
            keys=lane_keys(self._keys, line.tenant_id),
            args=[line.webhook_id, now_ms, at, until_ms, count, self._undelivered_max],
        )
        return going.decode(), int(looked), int(queued)
