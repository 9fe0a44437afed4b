"""The event log: one Redis stream per tenant, and how far each bridge journal has been taken into it.

Appending is one script per tenant: it skips what the tenant's cursor already covers, writes the log, moves the
cursor, queues the event for each webhook that wants it and trims, all or nothing. Killed before or after it,
pulling again changes nothing.

Bounds. The log keeps EVENT_LOG_MAX_LENGTH events for pulling. Past it the oldest are trimmed, but never one that
is still waiting for a webhook: such a log grows on, until UNDELIVERED_MAX deliveries wait or as many events are
kept or the oldest waited for longer than the retention; then the oldest waiting are given up to the dead letters
(storage/lanes.py) and trimmed. When Redis itself is full nothing is appended and redis.OutOfMemoryError is raised;
the bridge keeps the events until there is room again, for which room.py sees.

A wiped Redis has lost the tenants' webhooks too. The script notices that it knows less of them than this process
does, appends nothing, and goes on once they were put back (webhooks/endpoints.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from redis.asyncio import Redis

from control.storage.keys import (
    DEAD_LETTERS_MAX,
    EVENT_LOG_MAX_LENGTH,
    QUARANTINE_MAX,
    UNDELIVERED_MAX,
    Keys,
)
from control.storage.lanes import GIVEN_UP_TOO_MANY, GIVEN_UP_TOO_OLD, PRELUDE, lane_keys, lane_keys_count

RETENTION_SECONDS = 7 * 86_400

# KEYS after those of the lanes: the tenant's cursor, quarantine. ARGV: now ms, log max, waiting max, dead max,
# quarantine max, reasons for giving up (too many, too old), retention ms, whether there is a webhook for tenants
# without one, revision of the webhooks and cursor the caller knows of, then position, id, type, lane, body of each
# event; an empty lane means quarantine. Answers {cursor, appended, given up}; {-1, cursor, 0} when the cursor is
# behind what the caller knows of, {-2, revision, 0} when the webhooks are.
_APPEND = (
    "#!lua\n"
    + PRELUDE
    + f"local CURSOR, QUARANTINE = KEYS[{lane_keys_count() + 1}], KEYS[{lane_keys_count() + 2}]\n"
    + """
local now, log_max, waiting_max, dead_max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local revision = tonumber(redis.call('HGET', WEBHOOKS, 'revision') or '0')
if revision < tonumber(ARGV[10]) then return {-2, revision, 0} end
local at = tonumber(redis.call('GET', CURSOR) or '0')
if at < tonumber(ARGV[11]) then return {-1, at, 0} end
local to, touched = routes(ARGV[9] == '1'), {}
local appended, given_up = 0, 0
for i = 12, #ARGV, 5 do
  local position, id, type, lane, body = tonumber(ARGV[i]), ARGV[i+1], ARGV[i+2], ARGV[i+3], ARGV[i+4]
  if position > at then
    if lane == '' then
      redis.call('XADD', QUARANTINE, 'MAXLEN', '~', ARGV[5], '*', 'event', body)
    else
      local log_id = redis.call('XADD', LOG, '*', 'id', id, 'type', type, 'lane', lane, 'body', body)
      for _, route in ipairs(to) do
        if wants(route, type) then
          enqueue(route, lane, log_id, now)
          touched[route.id] = true
        end
      end
      appended = appended + 1
    end
    at = position
  end
end
redis.call('SET', CURSOR, string.format('%.0f', at))

local function oldest()
  local found = redis.call('ZRANGE', HEADS, 0, 0, 'WITHSCORES')
  return found[1], tonumber(found[2])
end
local function give_up_oldest(lane, reason)
  give_up(lane, reason, dead_max, now)
  touched[webhook_of(lane)] = true
  given_up = given_up + 1
end
local lane, age = oldest()
while lane and redis.call('ZCARD', QUEUE) > waiting_max do
  give_up_oldest(lane, ARGV[6])
  lane, age = oldest()
end
-- Bounded, as a tenant that comes back after long has much of it; the next event goes on.
local too_old = (tonumber(now) - tonumber(ARGV[8])) * 1000
while lane and age < too_old and given_up < 1000 do
  give_up_oldest(lane, ARGV[7])
  lane, age = oldest()
end
local length = redis.call('XLEN', LOG)
if length > log_max then
  -- The cut is looked for in a bounded stretch: a log that waits as a whole must not cost more with its length.
  local stretch = redis.call('XRANGE', LOG, '-', '+', 'COUNT', math.min(length - log_max, 1000) + 1)
  -- A webhook that gets few of many events may hold the log with one of them.
  local over = math.min(length - waiting_max, 1000)
  if over > 0 then
    local last = tonumber(age_of(stretch[math.min(over, #stretch)][1]))
    lane, age = oldest()
    while lane and age <= last and given_up < 2000 do
      give_up_oldest(lane, ARGV[6])
      lane, age = oldest()
    end
  end
  local cut = stretch[#stretch][1]
  lane, age = oldest()
  if lane then
    local kept_from = math.floor(age / 1000)
    if kept_from <= tonumber(string.match(cut, '^%d+')) then cut = string.format('%.0f-0', kept_from) end
  end
  redis.call('XTRIM', LOG, 'MINID', '=', cut)
end
for webhook in pairs(touched) do touch(webhook) end
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


_WEBHOOKS_WENT_BACK = -2


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


class Webhooks(Protocol):
    """What appending has to know of the tenants' webhooks."""

    @property
    def has_default(self) -> bool:
        """Whether events of tenants without a webhook go to the installation's."""

    def revision(self, tenant_id: str) -> int:
        """Return how many changes of the tenant's webhooks are known of."""

    async def put_back(self, tenant_id: str) -> None:
        """Write into Redis what it has lost of the tenant's webhooks. Raises redis.RedisError."""


class OnlyDefault:
    """Knows of no webhook but the installation's."""

    has_default = True

    def revision(self, tenant_id: str) -> int:
        """Return 0: whatever Redis has is not less."""
        return 0

    async def put_back(self, tenant_id: str) -> None:
        """There is nothing to put back."""


class EventLog:
    """Appends to, reads and trims the tenants' logs. Every method raises redis.RedisError when Redis does."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        log_max: int = EVENT_LOG_MAX_LENGTH,
        undelivered_max: int = UNDELIVERED_MAX,
        retention_seconds: float = RETENTION_SECONDS,
        webhooks: Webhooks | None = None,
    ) -> None:
        """retention_seconds: how long an event may wait for a webhook."""
        self._redis = redis
        self._keys = keys
        self._webhooks = webhooks or OnlyDefault()
        self._limits: list[int | str] = [
            log_max,
            undelivered_max,
            DEAD_LETTERS_MAX,
            QUARANTINE_MAX,
            GIVEN_UP_TOO_MANY,
            GIVEN_UP_TOO_OLD,
            int(retention_seconds * 1000),
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
        answers = await self._append_once(journal_id, batch, known, now_ms)
        if behind := [tenant for tenant, answer in answers.items() if answer[0] == _WEBHOOKS_WENT_BACK]:
            for tenant in behind:
                await self._webhooks.put_back(tenant)
            answers = await self._append_once(journal_id, batch, known, now_ms)
        if any(answer[0] < 0 for answer in answers.values()):
            raise LogWentBack
        return {tenant: Appended(*answer) for tenant, answer in answers.items()}

    async def _append_once(
        self, journal_id: str, batch: Mapping[str, Sequence[Entry]], known: Mapping[str, int], now_ms: int
    ) -> dict[str, list[int]]:
        has_default = "1" if self._webhooks.has_default else ""
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
                    args=[
                        *(now_ms, *self._limits, has_default, self._webhooks.revision(tenant)),
                        *(known.get(tenant, 0), *events),
                    ],
                    client=pipe,
                )
            # After the logs, never before: a hint that finds nothing is used up. Written for duplicates too, so
            # that a process killed right here leaves nothing unnoticed once it pulls again.
            pipe.zadd(self._keys.webhook_hints(), dict.fromkeys(batch, now_ms), lt=True)
            pipe.sadd(self._keys.tenants(), *batch)
            answers = await pipe.execute()
        return dict(zip(batch, answers, strict=False))

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
