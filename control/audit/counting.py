"""Counts what happens often instead of writing each time of it, so that a flood is some lines and not a log full.

The same within one minute is one entry: the same credential or network, doing the same to the same tenant with the
same result. There are BUCKETS_MAX of them in a minute; what comes past that is counted in one without particulars.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from control.audit.entry import AuditEntry

WINDOW_MS: Final = 60_000
BUCKETS_MAX: Final = 500

_Bucket = tuple[int, str, str | None, str | None, str | None, str | None, int]


class Counting:
    """The counts of the current minute."""

    def __init__(self) -> None:
        self._buckets: dict[_Bucket, AuditEntry] = {}

    def add(self, entry: AuditEntry, *, place: str | None) -> None:
        """Count an entry. place: what stands for where it came from."""
        window = entry.at_ms // WINDOW_MS
        bucket = (window, entry.kind, entry.key_id, place, entry.action, entry.tenant_id, entry.status)
        if bucket not in self._buckets and len(self._buckets) >= BUCKETS_MAX:
            bucket = (window, entry.kind, None, None, None, None, entry.status)
            entry = replace(
                entry, key_id=None, address=None, action=None, route=None, tenant_id=None, request_id=None
            )
        first = self._buckets.get(bucket)
        if first is None:
            self._buckets[bucket] = replace(entry, target=None)
        else:
            self._buckets[bucket] = replace(first, count=first.count + 1, until_ms=entry.at_ms)

    def take(self, now_ms: int | None) -> list[AuditEntry]:
        """Return and forget the counts of the minutes before this one; of all with None."""
        over = [bucket for bucket in self._buckets if now_ms is None or bucket[0] < now_ms // WINDOW_MS]
        return [self._buckets.pop(bucket) for bucket in over]
