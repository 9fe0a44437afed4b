from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from control.rpc.contract_gen import StoreBackupResult


class PlayedStore:
    """A bridge that can only copy its store. meta: what the copy's table of that name holds."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.meta = {"journal_id": "jrn_0123456789abcdefghij", "copied_ms": "1"}
        self.copies = 0

    async def store_backup(self, file_name: str) -> StoreBackupResult:
        self.copies += 1
        path = self.data_dir / "backup" / file_name
        await asyncio.to_thread(write_store, path, self.meta)
        return StoreBackupResult(
            file_name=file_name,
            size_bytes=1,
            sessions=2,
            journal_id="jrn_0123456789abcdefghij",
            head_position=7,
        )


def write_store(path: Path, meta: dict[str, str]) -> None:
    """Write a store with nothing but its meta."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())


def read_meta(path: Path) -> dict[str, str]:
    """Read a store's meta."""
    with closing(sqlite3.connect(path)) as db:
        return dict(db.execute("SELECT name, value FROM meta").fetchall())
