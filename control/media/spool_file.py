"""One file of the spool while it comes into being."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from control.errors import GatewayError
from control.media.threads import Threads

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A whole file. name: in the spool. sha256: hex."""

    name: str
    size_bytes: int
    sha256: str


class FileBeingWritten:
    """A file that is written here, piece by piece. One call at a time."""

    def __init__(
        self,
        name: str,
        descriptor: int,
        max_bytes: int,
        grow: Callable[[int], Awaitable[None]],
        threads: Threads,
    ) -> None:
        self._name = name
        self._descriptor = descriptor
        self._max_bytes = max_bytes
        self._grow = grow
        self._threads = threads
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self._size = 0

    async def write(self, data: bytes) -> None:
        """Append the bytes; raises `media_too_large`, `spool_full`, and OSError for the spool to judge."""
        if self._size + len(data) > self._max_bytes:
            raise too_large(self._max_bytes)
        self._size += len(data)
        await self._grow(len(data))
        self._waiting += data
        if len(self._waiting) >= CHUNK_BYTES:
            await self._flush()

    async def finish(self) -> None:
        """Bring everything to the disk."""
        await self._flush()
        await self._threads.run(os.fsync, self._descriptor)

    def stored(self) -> Stored:
        """Say what was written; right after the spool's block has ended."""
        return Stored(self._name, self._size, self._hash.hexdigest())

    async def _flush(self) -> None:
        chunk, self._waiting = self._waiting, bytearray()
        await self._threads.run(self._append, chunk)

    def _append(self, chunk: bytearray) -> None:
        view = memoryview(chunk)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._hash.update(chunk)


class FileBeingMade:
    """A file that somebody else writes, at `path`."""

    def __init__(self, name: str, path: Path, max_bytes: int) -> None:
        self.path = path
        self._name = name
        self._max_bytes = max_bytes
        self._stored: Stored | None = None

    def finish(self) -> None:
        """Measure it and bring it to the disk, in a thread; raises `media_too_large`."""
        with open(self.path, "rb", buffering=0) as file:
            os.fchmod(file.fileno(), 0o600)
            size = os.fstat(file.fileno()).st_size
            if size > self._max_bytes:
                raise too_large(self._max_bytes)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        self._stored = Stored(self._name, size, digest)

    def stored(self) -> Stored:
        """Say what was made; only after the spool's block has ended."""
        if self._stored is None:
            raise RuntimeError("the file is not finished")
        return self._stored


def too_large(max_bytes: int) -> GatewayError:
    """Say that a file is larger than it may be."""
    return GatewayError(
        "media_too_large", f"The file is larger than {max_bytes / 1_048_576:g} MB.", maxBytes=max_bytes
    )
