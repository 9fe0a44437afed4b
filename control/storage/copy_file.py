"""A small SQLite file of the control plane's, beside Redis: opened when needed, private, used in threads.

Only this process writes it, or others of this host. Whatever is deleted is overwritten, so that nothing stays of a
tenant that is gone. A file that is damaged is set aside and begun anew: it is a copy, and Redis has the rest.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

BUSY_SECONDS = 2.0

T = TypeVar("T")

log = logging.getLogger(__name__)


class CopyFile:
    """One file. Whatever is done with it raises sqlite3.Error or OSError when the disk does not work."""

    def __init__(self, path: Path, *, what: str, prepare: Callable[[sqlite3.Connection], None]) -> None:
        """what: is kept there, for the log. prepare: makes the tables that are not there yet."""
        self.path = path
        self._what = what
        self._prepare = prepare
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the file, in a thread and in one transaction."""
        return await asyncio.to_thread(self._run, work)

    async def run_or_begin_anew(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The same; a file that is no such file is set aside, and it is done with a new one. For the start."""
        return await asyncio.to_thread(self._run_or_begin_anew, work)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            self._close()

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock, self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            return work(database)

    def _run_or_begin_anew(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return self._run(work)
        except sqlite3.DatabaseError as damaged:
            if isinstance(damaged, sqlite3.OperationalError):
                raise
            with self._lock:
                self._set_aside()
            return self._run(work)

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
                with database:
                    self._prepare(database)
            except BaseException:
                database.close()
                raise
            self._database = database
        return self._database

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _set_aside(self) -> None:
        self._close()
        aside = self.path.with_name(f"{self.path.name}.damaged-{int(time.time())}")
        self.path.rename(aside)
        self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        log.error("a copy on disk is damaged and was set aside", extra={"of": self._what, "file": aside.name})
