"""What control keeps in Redis, as lines of JSON, and back. Independent of the server's version and of the prefix.

    {"k":"{acme}:webhook","t":"hash","v":["url","https://…",…]}
    {"k":"{acme}:events","t":"stream","v":[["1795435218000-0","id","evt_…",…],…]}

Everything that has no lifetime is copied: tenants, webhooks with their sealed secrets, metadata, the event log,
what waits for its webhook, the dead letters, and how far the bridge's journal was taken. A code that expires is
not.

One tenant's keys are read in one step, so its log, its lanes and its cursor belong together. The installation's
own keys come first: a cursor that is a little behind only makes events be looked at twice. Copy Redis before the
bridge's store, never after: a cursor ahead of the journal would skip events.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from itertools import groupby
from typing import Any

import orjson
from redis.asyncio import Redis

from control.storage.erasure import names_that_begin
from control.storage.keys import Keys
from control.storage.redis import execute

STREAM_ENTRIES_AT_ONCE = 100
_NAMES_AT_ONCE = 1_000
_TENANT = re.compile(rb"\{([^}]*)\}:")

# Answers {type, content} for each key; a stream's content is the id of its last entry. Keys with a lifetime, and
# keys that are gone, are of type none.
_SNAPSHOT = """#!lua flags=no-writes
local out = {}
for i, key in ipairs(KEYS) do
  local kind, content = redis.call('TYPE', key)['ok'], {}
  if redis.call('PTTL', key) ~= -1 then kind = 'none'
  elseif kind == 'string' then content = {redis.call('GET', key)}
  elseif kind == 'hash' then content = redis.call('HGETALL', key)
  elseif kind == 'set' then content = redis.call('SMEMBERS', key)
  elseif kind == 'list' then content = redis.call('LRANGE', key, 0, -1)
  elseif kind == 'zset' then content = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
  elseif kind == 'stream' then
    local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
    content = {last and last[1] or '0-0'}
  end
  out[i] = {kind, content}
end
return out
"""

_WRITE = {"hash": "HSET", "set": "SADD", "list": "RPUSH"}
_VALUES_AT_ONCE = 1_000


async def copy_out(
    redis: Redis, keys: Keys, *, wanted: Callable[[str], bool] = lambda name: True
) -> AsyncIterator[bytes]:
    """Yield the lines. wanted: which keys, by their names without the prefix. Raises redis.RedisError."""
    prefix = f"{keys.prefix}:".encode()
    snapshot = redis.register_script(_SNAPSHOT)
    names = [
        name
        for name in await names_that_begin(redis, f"{keys.prefix}:")
        if wanted(name.removeprefix(prefix).decode())
    ]
    # Keys of the installation sort before those of tenants this way.
    names.sort(key=lambda name: (_tenant_of(name, prefix) or b"", name))
    for tenant, group in groupby(names, key=lambda name: _tenant_of(name, prefix)):
        together = list(group)
        for batch in [together] if tenant is not None else [[name] for name in together]:
            for name, (kind, content) in zip(batch, await snapshot(keys=batch), strict=True):
                short = name.removeprefix(prefix)
                if kind == b"stream":
                    async for entries in _entries(redis, name, content[0]):
                        yield _line(short, "stream", entries)
                elif kind != b"none":
                    yield _line(short, kind.decode(), [_text(value) for value in content])


async def copy_in(redis: Redis, keys: Keys, line: bytes) -> None:
    """Write one line, in the place of what the key held unless it is a stream. Raises redis.RedisError."""
    entry = orjson.loads(line)
    name = f"{keys.prefix}:".encode() + _bytes(entry["k"])
    kind, values = entry["t"], entry["v"]
    if kind == "stream":
        pipe = redis.pipeline(transaction=False)
        for entry_id, *fields in values:
            pipe.execute_command("XADD", name, entry_id, *map(_bytes, fields))
        await pipe.execute()
        return
    flat = [_bytes(value) for value in values]
    if kind == "string":
        await execute(redis, "SET", name, flat[0])
        return
    await execute(redis, "DEL", name)
    if kind == "zset":
        flat = [part for at in range(0, len(flat), 2) for part in (flat[at + 1], flat[at])]
    command = "ZADD" if kind == "zset" else _WRITE[kind]
    for at in range(0, len(flat), _VALUES_AT_ONCE):
        await execute(redis, command, name, *flat[at : at + _VALUES_AT_ONCE])


async def is_empty(redis: Redis, keys: Keys) -> bool:
    """Whether Redis holds nothing below the prefix. Raises redis.RedisError."""
    return not await names_that_begin(redis, f"{keys.prefix}:")


async def remove_all(redis: Redis, keys: Keys) -> None:
    """Remove everything below the prefix. Raises redis.RedisError."""
    names = await names_that_begin(redis, f"{keys.prefix}:")
    for at in range(0, len(names), _NAMES_AT_ONCE):
        await execute(redis, "UNLINK", *names[at : at + _NAMES_AT_ONCE])


async def _entries(redis: Redis, name: bytes, last: bytes) -> AsyncIterator[list[list[str]]]:
    """The entries of a stream up to one, a bounded number at a time."""
    start = b"-"
    while True:
        found = await execute(redis, "XRANGE", name, start, last, "COUNT", STREAM_ENTRIES_AT_ONCE)
        if not found:
            return
        yield [
            [entry_id.decode(), *(_text(part) for pair in fields.items() for part in pair)]
            for entry_id, fields in found
        ]
        start = b"(" + found[-1][0]


def _tenant_of(name: bytes, prefix: bytes) -> bytes | None:
    tenant = _TENANT.match(name.removeprefix(prefix))
    return tenant[1] if tenant is not None else None


def _line(name: bytes, kind: str, values: Any) -> bytes:
    return orjson.dumps({"k": _text(name), "t": kind, "v": values}) + b"\n"


# Any bytes, one character each: most are ASCII, and nothing has to be told apart.
def _text(value: bytes) -> str:
    return value.decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")
