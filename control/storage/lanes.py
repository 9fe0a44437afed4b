"""Lanes: which events still wait for which webhook, in which order, and who is sending them.

A lane is a line of events that must arrive in order: one per webhook and chat, and one per webhook for the
session. The oldest event of a lane (its head) is the only one that may be under way; while it fails, its lane
waits and the others go on. A webhook without order has a lane for each event. An event stands in the log once;
lanes hold ids.

    KEYS[1]  log       STREAM  id, type, lane, body      the event log
    KEYS[2]  queue     ZSET 0  lane \\n padded log id      every waiting delivery
    KEYS[3]  heads     ZSET    lane → age of its head     1000 ms + number within the ms; lowest is oldest
    KEYS[4]  state     HASH    lane → attempts|token|log id|first attempt (ms)
    KEYS[5]  lines     ZSET    webhook → ms               when to look at its lanes next
    KEYS[6]  webhooks  HASH    webhook → `ordering|filter|on or off\\n…`, and revision
    KEYS[7]  revived   HASH    webhook|log id → id, type, lane, body
    KEYS[8]  due:…     ZSET    lane → ms                  when the head may be claimed
    KEYS[9]  health:…  HASH    see webhooks/circuit.py
    KEYS[10] gaps:…    ZSET    lane → ms                  lanes in which something was given up
    KEYS[11] dead:…    STREAM  id, type, lane, body, reason, attempts, log
    KEYS[12] deliveries:… STREAM                          the last attempts

The last five are one key for each webhook, with its id after a colon: KEYS has what they begin with, so that a
script can meet a webhook its caller does not know of. A lane's name is `webhook|chat`, or `webhook|chat#log id`
without order; it is in heads and due exactly while the queue holds an event of it. All keys carry the tenant's
hash tag, and they are only ever changed together, by Lua scripts that begin with the PRELUDE below. The events
room adds (events/stream.py), the webhooks room takes (webhooks/queue.py); neither imports the other.

At UNDELIVERED_MAX waiting deliveries a tenant's oldest is given up (dead letter with reason `too_many_waiting`)
for each new one, and what waited for longer than the retention is given up as `too_old`. That is a tenant whose
application has been gone for long; keeping more would fill the memory all tenants share.
"""

from __future__ import annotations

from typing import Final

from control.storage.keys import Keys

SESSION_LANE = "session"
"""The lane of events that belong to no chat. Chat ids hold an @, so no chat has this name."""

DEFAULT_WEBHOOK: Final = "default"
"""The id of the installation's webhook, which gets the events of tenants that have none of their own."""

GIVEN_UP_TOO_MANY = "too_many_waiting"
GIVEN_UP_TOO_OLD = "too_old"


def lane_keys(keys: Keys, tenant_id: str) -> list[str]:
    """Return the KEYS every script with the PRELUDE begins with."""
    return [
        keys.events(tenant_id),
        keys.lane_queue(tenant_id),
        keys.lane_heads(tenant_id),
        keys.lane_state(tenant_id),
        keys.lane_lines(tenant_id),
        keys.webhooks(tenant_id),
        keys.lane_revived(tenant_id),
        keys.lane_due_of(tenant_id),
        keys.webhook_health_of(tenant_id),
        keys.webhook_gaps_of(tenant_id),
        keys.dead_letters_of(tenant_id),
        keys.deliveries_of(tenant_id),
    ]


def webhook_keys(keys: Keys, tenant_id: str, webhook_id: str) -> list[str]:
    """Return the keys there are for this webhook alone."""
    return [
        keys.lane_due(tenant_id, webhook_id),
        keys.webhook_health(tenant_id, webhook_id),
        keys.webhook_gaps(tenant_id, webhook_id),
        keys.dead_letters(tenant_id, webhook_id),
        keys.deliveries(tenant_id, webhook_id),
    ]


def lane_keys_count() -> int:
    """Return how many keys that are; a script's own keys come after them."""
    return len(lane_keys(Keys(""), ""))


# Log ids are padded so that their lexical order is their order. A separator below every character of a lane
# keeps one lane's members together; the range of a lane ends at the next character after it.
PRELUDE = """
local LOG, QUEUE, HEADS, STATE, LINES = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local WEBHOOKS, REVIVED = KEYS[6], KEYS[7]
local function due_key(webhook) return KEYS[8] .. ':' .. webhook end
local function health_key(webhook) return KEYS[9] .. ':' .. webhook end
local function gaps_key(webhook) return KEYS[10] .. ':' .. webhook end
local function dead_key(webhook) return KEYS[11] .. ':' .. webhook end
local function deliveries_key(webhook) return KEYS[12] .. ':' .. webhook end

local function webhook_of(lane) return string.match(lane, '^([^|]*)|') end

local function member_of(lane, id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return lane .. '\\n' .. string.rep('0', 16 - #ms) .. ms .. '-' .. string.rep('0', 10 - #seq) .. seq
end

-- As a number a sorted set keeps exactly: below 2^53 until the year 2255.
local function age_of(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return string.format('%.0f', tonumber(ms) * 1000 + math.min(tonumber(seq), 999))
end

local function head_of(lane)
  local member = redis.call('ZRANGEBYLEX', QUEUE, '[' .. lane .. '\\n', '(' .. lane .. '\\11', 'LIMIT', 0, 1)[1]
  if not member then return nil end
  local ms, seq = string.match(member, '(%d+)-(%d+)$', #lane + 2)
  return member, string.format('%.0f-%.0f', tonumber(ms), tonumber(seq))
end

local function logged(id)
  local found = redis.call('XRANGE', LOG, id, id)[1]
  if not found then return nil end
  local f = found[2]
  return {id = f[2], type = f[4], lane = f[6], body = f[8]}
end

local function entry_of(webhook, id)
  local e = logged(id)
  if e then return e end
  local kept = redis.call('HGET', REVIVED, webhook .. '|' .. id)
  if not kept then return nil end
  local event, type, lane, body = string.match(kept, '^([^\\n]*)\\n([^\\n]*)\\n([^\\n]*)\\n(.*)$')
  return {id = event, type = type, lane = lane, body = body}
end

local function state_of(lane)
  return string.match(redis.call('HGET', STATE, lane) or '', '^(%d+)|([^|]*)|([^|]*)|(%d+)$')
end

-- The webhooks events go to now: the tenant's own, else the installation's if it has one.
local function routes(has_default)
  local found, all = {}, redis.call('HGETALL', WEBHOOKS)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 4) == 'whe_' then
      local ordering, filter = string.match(all[i+1], '^(%a+)|([^|]*)|')
      found[#found + 1] = {id = all[i], ordering = ordering, filter = filter}
    end
  end
  if #found == 0 and has_default then found[1] = {id = 'default', ordering = 'chat', filter = '*'} end
  return found
end

local function wants(route, type)
  return route.filter == '*' or string.find(route.filter, ',' .. type .. ',', 1, true) ~= nil
end

local function is_off(webhook)
  return string.match(redis.call('HGET', WEBHOOKS, webhook) or '', '^%a+|[^|]*|(%a+)') == 'off'
end

-- Notes when to look at the webhook's lanes next; to be called after any change to them.
local function touch(webhook)
  local first = redis.call('ZRANGE', due_key(webhook), 0, 0, 'WITHSCORES')[2]
  if not first or is_off(webhook) then redis.call('ZREM', LINES, webhook) return -1 end
  -- While its circuit is open, it is the probe that is due.
  first = redis.call('HGET', health_key(webhook), 'probe') or first
  redis.call('ZADD', LINES, first, webhook)
  return first
end

local function next_due()
  return redis.call('ZRANGE', LINES, 0, 0, 'WITHSCORES')[2] or '-1'
end

-- Has an event wait for a webhook. Answers whether it did not yet; it may be older than others of its lane.
local function enqueue(route, chat, id, now)
  local lane = route.id .. '|' .. chat
  if route.ordering == 'none' then lane = lane .. '#' .. id end
  if redis.call('ZADD', QUEUE, 0, member_of(lane, id)) == 0 then return false end
  local age, head = age_of(id), redis.call('ZSCORE', HEADS, lane)
  if head and tonumber(head) <= tonumber(age) then return true end
  redis.call('ZADD', HEADS, age, lane)
  local _, holder = state_of(lane)
  -- Somebody sends what was the head so far, and the lane goes on when that has ended.
  if not holder or holder == '' then
    redis.call('HDEL', STATE, lane)
    redis.call('ZADD', due_key(route.id), now, lane)
  end
  return true
end

-- Takes an event away. Whoever held its lease finds another state and can no longer settle.
local function pop(lane, id)
  local webhook = webhook_of(lane)
  redis.call('ZREM', QUEUE, member_of(lane, id))
  redis.call('HDEL', STATE, lane)
  redis.call('HDEL', REVIVED, webhook .. '|' .. id)
  local _, following = head_of(lane)
  if following then
    redis.call('ZADD', HEADS, age_of(following), lane)
  else
    redis.call('ZREM', HEADS, lane)
    redis.call('ZREM', due_key(webhook), lane)
  end
end

-- limit: of all the tenant's webhooks together.
local function bury(lane, id, reason, attempts, limit, now)
  local webhook = webhook_of(lane)
  local e = entry_of(webhook, id)
  if not e then return end
  local share = math.floor(tonumber(limit) / math.max(1, redis.call('HLEN', WEBHOOKS) - 1))
  redis.call('XADD', dead_key(webhook), 'MAXLEN', '~', share, '*', 'id', e.id, 'type', e.type, 'lane', e.lane,
    'body', e.body, 'reason', reason, 'attempts', attempts, 'log', id)
  if lane == webhook .. '|' .. e.lane then
    redis.call('ZADD', gaps_key(webhook), now, lane)
    redis.call('ZREMRANGEBYRANK', gaps_key(webhook), 0, -10001)
  end
end

-- Gives up the head of a lane without its having been tried to the end.
local function give_up(lane, reason, limit, now)
  local _, id = head_of(lane)
  local attempts, _, of = state_of(lane)
  bury(lane, id, reason, of == id and attempts or 0, limit, now)
  pop(lane, id)
end
"""
