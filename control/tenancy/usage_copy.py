"""How much tenants used, day by day, for as long as anybody may ask: DATA_DIR/control/usage.sqlite.

Redis sums a day up while it lasts (control/tenancy/usage.py) and forgets it days later. What is copied here
carries the epoch of Redis' sums: a Redis that was wiped begins a new one, and a day is the sum of its epochs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import orjson

from control.storage.copy_file import CopyFile

FILE_NAME = "usage.sqlite"

Counts = dict[str, int]

_TABLE = """
CREATE TABLE IF NOT EXISTS usage (
  tenant TEXT NOT NULL, day TEXT NOT NULL, epoch TEXT NOT NULL, counts TEXT NOT NULL,
  PRIMARY KEY (tenant, day, epoch)
) WITHOUT ROWID
"""


class UsageCopy:
    """Reads and writes the file, in threads. Every method raises sqlite3.Error or OSError when the disk does."""

    def __init__(self, folder: Path) -> None:
        self._file = CopyFile(folder / FILE_NAME, what="the usage of tenants", prepare=_prepare)

    async def open(self) -> None:
        """See that the file can be used; one that is damaged is set aside and begun anew."""
        await self._file.run_or_begin_anew(lambda database: database.execute("SELECT 1 FROM usage LIMIT 1"))

    async def write(self, sums: Sequence[tuple[str, str, str, Counts]]) -> None:
        """Keep what Redis has of (tenant, day, epoch)."""
        rows = [(tenant, day, epoch, orjson.dumps(counts).decode()) for tenant, day, epoch, counts in sums]
        await self._file.run(
            lambda database: database.executemany("INSERT OR REPLACE INTO usage VALUES (?, ?, ?, ?)", rows)
        )

    async def read(self, tenant_id: str, first: str, last: str) -> dict[str, dict[str, Counts]]:
        """Return a tenant's sums from one day to another, by day and epoch."""

        def work(database: sqlite3.Connection) -> dict[str, dict[str, Counts]]:
            found: dict[str, dict[str, Counts]] = {}
            rows = database.execute(
                "SELECT day, epoch, counts FROM usage WHERE tenant = ? AND day BETWEEN ? AND ?",
                (tenant_id, first, last),
            )
            for day, epoch, counts in rows:
                found.setdefault(str(day), {})[str(epoch)] = orjson.loads(counts)
            return found

        return await self._file.run(work)

    async def remove(self, tenant_id: str) -> None:
        """Forget a tenant."""
        await self._file.run(lambda database: database.execute("DELETE FROM usage WHERE tenant = ?", (tenant_id,)))

    async def prune(self, before: str) -> int:
        """Forget the days before one; return how many rows they had."""
        return await self._file.run(
            lambda database: database.execute("DELETE FROM usage WHERE day < ?", (before,)).rowcount
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _prepare(database: sqlite3.Connection) -> None:
    database.execute(_TABLE)


def added(*parts: Mapping[str, int]) -> Counts:
    """Return the sum of counts."""
    whole: Counts = {}
    for part in parts:
        for name, number in part.items():
            whole[name] = whole.get(name, 0) + number
    return whole
