"""When a webhook that fails is left in peace, and when it is switched off.

    enabled ──OPEN_AFTER failures in a row, in several chats──▶ degraded ──nothing taken for DISABLE_AFTER──▶ off
       ▲                                                           │
       └──────────────────── one event is taken ───────────────────┘

    any ──410, `webhook-delivery: disable`, the tenant──▶ off ──the tenant──▶ enabled

Degraded, one event is sent after 1, 2, 4 … 60 minutes (the probe); when it is taken, all that waits is due at
once. Failures of a single chat do not open the circuit: an event the customer's app stumbles over must not hold up
the others. Switched off, nothing is sent, and what waits is kept.

The numbers stand in a hash per webhook that exists only while it fails:

    failures  in a row       since  first of them (ms)   at  last of them (ms)   reason  of the last
    lane, turns              the last one's lane, and how often it was another than the one before
    probe     when the next probe may be sent (ms); exists while the circuit is open
    probing   the token of who sends the probe           step  probes that failed
"""

from __future__ import annotations

from typing import Final

OPEN_AFTER: Final = 10
OPEN_TURNS: Final = 3
PROBE_FIRST_MS: Final = 60_000
PROBE_LAST_MS: Final = 3_600_000

DISABLE_AFTER_MS: Final = 120 * 3_600_000
DISABLE_FAILURES: Final = 15
"""So many failures at least: a webhook that gets few events is not judged by two that failed far apart."""


def is_hopeless(since_ms: int, failures: int, now_ms: int) -> bool:
    """Whether there were only failures for so long that the webhook is switched off."""
    return failures >= DISABLE_FAILURES and now_ms - since_ms >= DISABLE_AFTER_MS


# note_failure answers nothing; note_success whether the circuit was open. probe_of answers the lane that may be
# probed now, and holds the probe for the token; nil when there is none. All need the PRELUDE.
CIRCUIT = f"""
local function note_failure(lane, token, reason, now)
  local health = health_key(webhook_of(lane))
  local failures = redis.call('HINCRBY', health, 'failures', 1)
  redis.call('HSETNX', health, 'since', now)
  local turns = 0
  if redis.call('HGET', health, 'lane') ~= lane then turns = redis.call('HINCRBY', health, 'turns', 1)
  else turns = tonumber(redis.call('HGET', health, 'turns')) end
  redis.call('HSET', health, 'lane', lane, 'at', now, 'reason', reason)
  local probe = redis.call('HGET', health, 'probe')
  if (not probe and failures >= {OPEN_AFTER} and turns >= {OPEN_TURNS})
      or (probe and redis.call('HGET', health, 'probing') == token) then
    local step = redis.call('HINCRBY', health, 'step', 1)
    local pause = math.min({PROBE_LAST_MS}, {PROBE_FIRST_MS} * 2 ^ (step - 1))
    redis.call('HSET', health, 'probe', string.format('%.0f', now + pause))
    redis.call('HDEL', health, 'probing')
  end
end

local function note_success(webhook, now)
  local health = health_key(webhook)
  local open = redis.call('HEXISTS', health, 'probe') == 1
  redis.call('DEL', health)
  return open
end

-- Makes what waits due, except what is under way. Bounded: the rest has its own times.
local function resume(webhook, now)
  for _, lane in ipairs(redis.call('ZRANGE', due_key(webhook), 0, 9999)) do
    local _, holder = state_of(lane)
    if not holder or holder == '' then redis.call('ZADD', due_key(webhook), now, lane) end
  end
end

local function probe_of(webhook, token, now, lease_until)
  if tonumber(redis.call('HGET', health_key(webhook), 'probe')) > tonumber(now) then return nil end
  for _, lane in ipairs(redis.call('ZRANGE', due_key(webhook), 0, 99)) do
    local _, holder = state_of(lane)
    if not holder or holder == '' or tonumber(redis.call('ZSCORE', due_key(webhook), lane)) <= tonumber(now) then
      redis.call('HSET', health_key(webhook), 'probing', token, 'probe', lease_until)
      return lane
    end
  end
  return nil
end
"""
