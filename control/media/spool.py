"""The folder in which media wait for the bridge: DATA_DIR/spool, 0700, files 0600 with random names.

A file is `<name>.part` while it is written and gets its name when it is whole and on the disk. Finished files are
the bridge's: it removes one when no message needs it any more, and one that no message ever needed after an hour.
Here only a file is removed whose send was definitely not accepted. What a killed process left half written goes at
the next start, or by its age.

The folder has a bound of its own and leaves the disk a reserve: the bridge's store is on the same disk, and a
message that cannot be recorded is worse than a file that cannot be taken.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from control.errors import GatewayError
from control.media.spool_file import FileBeingMade, FileBeingWritten
from control.media.threads import Threads

NAME: Final = re.compile(r"[A-Za-z0-9_-]{22,64}", re.ASCII)
PART: Final = ".part"

DISK_RESERVE_BYTES = 128 * 1024 * 1024
"""What stays free on the disk, for everything else that is written there."""

LOOK_EVERY_BYTES = 32 * 1024 * 1024
"""After so much was written the folder and the disk are looked at again."""

PART_MAX_AGE_SECONDS = 3600.0
"""Far above what receiving and converting may take."""
RETRY_SECONDS = 30

_DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

log = logging.getLogger(__name__)


class Spool:
    """The folder and its accounts."""

    def __init__(
        self,
        path: Path,
        max_bytes: int,
        threads: Threads,
        *,
        reserve_bytes: int = DISK_RESERVE_BYTES,
        free_bytes: Callable[[Path], int] | None = None,
    ) -> None:
        """free_bytes: tells how much the disk can still take; by default the system is asked."""
        self.path = path
        self._max_bytes = max_bytes
        self._threads = threads
        self._reserve_bytes = reserve_bytes
        self._free_bytes = free_bytes or _free_bytes
        # What may still be written as far as is known, and what was granted since that was found out.
        self._room = 0
        self._granted = LOOK_EVERY_BYTES
        self._looking = asyncio.Lock()
        # What was granted to each file that is being written.
        self._under_way: dict[str, int] = {}

    async def start(self) -> None:
        """Make the folder if need be, and remove what the process before left half written."""
        removed = await self._threads.run(self._prepare)
        if removed:
            log.info("spool emptied of leftovers", extra={"files": removed})

    async def sweep(self) -> None:
        """Remove what has been half written for too long."""
        removed = await self._threads.run(self._remove_parts, time.time() - PART_MAX_AGE_SECONDS)
        if removed:
            log.warning("spool had forgotten files", extra={"files": removed})

    @asynccontextmanager
    async def writing(self, max_bytes: int) -> AsyncIterator[FileBeingWritten]:
        """Open a new file; after the block it is whole and has its name, and is gone if the block raised.

        max_bytes: the most it may get. Raises `spool_full`, and `media_too_large` from its write().
        """
        await self.grow(0)
        async with self._naming() as (name, part):
            # A list, as a cancellation loses what the thread returns, and that must be closed.
            opened: list[int] = []
            try:
                try:
                    await self._threads.run(_open, part, opened)
                    grow = partial(self.grow, name=name)
                    file = FileBeingWritten(name, opened[0], max_bytes, grow, self._threads)
                    yield file
                    await file.finish()
                finally:
                    for descriptor in opened:
                        await self._threads.run(os.close, descriptor)
            except OSError as error:
                raise self._disk_error(error) from error

    @asynccontextmanager
    async def making(self, max_bytes: int) -> AsyncIterator[FileBeingMade]:
        """Give a path at which somebody else, a converter, writes a file in the block.

        After the block it is whole and has its name, or `media_too_large` is raised; it is gone if the block
        raised. The room for it is taken before. Raises `spool_full`.
        """
        async with self._naming() as (name, part):
            await self.grow(max_bytes, name=name)
            file = FileBeingMade(name, part, max_bytes)
            yield file
            try:
                await self._threads.run(file.finish)
            except OSError as error:
                raise self._disk_error(error) from error

    @asynccontextmanager
    async def scratch(self, max_bytes: int) -> AsyncIterator[Path]:
        """Give a path for a file that is needed in the block only; raises `spool_full`."""
        name = secrets.token_urlsafe(24)
        path = self.path / f"{name}{PART}"
        try:
            await self.grow(max_bytes, name=name)
            yield path
        finally:
            self._under_way.pop(name, None)
            await self._threads.run(_unlink, path)

    @asynccontextmanager
    async def _naming(self) -> AsyncIterator[tuple[str, Path]]:
        name = secrets.token_urlsafe(24)
        part = self.path / f"{name}{PART}"
        try:
            yield name, part
            await self._threads.run(os.rename, part, self.path / name)
        except BaseException:
            await self._threads.run(_unlink, part, self.path / name)
            raise
        finally:
            self._under_way.pop(name, None)

    def at(self, name: str) -> Path:
        """Return the path of a finished file; a name that no file here can have is a programming error."""
        if not NAME.fullmatch(name):
            raise ValueError("not a name of the spool")
        return self.path / name

    async def remove(self, name: str) -> None:
        """Remove a finished file if it is still there."""
        await self._threads.run(_unlink, self.at(name))

    async def grow(self, size: int, *, name: str | None = None) -> None:
        """Take room for bytes that will be written to a file under way; raises `spool_full`.

        Files leave the folder without a word to us, so the count is corrected by looking, now and then and before
        anybody is refused. A file under way counts with what it was granted, written or not.
        """
        if self._granted + size >= LOOK_EVERY_BYTES or self._room <= size:
            async with self._looking:
                if self._granted + size >= LOOK_EVERY_BYTES or self._room <= size:
                    self._granted = 0
                    looked = await self._threads.run(self._look, dict(self._under_way))
                    # Less what was granted to others meanwhile.
                    self._room = looked - self._granted
        if self._room <= size:
            log.warning("spool full", extra={"maxBytes": self._max_bytes, "roomBytes": self._room})
            raise GatewayError("spool_full", retry_after=RETRY_SECONDS)
        self._room -= size
        self._granted += size
        if name is not None:
            self._under_way[name] = self._under_way.get(name, 0) + size

    def _look(self, under_way: Mapping[str, int]) -> int:
        used = sum(under_way.values())
        with os.scandir(self.path) as entries:
            for entry in entries:
                if entry.name.removesuffix(PART) in under_way:
                    continue
                with contextlib.suppress(FileNotFoundError):
                    used += entry.stat(follow_symlinks=False).st_size
        return min(self._max_bytes - used, self._free_bytes(self.path) - self._reserve_bytes)

    def _prepare(self) -> int:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        return self._remove_parts(float("inf"))

    def _remove_parts(self, before: float) -> int:
        removed = 0
        with os.scandir(self.path) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    if _is_part(entry.name) and entry.stat(follow_symlinks=False).st_mtime < before:
                        os.unlink(entry.path)
                        removed += 1
        return removed

    def _disk_error(self, error: OSError) -> Exception:
        if error.errno not in _DISK_FULL:
            return error
        log.error("disk full", extra={"reason": error.strerror})
        return GatewayError("spool_full", retry_after=RETRY_SECONDS)


def _is_part(name: str) -> bool:
    return name.endswith(PART) and NAME.fullmatch(name.removesuffix(PART)) is not None


def _free_bytes(path: Path) -> int:
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


def _open(part: Path, opened: list[int]) -> None:
    opened.append(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _unlink(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
