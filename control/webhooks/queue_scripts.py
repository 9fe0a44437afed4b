"""The scripts of the delivery queue (queue.py), on the keys of storage/lanes.py.

All are allowed when Redis is full (`allow-oom`): they are what makes room again.
"""

from __future__ import annotations

from control.storage.lanes import PRELUDE
from control.webhooks.circuit import CIRCUIT

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
CLAIM = (
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
SETTLE = (
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
ADD_HINTS = """#!lua flags=allow-oom
return redis.call('ZADD', KEYS[1], unpack(ARGV))
"""

# Takes away a hint that was followed and led to nothing. One that is due is newer: something was added meanwhile.
# KEYS: hints. ARGV: tenant, now.
DROP_HINT = """#!lua flags=allow-oom
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if at and tonumber(at) > tonumber(ARGV[2]) then redis.call('ZREM', KEYS[1], ARGV[1]) end
"""

# Forgets all that waits for a webhook that is gone, and what was kept about it. ARGV: webhook.
DROP = (
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
RESUME = (
    "#!lua flags=allow-oom\n"
    + PRELUDE
    + CIRCUIT
    + """
redis.call('DEL', health_key(ARGV[1]))
resume(ARGV[1], ARGV[2])
return touch(ARGV[1])
"""
)
