"""Named values that belong to an owner, in a Redis hash each, with a copy on disk that puts back what Redis loses.

A change is written to Redis in one step, on the revision it was made from, and then to the copy. Whoever reads
compares Redis' revision with the one that is known of: where Redis has less it was wiped, and what it lost is put
back before anything else happens. Where the copy has less, because it could not be written or is of another host,
it is brought up to date.

Owners are listed in a set of their own. Control's webhooks work the same way with more in each step, see
control/webhooks/registry.py.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.errors import GatewayError
from control.storage.copy import REVISION, DurableCopy
from control.storage.redis import execute, leave_if_cancelled

RECONCILE_SECONDS = 600.0
RETRY_SECONDS = 2.0
_ATTEMPTS = 10
_AT_ONCE = 500

# ARGV: revision the change was made from, the new one, then field and value of each. Answers the new revision, or
# -1 when something else changed.
_CHANGE = """#!lua
if tonumber(redis.call('HGET', KEYS[1], 'revision') or '0') ~= tonumber(ARGV[1]) then return -1 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'revision', ARGV[2], unpack(ARGV, 3))
return tonumber(ARGV[2])
"""

# ARGV: revision, then field and value of each. Writes only over an older one.
_PUT_BACK = """#!lua
if tonumber(redis.call('HGET', KEYS[1], 'revision') or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
"""

Values = Mapping[str, bytes]

log = logging.getLogger(__name__)


class DurableRecords:
    """The records of one kind. Methods raise redis.RedisError when Redis does, unless they say otherwise."""

    def __init__(self, redis: Redis, copy: DurableCopy, *, key_of: Callable[[str], str], index: str) -> None:
        """key_of: the Redis key of an owner's HASH. index: the key of the SET with all owners."""
        self._redis = redis
        self._copy = copy
        self._key_of = key_of
        self._index = index
        # Owner → the highest revision known of, and the one that is on disk.
        self._revisions: dict[str, int] = {}
        self._copied: dict[str, int] = {}
        self._broken = False
        self._change = redis.register_script(_CHANGE)
        self._put_back = redis.register_script(_PUT_BACK)

    @property
    def copy_broken(self) -> bool:
        """Whether the copy could not be read or written the last time."""
        return self._broken

    async def open(self) -> dict[str, dict[str, bytes]]:
        """Read the copy; return its values by owner. Never raises: without the copy Redis alone is believed."""
        try:
            found = await self._copy.read_all()
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)
            return {}
        self._copied = {owner: int(values[REVISION]) for owner, values in found.items() if REVISION in values}
        self._revisions = {**self._copied}
        return {owner: _without_revision(values) for owner, values in found.items()}

    def close(self) -> None:
        """Close the copy."""
        self._copy.close()

    async def load(self, owner: str) -> dict[str, bytes]:
        """Return the owner's values, empty when there are none; put back first if Redis lost them."""
        return (await self._load(owner))[1]

    async def owners(self) -> list[str]:
        """Return every owner, sorted, those among them that Redis has lost."""
        found = await execute(self._redis, "SMEMBERS", self._index)
        return sorted({*self._revisions, *(name.decode() for name in found)})

    async def load_many(self, owners: Sequence[str]) -> dict[str, dict[str, bytes]]:
        """Return the values of those owners that have any."""
        found: dict[str, dict[str, bytes]] = {}
        for at in range(0, len(owners), _AT_ONCE):
            leave_if_cancelled()
            page = owners[at : at + _AT_ONCE]
            async with self._redis.pipeline(transaction=False) as pipe:
                for owner in page:
                    pipe.hgetall(self._key_of(owner))
                answers = await pipe.execute()
            for owner, answer in zip(page, answers, strict=True):
                _, values = await self._checked(owner, {name.decode(): value for name, value in answer.items()})
                if values:
                    found[owner] = values
        return found

    async def change(self, owner: str, alter: Callable[[dict[str, bytes]], Values]) -> dict[str, bytes]:
        """Replace the owner's values by what `alter` makes of them, and return that.

        alter: may be called again when somebody else changed them meanwhile; what it raises is passed on. It must
        leave at least one value: use erase() for none.
        """
        for _ in range(_ATTEMPTS):
            revision, before = await self._load(owner)
            after = dict(alter(dict(before)))
            if after == before:
                return after
            flat = [part for pair in after.items() for part in pair]
            following = revision + 1 if revision else self._first_revision(owner)
            made = int(await self._change(keys=[self._key_of(owner)], args=[revision, following, *flat]))
            if made < 0:
                continue
            await execute(self._redis, "SADD", self._index, owner)
            self._revisions[owner] = max(made, self._revisions.get(owner, 0))
            await self._keep(owner, made, after)
            return after
        raise GatewayError("redis_unavailable", "This is being changed by others; try again.", retry_after=1)

    async def erase(self, owner: str) -> None:
        """Remove the owner from the copy and then from Redis. Raises `disk_unavailable` too."""
        known = int(await execute(self._redis, "HGET", self._key_of(owner), REVISION) or 0)
        try:
            await self._copy.remove(owner, up_to=max(known, self._revisions.get(owner, 0)))
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)
            raise GatewayError("disk_unavailable", retry_after=2) from None
        self._revisions.pop(owner, None)
        self._copied.pop(owner, None)
        await execute(self._redis, "UNLINK", self._key_of(owner))
        await execute(self._redis, "SREM", self._index, owner)

    async def keep(self, told: Callable[[dict[str, dict[str, bytes]]], None] = lambda found: None) -> None:
        """Reconcile at the start and from time to time, until cancelled. told: of everything there is."""
        while True:
            leave_if_cancelled()
            try:
                told(await self.reconcile())
                pause = RECONCILE_SECONDS
            except (RedisError, OSError) as error:
                about = {"of": self._copy.what, "reason": type(error).__name__}
                log.warning("redis and its copy cannot be compared, trying again", extra=about)
                pause = RETRY_SECONDS
            await asyncio.sleep(pause)

    async def reconcile(self) -> dict[str, dict[str, bytes]]:
        """Look through all owners: bring the copy up to date, and Redis where it has less. Return all values."""
        return await self.load_many(await self.owners())

    async def _load(self, owner: str) -> tuple[int, dict[str, bytes]]:
        return await self._checked(owner, await self._read(owner))

    async def _checked(self, owner: str, values: dict[str, bytes]) -> tuple[int, dict[str, bytes]]:
        revision = int(values.get(REVISION, 0))
        if 0 < revision <= self._copy.removed_at(owner):
            # Read before it was removed.
            return 0, {}
        if revision < self._revisions.get(owner, 0):
            await self._restore(owner)
            values = await self._read(owner)
            revision = int(values.get(REVISION, 0))
        elif revision > self._copied.get(owner, 0):
            self._revisions[owner] = revision
            await self._keep(owner, revision, _without_revision(values))
        return revision, _without_revision(values)

    async def _restore(self, owner: str) -> None:
        """Write into Redis what it has lost, as the copy has it."""
        try:
            values = await self._copy.read(owner)
        except (sqlite3.Error, OSError) as error:
            # What cannot be read now may be read later: it is not forgotten.
            self._note_broken(error)
            return
        if not values:
            # Removed by another process, or neither has them any more.
            log.warning("neither redis nor its copy has a record", extra={"of": self._copy.what})
            self._revisions.pop(owner, None)
            self._copied.pop(owner, None)
            await execute(self._redis, "SREM", self._index, owner)
            return
        flat = [part for pair in values.items() for part in pair]
        revision = int(values[REVISION])
        if await self._put_back(keys=[self._key_of(owner)], args=[revision, *flat]):
            log.warning("redis had lost a record, put back", extra={"of": self._copy.what})
        await execute(self._redis, "SADD", self._index, owner)
        self._revisions[owner] = revision

    def _first_revision(self, owner: str) -> int:
        """A revision that is later than all of an owner of this name that was removed."""
        return max(time.time_ns() // 1_000_000, self._copy.removed_at(owner) + 1)

    async def _read(self, owner: str) -> dict[str, bytes]:
        found = await self._redis.hgetall(self._key_of(owner))  # type: ignore[misc]
        return {name.decode(): value for name, value in found.items()}

    async def _keep(self, owner: str, revision: int, values: Values) -> None:
        """Write the copy. A disk that fails fails no request: Redis has it, and the next look tries again."""
        try:
            await self._copy.write(owner, {**values, REVISION: str(revision).encode()})
        except (sqlite3.Error, OSError) as error:
            self._note_broken(error)
            return
        self._copied[owner] = revision
        self._broken = False

    def _note_broken(self, error: Exception) -> None:
        self._broken = True
        about = {"of": self._copy.what, "reason": type(error).__name__}
        log.error("a copy on disk is not usable", extra=about)


def _without_revision(values: Values) -> dict[str, bytes]:
    return {name: value for name, value in values.items() if name != REVISION}
