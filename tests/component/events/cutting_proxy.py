"""A Unix socket in front of Redis that cuts every connection after so many bytes, to or from the server.

What had reached the server by then is carried out, as when the process that asked was killed.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Literal, Self

Direction = Literal["to", "from"]


class CuttingProxy:
    """Passes bytes on until told otherwise."""

    def __init__(self, path: Path, server: Path) -> None:
        self.url = f"unix://{path}"
        self.cuts = 0
        self.passed: dict[Direction, int] = {"to": 0, "from": 0}
        self._path = path
        self._target = server
        self._left: int | None = None
        self._direction: Direction = "to"
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._serve, self._path)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        self._cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_after(self, count: int, direction: Direction) -> None:
        """Cut once, when so many more bytes have gone in that direction."""
        self._left = count
        self._direction = direction

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await asyncio.open_unix_connection(self._target)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, server_writer}
        for pump in (self._pump(reader, server_writer, "to"), self._pump(server_reader, writer, "from")):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: Direction
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self._left is not None and direction == self._direction:
                    if len(data) >= self._left:
                        writer.write(data[: self._left])
                        await writer.drain()
                        self._left = None
                        self.cuts += 1
                        self._cut()
                        return
                    self._left -= len(data)
                self.passed[direction] += len(data)
                writer.write(data)
                await writer.drain()
        writer.close()

    def _cut(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()
