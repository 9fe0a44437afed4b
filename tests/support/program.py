"""A program that runs beside a test: what it printed so far, and waiting for it to print something."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from tests.support.wait import wait_for

SECONDS = 40


class Program:
    """A child process whose output is read all the time, so that it never fills its pipe."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._said = b""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(65_536):
            self._said += chunk

    @property
    def said(self) -> str:
        """What it printed so far, errors among it."""
        return self._said.decode(errors="replace")

    async def says(self, text: str) -> None:
        """Wait until it printed a text; AssertionError when it ends or too long passes without it."""

        def has() -> bool:
            ended = self._reading.done()
            assert text in self.said or not ended, f"it ended without {text!r}:\n{self.said}"
            return text in self.said

        await wait_for(has, seconds=SECONDS, what=lambda: f"{text!r} in {self.said!r}")

    async def ends(self) -> str:
        """Wait until it ended well; return all it printed."""
        async with asyncio.timeout(SECONDS):
            await self._reading
            status = await self._process.wait()
        assert status == 0, self.said
        return self.said

    async def kill(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._reading
        await self._process.wait()


@contextlib.asynccontextmanager
async def running(
    command: Sequence[str], directory: Path, environment: Mapping[str, str]
) -> AsyncIterator[Program]:
    """Run a command in a directory until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=directory,
        # Python keeps what it prints to a pipe until there is much of it.
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    program = Program(process)
    try:
        yield program
    finally:
        await program.kill()
