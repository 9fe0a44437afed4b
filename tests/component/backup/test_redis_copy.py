"""What control keeps in Redis, out and in again, against a real server."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from control.backup.redis_copy import STREAM_ENTRIES_AT_ONCE, copy_in, copy_out, is_empty, remove_all
from control.storage.keys import Keys
from control.storage.redis import execute


async def dump(redis: Redis, keys: Keys) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in await execute(redis, "KEYS", f"{keys.prefix}:*"):
        kind = (await execute(redis, "TYPE", name)).decode()
        read: dict[str, tuple[Any, ...]] = {
            "string": ("GET", name),
            "hash": ("HGETALL", name),
            "set": ("SMEMBERS", name),
            "list": ("LRANGE", name, 0, -1),
            "zset": ("ZRANGE", name, 0, -1, "WITHSCORES"),
            "stream": ("XRANGE", name, "-", "+"),
        }
        found[name.decode().removeprefix(keys.prefix)] = await execute(redis, *read[kind])
    return found


async def fill(redis: Redis, keys: Keys) -> None:
    await execute(redis, "SADD", keys.tenants(), "acme", "Zulu-1")
    await execute(redis, "SET", keys.ingest_cursor("jrn_1"), "12")
    await execute(redis, "ZADD", keys.webhook_hints(), 1_795_435_218_123, "acme")
    for tenant in ("acme", "Zulu-1"):
        await execute(redis, "HSET", keys.webhook(tenant), "url", "https://x", "secret", b"v1.\xff\x00\n\xc3\xa9")
        await execute(redis, "ZADD", keys.lane_queue(tenant), 0, f"{tenant}\n0001-1", 0.5, "b", "inf", "c")
        await execute(redis, "SET", keys.tenant_cursor(tenant, "jrn_1"), "12")
        await execute(redis, "RPUSH", f"{keys.of_tenant(tenant)}later", "one", "two")
        for number in range(2 * STREAM_ENTRIES_AT_ONCE + 1):
            await execute(
                redis, "XADD", keys.events(tenant), f"{1_000 + number}-{number}", "body", f'{{"n":{number}}}'
            )
    await execute(redis, "SET", keys.qr("acme"), "2@secret", "PX", 60_000)


async def test_everything_without_a_lifetime_comes_back_as_it_was_under_another_prefix(
    redis: Redis, keys: Keys
) -> None:
    await fill(redis, keys)
    other = Keys(f"{keys.prefix}-other")
    before = await dump(redis, keys)

    async for line in copy_out(redis, keys):
        await copy_in(redis, other, line)

    del before[keys.qr("acme").removeprefix(keys.prefix)]
    after = await dump(redis, other)
    assert after == before
    assert len(after) == 3 + 2 * 5


async def test_the_installation_s_cursor_is_read_before_any_tenant_s(redis: Redis, keys: Keys) -> None:
    await fill(redis, keys)

    lines = [line async for line in copy_out(redis, keys)]

    cursor = next(at for at, line in enumerate(lines) if b'"ingest:jrn_1"' in line)
    first_tenant = next(at for at, line in enumerate(lines) if b'"{' in line)
    assert cursor < first_tenant
    assert max(map(len, lines)) < 20_000


async def test_events_that_come_while_a_stream_is_read_are_left_out_with_their_cursor(
    redis: Redis, keys: Keys
) -> None:
    await fill(redis, keys)
    entries = 0
    async for line in copy_out(redis, keys, wanted=lambda name: name.startswith("{acme}:events")):
        entries += line.count(b'"body"')
        await execute(redis, "XADD", keys.events("acme"), "*", "body", "late")

    assert entries == 2 * STREAM_ENTRIES_AT_ONCE + 1


async def test_a_prefix_is_no_pattern_and_other_installations_are_left_alone(redis: Redis, keys: Keys) -> None:
    await execute(redis, "SADD", keys.tenants(), "acme")
    star = Keys(f"{keys.prefix[:4]}*")

    assert [line async for line in copy_out(redis, star)] == []
    assert await is_empty(redis, star)
    await remove_all(redis, star)
    assert not await is_empty(redis, keys)
    await remove_all(redis, keys)
    assert await is_empty(redis, keys)
