"""What Redis alone would lose, kept in a small SQLite file beside it: named values that belong to an owner.

DATA_DIR/control/<what>.sqlite, written after Redis was. An owner's values are written and read as a whole and
carry a revision, which counts their changes: who has the higher one has the later state (see storage/records.py).
Secrets are sealed by those who keep them here; the file itself is not.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from control.storage.copy_file import CopyFile

REVISION = "revision"
REMOVED_MAX = 10_000
"""Owners whose removal is remembered; who read one before it writes at most seconds after it."""

_TABLE = """
CREATE TABLE IF NOT EXISTS record (
  owner TEXT NOT NULL, field TEXT NOT NULL, revision INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (owner, field)
) WITHOUT ROWID
"""


class DurableCopy:
    """Reads and writes the file, in threads. Every method raises sqlite3.Error or OSError when the disk does."""

    def __init__(self, path: Path, *, what: str) -> None:
        """what: is kept there, for the log."""
        self.what = what
        # Owner → the revision it was removed at: what was read before that and is written after it is left out.
        self._removed: OrderedDict[str, int] = OrderedDict()
        self._file = CopyFile(path, what=what, prepare=_prepare)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._file.path

    async def revisions(self) -> dict[str, int]:
        """Return each owner's revision. A file that is damaged is set aside and begun anew."""

        def work(database: sqlite3.Connection) -> dict[str, int]:
            rows = database.execute("SELECT owner, revision FROM record WHERE field = ?", (REVISION,))
            return {str(owner): int(revision) for owner, revision in rows}

        return await self._file.run_or_begin_anew(work)

    async def read_all(self) -> dict[str, dict[str, bytes]]:
        """Return the values of every owner, `revision` among them; like revisions() for a damaged file."""

        def work(database: sqlite3.Connection) -> dict[str, dict[str, bytes]]:
            found: dict[str, dict[str, bytes]] = {}
            for owner, field, value in database.execute("SELECT owner, field, value FROM record"):
                found.setdefault(str(owner), {})[str(field)] = bytes(value)
            return found

        return await self._file.run_or_begin_anew(work)

    async def read(self, owner: str) -> dict[str, bytes]:
        """Return the owner's values, `revision` among them; empty when there are none."""

        def work(database: sqlite3.Connection) -> dict[str, bytes]:
            rows = database.execute("SELECT field, value FROM record WHERE owner = ?", (owner,))
            return {str(name): bytes(value) for name, value in rows}

        return await self._file.run(work)

    async def write(self, owner: str, values: Mapping[str, bytes]) -> None:
        """Keep the owner's values, `revision` among them, unless those there are of a later one."""
        revision, rows = int(values[REVISION]), dict(values)

        def work(database: sqlite3.Connection) -> None:
            if revision <= self._removed.get(owner, 0):
                return
            kept = database.execute(
                "SELECT revision FROM record WHERE owner = ? AND field = ?", (owner, REVISION)
            ).fetchone()
            if kept is not None and kept[0] > revision:
                return
            database.execute("DELETE FROM record WHERE owner = ?", (owner,))
            database.executemany(
                "INSERT INTO record VALUES (?, ?, ?, ?)",
                [(owner, name, revision, value) for name, value in rows.items()],
            )

        await self._file.run(work)

    async def remove(self, owner: str, *, up_to: int = 0) -> None:
        """Forget the owner, and leave out what somebody still wants to write of it up to a revision."""

        def work(database: sqlite3.Connection) -> None:
            database.execute("DELETE FROM record WHERE owner = ?", (owner,))
            if up_to:
                self._removed[owner] = max(up_to, self._removed.pop(owner, 0))
                while len(self._removed) > REMOVED_MAX:
                    self._removed.popitem(last=False)

        await self._file.run(work)

    def removed_at(self, owner: str) -> int:
        """Return the revision the owner was last removed at in this process, 0 for none."""
        return self._removed.get(owner, 0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _prepare(database: sqlite3.Connection) -> None:
    # Webhooks, the first that were kept so, had a table of another name.
    if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'webhook'").fetchone() is not None:
        database.execute("ALTER TABLE webhook RENAME TO record")
        database.execute("ALTER TABLE record RENAME COLUMN tenant TO owner")
    database.execute(_TABLE)
