"""Lanes: which events of a tenant still wait for their webhook, in which order, and who is sending them.

A lane is a line of events that must arrive in order: one per chat, and one for the session. The oldest event of a
lane (its head) is the only one that may be under way; while it fails, its lane waits and the others go on.

    KEYS[1] log    STREAM  id, type, lane, body           the event log
    KEYS[2] queue  ZSET 0  lane \\n padded log id           every waiting event
    KEYS[3] heads  ZSET    lane → age of its head          1000 ms + number within the ms; lowest is oldest
    KEYS[4] due    ZSET    lane → ms                        when the head may be claimed
    KEYS[5] state  HASH    lane → attempts|token            how often the head was tried and who holds it
    KEYS[6] dead   STREAM  id, type, lane, body, reason, attempts

A lane is in heads and due exactly while the queue holds an event of it. All keys carry the tenant's hash tag, and
they are only ever changed together, by Lua scripts that begin with the PRELUDE below. The events room adds
(events/stream.py), the webhooks room takes (webhooks/queue.py); neither imports the other.

At UNDELIVERED_MAX waiting events a tenant's oldest is given up (dead letter with reason `too_many_waiting`) for
each new one. That is a tenant whose application has been gone for long; keeping more would fill the memory all
tenants share.
"""

from __future__ import annotations

from control.storage.keys import Keys

SESSION_LANE = "session"
"""The lane of events that belong to no chat. Chat ids hold an @, so no chat has this name."""

GIVEN_UP_TOO_MANY = "too_many_waiting"


def lane_keys(keys: Keys, tenant_id: str) -> list[str]:
    """Return the KEYS every script with the PRELUDE begins with."""
    return [
        keys.events(tenant_id),
        keys.lane_queue(tenant_id),
        keys.lane_heads(tenant_id),
        keys.lane_due(tenant_id),
        keys.lane_state(tenant_id),
        keys.dead_letters(tenant_id),
    ]


# Log ids are padded so that their lexical order is their order. A separator below every character of a lane
# keeps one lane's members together; the range of a lane ends at the next character after it.
PRELUDE = """
local LOG, QUEUE, HEADS, DUE, STATE, DEAD = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]

local function member_of(lane, id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return lane .. '\\n' .. string.rep('0', 16 - #ms) .. ms .. '-' .. string.rep('0', 10 - #seq) .. seq
end

-- As a number a sorted set keeps exactly: below 2^53 until the year 2255.
local function age_of(ms, seq)
  return string.format('%.0f', tonumber(ms) * 1000 + math.min(tonumber(seq), 999))
end

local function head_of(lane)
  local member = redis.call('ZRANGEBYLEX', QUEUE, '[' .. lane .. '\\n', '(' .. lane .. '\\11', 'LIMIT', 0, 1)[1]
  if not member then return nil end
  local ms, seq = string.match(member, '(%d+)-(%d+)$', #lane + 2)
  return member, string.format('%.0f-%.0f', tonumber(ms), tonumber(seq)), age_of(ms, seq)
end

local function entry_at(id)
  local found = redis.call('XRANGE', LOG, id, id)[1]
  if not found then return nil end
  local f = found[2]
  return {id = f[2], type = f[4], lane = f[6], body = f[8]}
end

-- Takes the head away. Whoever held its lease finds another state and can no longer settle.
local function pop(lane, member)
  redis.call('ZREM', QUEUE, member)
  redis.call('HDEL', STATE, lane)
  local _, _, age = head_of(lane)
  if age then
    redis.call('ZADD', HEADS, age, lane)
  else
    redis.call('ZREM', HEADS, lane)
    redis.call('ZREM', DUE, lane)
  end
end

local function bury(id, reason, attempts, limit)
  local e = entry_at(id)
  if not e then return end
  redis.call('XADD', DEAD, 'MAXLEN', '~', limit, '*', 'id', e.id, 'type', e.type, 'lane', e.lane,
    'body', e.body, 'reason', reason, 'attempts', attempts)
end
"""
