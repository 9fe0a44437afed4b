"""The event log: one Redis stream per tenant, and how far each bridge journal has been taken into it.

Appending is one script per tenant: it skips what the tenant's cursor already covers, writes the log, moves the
cursor, queues the webhook and trims, all or nothing. Killed before or after it, pulling again changes nothing.

Bounds. The log keeps EVENT_LOG_MAX_LENGTH events for pulling. Past it the oldest are trimmed, but never one
that is still waiting for its webhook: such a log grows on, up to UNDELIVERED_MAX waiting events, and then its
oldest are given up to the dead letters (storage/lanes.py) and trimmed. When Redis itself is full nothing is
appended and redis.OutOfMemoryError is raised; the bridge keeps the events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from redis.asyncio import Redis

from control.storage.keys import (
    DEAD_LETTERS_MAX,
    EVENT_LOG_MAX_LENGTH,
    QUARANTINE_MAX,
    UNDELIVERED_MAX,
    Keys,
)
from control.storage.lanes import GIVEN_UP_TOO_MANY, PRELUDE, lane_keys

# KEYS[7] the tenant's cursor, KEYS[8] quarantine. ARGV: now ms, log max, undelivered max, dead max, quarantine
# max, reason for giving up, cursor the caller knows of, then position, id, type, lane, body of each event; an
# empty lane means quarantine. Answers {cursor, appended, given up}, or {-1, cursor} when the cursor is behind
# what the caller knows of.
_APPEND = (
    "#!lua\n"
    + PRELUDE
    + """
local CURSOR, QUARANTINE = KEYS[7], KEYS[8]
local now, log_max, waiting_max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local at = tonumber(redis.call('GET', CURSOR) or '0')
if at < tonumber(ARGV[7]) then return {-1, at, 0} end
local appended, given_up = 0, 0
for i = 8, #ARGV, 5 do
  local position, id, type, lane, body = tonumber(ARGV[i]), ARGV[i+1], ARGV[i+2], ARGV[i+3], ARGV[i+4]
  if position > at then
    if lane == '' then
      redis.call('XADD', QUARANTINE, 'MAXLEN', '~', ARGV[5], '*', 'event', body)
    else
      local log_id = redis.call('XADD', LOG, '*', 'id', id, 'type', type, 'lane', lane, 'body', body)
      redis.call('ZADD', QUEUE, 0, member_of(lane, log_id))
      if redis.call('ZADD', HEADS, 'NX', age_of(string.match(log_id, '^(%d+)-(%d+)$')), lane) == 1 then
        redis.call('ZADD', DUE, now, lane)
      end
      appended = appended + 1
    end
    at = position
  end
end
redis.call('SET', CURSOR, string.format('%.0f', at))
while redis.call('ZCARD', QUEUE) > waiting_max do
  local lane = redis.call('ZRANGE', HEADS, 0, 0)[1]
  local member, id = head_of(lane)
  local attempts = string.match(redis.call('HGET', STATE, lane) or '0|', '^%d+')
  bury(id, ARGV[6], attempts, ARGV[4])
  pop(lane, member)
  given_up = given_up + 1
end
local excess = redis.call('XLEN', LOG) - log_max
if excess > 0 then
  -- The cut is looked for in a bounded stretch: a log that waits as a whole must not cost more with its length.
  local stretch = redis.call('XRANGE', LOG, '-', '+', 'COUNT', math.min(excess, 1000) + 1)
  local cut = stretch[#stretch][1]
  local oldest = redis.call('ZRANGE', HEADS, 0, 0, 'WITHSCORES')[2]
  if oldest then
    local kept_from = math.floor(tonumber(oldest) / 1000)
    if kept_from <= tonumber(string.match(cut, '^%d+')) then cut = string.format('%.0f-0', kept_from) end
  end
  redis.call('XTRIM', LOG, 'MINID', '=', cut)
end
return {at, appended, given_up}
"""
)

# KEYS[1] cursor. ARGV: what the caller believes it holds, what to move it to. Never moves it back.
# Answers the new position, or -1 when the cursor is behind the belief.
_ADVANCE = """#!lua
local at = tonumber(redis.call('GET', KEYS[1]) or '0')
if at < tonumber(ARGV[1]) then return -1 end
local new = math.max(at, tonumber(ARGV[2]))
redis.call('SET', KEYS[1], string.format('%.0f', new))
return new
"""


class LogWentBack(Exception):
    """Redis holds less than was written to it: it was wiped, or restored from an older state."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event on its way into the log. An empty lane puts it into quarantine."""

    position: int
    event_id: str
    type: str
    lane: str
    body: bytes


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event of the log. cursor: where to go on reading after it."""

    cursor: str
    event_id: str
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of one tenant's entries."""

    cursor: int
    appended: int
    given_up: int


class EventLog:
    """Appends to, reads and trims the tenants' logs. Every method raises redis.RedisError when Redis does."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        log_max: int = EVENT_LOG_MAX_LENGTH,
        undelivered_max: int = UNDELIVERED_MAX,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._limits: list[int | str] = [
            log_max,
            undelivered_max,
            DEAD_LETTERS_MAX,
            QUARANTINE_MAX,
            GIVEN_UP_TOO_MANY,
        ]
        self._append = redis.register_script(_APPEND)
        self._advance = redis.register_script(_ADVANCE)

    async def append(
        self, journal_id: str, batch: Mapping[str, Sequence[Entry]], known: Mapping[str, int], now_ms: int
    ) -> dict[str, Appended]:
        """Append each tenant's entries, atomically per tenant, and leave hints for the webhook worker.

        known: the cursors the caller has seen; a tenant whose cursor is behind raises LogWentBack and is left
        alone. On any other error some tenants may have been written: append the same batch again.
        """
        async with self._redis.pipeline(transaction=False) as pipe:
            for tenant, entries in batch.items():
                events: Iterator[int | str | bytes] = chain.from_iterable(
                    (e.position, e.event_id, e.type, e.lane, e.body) for e in entries
                )
                await self._append(
                    keys=[
                        *lane_keys(self._keys, tenant),
                        self._keys.tenant_cursor(tenant, journal_id),
                        self._keys.event_quarantine(tenant),
                    ],
                    args=[now_ms, *self._limits, known.get(tenant, 0), *events],
                    client=pipe,
                )
            # After the logs, never before: a hint that finds nothing is used up. Written for duplicates too, so
            # that a process killed right here leaves nothing unnoticed once it pulls again.
            pipe.zadd(self._keys.webhook_hints(), dict.fromkeys(batch, now_ms), lt=True)
            pipe.sadd(self._keys.tenants(), *batch)
            answers = await pipe.execute()
        results = dict(zip(batch, answers, strict=False))
        if any(answer[0] < 0 for answer in results.values()):
            raise LogWentBack
        return {tenant: Appended(*answer) for tenant, answer in results.items()}

    async def cursor(self, journal_id: str) -> int:
        """Return the position up to which every event of the journal is in the logs; 0 when none is."""
        return int(await self._redis.get(self._keys.ingest_cursor(journal_id)) or 0)

    async def advance(self, journal_id: str, believed: int, position: int) -> int:
        """Move the cursor forward and return it; raise LogWentBack when it was behind what the caller believed."""
        moved = int(await self._advance(keys=[self._keys.ingest_cursor(journal_id)], args=[believed, position]))
        if moved < 0:
            raise LogWentBack
        return moved

    async def rewind(self, journal_id: str) -> None:
        """Have the journal read again from its start; what the tenants' logs hold is skipped."""
        await self._redis.delete(self._keys.ingest_cursor(journal_id))

    async def forget_cursors(self, journal_id: str, tenants: Sequence[str]) -> None:
        """Let the tenants' logs be filled again from the start of the journal."""
        for tenant in tenants:
            await self._redis.delete(self._keys.tenant_cursor(tenant, journal_id))

    async def read(self, tenant_id: str, *, after: str | None, limit: int) -> list[LoggedEvent]:
        """Return up to `limit` events after a cursor, oldest first; without one, from the oldest kept."""
        found = await self._redis.xrange(
            self._keys.events(tenant_id), min=f"({after}" if after else "-", max="+", count=limit
        )
        return [
            LoggedEvent(cursor.decode(), fields[b"id"].decode(), fields[b"type"].decode(), fields[b"body"])
            for cursor, fields in found
        ]
