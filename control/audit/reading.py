"""Reads the audit log a page at a time: what was done and who was not let in, as one list in the order of time."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from control.audit.entry import FIELD, AuditEntry
from control.storage.keys import Keys
from control.storage.redis import execute, leave_if_cancelled

CURSOR: Final = re.compile(r"[0-9]{1,15}-[0-9]{1,10}r?", re.ASCII)

LOOKED_AT_MAX: Final = 20_000
"""Entries that are looked at for a page. A filter that lets few through gives short pages with a next one."""

_AT_ONCE: Final = 200

log = logging.getLogger(__name__)

Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with its id, which is unique and in the order of time. Ids of refused ones end with r."""

    id: str
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class AuditPage:
    """cursor: the id to go on from; None when there is nothing more."""

    entries: list[Kept]
    cursor: str | None


class AuditReader:
    """Reads. Every method raises redis.RedisError when Redis does."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def page(
        self,
        *,
        beside: str | None,
        forward: bool,
        limit: int,
        refused: bool,
        wanted: Callable[[AuditEntry], bool],
    ) -> AuditPage:
        """Return entries after the id `beside` going forward in time, or before it going back.

        beside: None for the beginning or the end. refused: with those who were not let in.
        """
        streams = [self._entries(self._keys.audit(), "", beside, forward=forward)]
        if refused:
            streams.append(self._entries(self._keys.audit_refused(), "r", beside, forward=forward))
        shown: list[Kept] = []
        looked, last = 0, ""
        async for place, kept in _merged(streams, forward=forward):
            if len(shown) >= limit or looked >= LOOKED_AT_MAX:
                return AuditPage(shown, last)
            looked, last = looked + 1, f"{place[0]}-{place[1]}{place[2]}"
            if kept is not None and wanted(kept.entry):
                shown.append(kept)
        return AuditPage(shown, None)

    async def _entries(
        self, name: str, mark: str, beside: str | None, *, forward: bool
    ) -> AsyncIterator[tuple[Place, Kept | None]]:
        begin, end = ("-", "+") if forward else ("+", "-")
        if beside is not None:
            # Both streams may have the same id. The one that is marked comes later.
            other = beside.removesuffix("r")
            begins_there = mark != beside[len(other) :] and forward == (mark != "")
            begin = other if begins_there else f"({other}"
        while True:
            leave_if_cancelled()
            command = "XRANGE" if forward else "XREVRANGE"
            found = await execute(self._redis, command, name, begin, end, "COUNT", _AT_ONCE)
            for raw_id, named in found:
                stream_id = raw_id.decode()
                milliseconds, _, number = stream_id.partition("-")
                entry = _loaded(named.get(FIELD.encode(), b""))
                kept = Kept(stream_id + mark, entry) if entry is not None else None
                yield (int(milliseconds), int(number), mark), kept
            if len(found) < _AT_ONCE:
                return
            begin = f"({found[-1][0].decode()}"


async def _merged(
    streams: list[AsyncIterator[tuple[Place, Kept | None]]], *, forward: bool
) -> AsyncIterator[tuple[Place, Kept | None]]:
    heads = [(head, stream) for stream in streams if (head := await anext(stream, None)) is not None]
    while heads:
        chosen = (min if forward else max)(range(len(heads)), key=lambda at: heads[at][0][0])
        head, stream = heads[chosen]
        yield head
        following = await anext(stream, None)
        if following is None:
            del heads[chosen]
        else:
            heads[chosen] = (following, stream)


def _loaded(value: bytes) -> AuditEntry | None:
    try:
        return AuditEntry.loaded(value)
    except (ValueError, KeyError, TypeError) as error:
        log.error("an audit entry is damaged", extra={"reason": type(error).__name__})
        return None
