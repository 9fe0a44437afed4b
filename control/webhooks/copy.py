"""A copy of every tenant's webhooks on disk, for the day Redis loses its data.

Events come back from the bridge after that; where they go, nobody else knows. The copy is one small SQLite file,
DATA_DIR/control/webhooks.sqlite, written after Redis was. Secrets in it are sealed as they are in Redis.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "webhooks.sqlite"
BUSY_SECONDS = 2.0

_TABLE = """
CREATE TABLE IF NOT EXISTS webhook (
  tenant TEXT NOT NULL, field TEXT NOT NULL, revision INTEGER NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (tenant, field)
) WITHOUT ROWID
"""

log = logging.getLogger(__name__)


class WebhookCopy:
    """Reads and writes the file, in threads. Every method raises sqlite3.Error or OSError when the disk does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None

    async def revisions(self) -> dict[str, int]:
        """Return each tenant's revision. A file that is damaged is set aside and begun anew."""
        return await asyncio.to_thread(self._revisions)

    async def read(self, tenant_id: str) -> dict[str, bytes]:
        """Return the tenant's fields, `revision` among them; empty when there are none."""
        return await asyncio.to_thread(self._read, tenant_id)

    async def write(self, tenant_id: str, values: Mapping[str, bytes]) -> None:
        """Keep the tenant's fields in place of those before, unless those are of a later revision."""
        await asyncio.to_thread(self._write, tenant_id, dict(values))

    async def remove(self, tenant_id: str) -> None:
        """Forget the tenant."""
        await asyncio.to_thread(self._remove, tenant_id)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _revisions(self) -> dict[str, int]:
        with self._lock:
            try:
                return self._all()
            except sqlite3.DatabaseError as damaged:
                if isinstance(damaged, sqlite3.OperationalError):
                    raise
                self._set_aside()
                return self._all()

    def _all(self) -> dict[str, int]:
        rows = self._open().execute("SELECT tenant, revision FROM webhook WHERE field = 'revision'")
        return {str(tenant): int(revision) for tenant, revision in rows}

    def _read(self, tenant_id: str) -> dict[str, bytes]:
        with self._lock:
            rows = self._open().execute("SELECT field, value FROM webhook WHERE tenant = ?", (tenant_id,))
            return {str(name): bytes(value) for name, value in rows}

    def _write(self, tenant_id: str, values: dict[str, bytes]) -> None:
        revision = int(values["revision"])
        with self._lock, self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            kept = database.execute(
                "SELECT revision FROM webhook WHERE tenant = ? AND field = 'revision'", (tenant_id,)
            ).fetchone()
            if kept is not None and kept[0] > revision:
                return
            database.execute("DELETE FROM webhook WHERE tenant = ?", (tenant_id,))
            database.executemany(
                "INSERT INTO webhook VALUES (?, ?, ?, ?)",
                [(tenant_id, name, revision, value) for name, value in values.items()],
            )

    def _remove(self, tenant_id: str) -> None:
        with self._lock, self._open() as database:
            database.execute("DELETE FROM webhook WHERE tenant = ?", (tenant_id,))

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives its journals the mode of the file.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            database = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            try:
                database.execute("PRAGMA journal_mode = DELETE")
                database.execute("PRAGMA synchronous = FULL")
                # What was deleted is overwritten: a tenant that is gone leaves nothing.
                database.execute("PRAGMA secure_delete = ON")
                database.execute(_TABLE)
            except BaseException:
                database.close()
                raise
            self._database = database
        return self._database

    def _set_aside(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
        aside = self.path.with_name(f"{FILE_NAME}.damaged-{int(time.time())}")
        self.path.rename(aside)
        self.path.with_name(f"{FILE_NAME}-journal").unlink(missing_ok=True)
        log.error("the copy of the webhooks is damaged and was set aside", extra={"file": aside.name})
