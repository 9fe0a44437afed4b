"""The decision, as Redis makes it: any number of requests in one call, each over several buckets, all or nothing.

KEYS   the buckets, request after request
ARGV   for each request: how many buckets; for each of them: interval (µs), limit, cost
reply  for each request: 1 admitted or 0; for each bucket: remaining, wait (µs), reset (µs), see Level in
       policy.py; a wait is negative where the bucket did not deny

Time is Redis' own, so the clocks of control processes do not matter. When Redis' clock is set back, buckets lie
in the future: they are taken as empty and fill up from then on, instead of denying everything until that comes.

Buckets are left out of the append-only file: thousands of writes a second that nobody needs after a restart, when
they begin full. In a cluster all buckets are on one node, by the hash tag of their keys (storage/keys.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from control.ratelimit.policy import Draw, Level, Verdict

LUA: Final = """
redis.set_repl(redis.REPL_NONE)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local reply, key, arg = {}, 0, 1

local function keep(name, full)
  redis.call('SET', name, string.format('%.0f', full), 'PX', math.max(1, math.ceil((full - now) / 1000)))
end

while arg <= #ARGV do
  local count = tonumber(ARGV[arg])
  local admitted, fulls = 1, {}
  for i = 1, count do
    local at = arg + 3 * i - 2
    local interval, limit, cost = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    local latest = now + interval * limit
    local full = math.max(tonumber(redis.call('GET', KEYS[key + i]) or now), now)
    if full > latest then
      full = latest
      keep(KEYS[key + i], full)
    end
    fulls[i] = full
    if full + interval * cost > latest then admitted = 0 end
  end
  reply[#reply + 1] = admitted
  for i = 1, count do
    local at = arg + 3 * i - 2
    local interval, limit, cost = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    local latest, full, next = now + interval * limit, fulls[i], cost
    if admitted == 1 then
      full = full + interval * cost
      next = 1
      keep(KEYS[key + i], full)
    end
    reply[#reply + 1] = math.floor((latest - full) / interval)
    reply[#reply + 1] = full + interval * next - latest
    reply[#reply + 1] = full - now
  end
  key = key + count
  arg = arg + 1 + 3 * count
end
return reply
"""

SHA: Final = hashlib.sha1(LUA.encode()).hexdigest()  # noqa: S324 - Redis names scripts by it


def arguments(requests: Sequence[Sequence[Draw]]) -> list[str | int]:
    """Return what follows the script in EVAL and EVALSHA: the number of keys, the keys, the arguments."""
    keys: list[str | int] = [draw.key for draws in requests for draw in draws]
    values: list[str | int] = []
    for draws in requests:
        values.append(len(draws))
        for draw in draws:
            values += (draw.policy.interval, draw.policy.limit, draw.taken)
    return [len(keys), *keys, *values]


def verdicts(requests: Sequence[Sequence[Draw]], reply: Sequence[int]) -> list[Verdict]:
    """Return what a reply means, one verdict for each request."""
    told = iter(reply)
    return [_verdict(draws, next(told) == 1, told) for draws in requests]


def _verdict(draws: Sequence[Draw], admitted: bool, told: Iterator[int]) -> Verdict:
    levels, denying = [], []
    for draw in draws:
        remaining, wait, reset = next(told), next(told), next(told)
        levels.append(Level(draw.policy, max(0, remaining), max(0, wait), max(0, reset)))
        if not admitted and wait > 0:
            denying.append(draw.policy.name)
    return Verdict(tuple(levels), tuple(denying))
