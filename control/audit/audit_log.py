"""The audit log: a Redis stream of what was done, another of who was not let in, each with a bound of its own.

Whoever does something waits for nothing here: an entry goes into a queue, at once also into control's own log,
which outlives Redis, and is written a moment later. The queue holds WAITING_MAX entries; past that, which takes a
Redis that is away for long, the oldest are dropped and an entry says how many. Refused credentials are always
counted, so that no flood of them can push out what was done.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from control.audit.counting import WINDOW_MS, Counting
from control.audit.entry import FIELD, LOST, NOBODY, AuditEntry
from control.log import mask_address, mask_tenant
from control.storage.keys import Keys
from control.storage.redis import execute, leave_if_cancelled

WAITING_MAX: Final = 10_000
EACH_MAX: Final = 60
"""Entries of one credential in a minute that are written one by one; the rest is counted."""

REFUSED_MAX: Final = 10_000
"""Counts of refused credentials that are kept."""

WRITE_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 2.0
TRIM_SECONDS: Final = 3_600.0
_AT_ONCE: Final = 200
_LOOKED_AT_ONCE: Final = 1_000
_DAY_MS: Final = 86_400_000

log = logging.getLogger(__name__)
audit_lines = logging.getLogger("control.audit")


class AuditLog:
    """Takes entries."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        *,
        max_entries: int,
        retention_days: int,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._max_entries = max_entries
        self._retention_ms = retention_days * _DAY_MS
        self._now_ms = now_ms
        self._waiting: deque[AuditEntry] = deque()
        self._lost = 0
        self._counting = Counting()
        self._refused = Counting()
        self._minute = 0
        self._written: dict[tuple[str, str | None], int] = {}
        self._trimmed_at = 0.0

    def record(self, entry: AuditEntry, *, each: bool = True) -> None:
        """Take an entry. each: write it by itself, unless its credential does that all the time; else count it."""
        if entry.kind == NOBODY:
            self._refused.add(entry, place=mask_address(entry.address))
        elif each and self._may_write(entry):
            self._put(entry)
        else:
            self._counting.add(entry, place=None)

    async def run(self) -> None:
        """Write what was taken, until cancelled."""
        while True:
            leave_if_cancelled()
            try:
                await self.write()
                pause = WRITE_SECONDS
            except (RedisError, OSError) as error:
                log.warning("audit log not written yet", extra={"reason": type(error).__name__})
                pause = RETRY_SECONDS
            await asyncio.sleep(pause)

    async def write(self, *, everything: bool = False) -> None:
        """Write what waits. everything: of this minute too, because control stops. Raises redis.RedisError."""
        now = None if everything else self._now_ms()
        for entry in (*self._counting.take(now), *self._refused.take(now)):
            self._put(entry)
        if self._lost:
            self._waiting.append(self._of_lost())
        while self._waiting:
            leave_if_cancelled()
            batch = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
            try:
                await self._write(batch)
            except BaseException:
                # Rather twice than not at all.
                self._waiting.extendleft(reversed(batch))
                raise
        await self._trim()

    async def forget(self, tenant_id: str) -> None:
        """Take the id of a tenant that is deleted out of the log, and what was done to in it; the rest stays.

        Its entries become new ones, because those of a stream cannot be changed: they keep their time and lose
        their place. Raises redis.RedisError.
        """
        await self.write(everything=True)
        begin, masked = "-", mask_tenant(tenant_id)
        while True:
            leave_if_cancelled()
            found = await execute(self._redis, "XRANGE", self._keys.audit(), begin, "+", "COUNT", _LOOKED_AT_ONCE)
            async with self._redis.pipeline(transaction=True) as pipe:
                for entry_id, named in found:
                    value = named.get(FIELD.encode(), b"")
                    # Most are others': reading them all would take long.
                    if tenant_id.encode() in value and (entry := _of(tenant_id, value)) is not None:
                        pipe.xdel(self._keys.audit(), entry_id)
                        of_it = entry.tenant_id == tenant_id
                        kept = replace(
                            entry,
                            tenant_id=masked if of_it else entry.tenant_id,
                            target=None if of_it else masked,
                        )
                        pipe.xadd(self._keys.audit(), {FIELD: kept.dumped()})
                if len(pipe):
                    await pipe.execute()
            if len(found) < _LOOKED_AT_ONCE:
                return
            begin = f"({found[-1][0].decode()}"

    async def _write(self, batch: list[AuditEntry]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for entry in batch:
                refused = entry.kind == NOBODY
                pipe.xadd(
                    self._keys.audit_refused() if refused else self._keys.audit(),
                    {FIELD: entry.dumped()},
                    maxlen=REFUSED_MAX if refused else self._max_entries,
                    approximate=False,
                )
            await pipe.execute()

    def _may_write(self, entry: AuditEntry) -> bool:
        minute = entry.at_ms // WINDOW_MS
        if minute != self._minute:
            self._minute, self._written = minute, {}
        who = (entry.kind, entry.key_id)
        self._written[who] = self._written.get(who, 0) + 1
        return self._written[who] <= EACH_MAX

    def _put(self, entry: AuditEntry) -> None:
        fields = {_LOG_NAMES[name]: value for name, value in asdict(entry).items() if name in _LOG_NAMES}
        audit_lines.info("audit", extra={**fields, "network": mask_address(entry.address)})
        self._waiting.append(entry)
        if len(self._waiting) > WAITING_MAX:
            self._waiting.popleft()
            self._lost += 1

    def _of_lost(self) -> AuditEntry:
        lost, self._lost = self._lost, 0
        log.error("audit entries dropped: redis was away for too long", extra={"count": lost})
        return AuditEntry(
            at_ms=self._now_ms(),
            kind="gateway",
            key_id=None,
            address=None,
            method="",
            route=None,
            action=LOST,
            tenant_id=None,
            target=None,
            status=0,
            request_id=None,
            count=lost,
        )

    async def _trim(self) -> None:
        now = time.monotonic()
        if self._trimmed_at and now - self._trimmed_at < TRIM_SECONDS:
            return
        oldest = f"{self._now_ms() - self._retention_ms}-0"
        for name in (self._keys.audit(), self._keys.audit_refused()):
            await execute(self._redis, "XTRIM", name, "MINID", oldest)
        self._trimmed_at = now


def _of(tenant_id: str, value: bytes) -> AuditEntry | None:
    try:
        entry = AuditEntry.loaded(value)
    except (ValueError, KeyError, TypeError):
        return None
    return entry if tenant_id in (entry.tenant_id, entry.target) else None


# What control's own log says of an entry; control/log.py masks the tenant.
_LOG_NAMES: Final = {
    "kind": "by",
    "key_id": "keyId",
    "action": "action",
    "tenant_id": "tenantId",
    "target": "target",
    "status": "status",
    "request_id": "requestId",
    "count": "count",
}
