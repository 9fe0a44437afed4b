"""Runs ffmpeg, the operator's own program, on a file of the spool, with fixed arguments and limits on all it does.

The demuxer is named by what the bytes are, so that no playlist is ever followed, and only files can be opened. It
runs in a process group of its own, which is killed when it takes too long or nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from control.errors import GatewayError
from control.media.gate import Gate
from control.media.spool_file import too_large

MEMORY_MB = 1024
"""Of address space. Measured: 4K video in and 720p out takes 480 MB of it, of which 190 MB are used."""

MAX_PIXELS = 40_000_000
PER_TENANT = 1
IN_ALL = 2
_SAID_MAX_BYTES: Final = 2048
# What the system says of a write beyond the limit that launcher.py sets.
_TOO_LARGE: Final = os.strerror(errno.EFBIG).encode()
_LAUNCHER: Final = Path(__file__).with_name("launcher.py")

DEMUXERS: Final = {
    **dict.fromkeys(("mp4", "mov", "m4a"), "mov"),
    **dict.fromkeys(("ogg", "ogv", "opus"), "ogg"),
    **dict.fromkeys(("amr", "amr_wb"), "amr"),
    **{
        name: name for name in ("matroska", "gif", "avi", "mp3", "aac", "wav", "flac", "aiff", "caf", "flv", "asf")
    },
    **{name: name for name in ("mpegts", "mpeg")},
}
"""What can be converted, by the names of sniff.py."""

log = logging.getLogger(__name__)


class Ffmpeg:
    """The program, if there is one."""

    def __init__(self, program: Path | None, *, seconds: float) -> None:
        """seconds: what a conversion may take."""
        self._program = program
        self._seconds = seconds
        self._gate = Gate(per_tenant=PER_TENANT, in_all=IN_ALL)

    @property
    def is_there(self) -> bool:
        """Whether anything can be converted."""
        return self._program is not None

    def require(self, what: str) -> None:
        """Raise `ffmpeg_required`, saying what it would be needed for, when there is none."""
        if self._program is None:
            raise GatewayError(
                "ffmpeg_required",
                f"{what} has to be converted. Install ffmpeg on the server, or set FFMPEG_PATH to where it is.",
            )

    async def convert(
        self,
        tenant_id: str,
        source: Path,
        type_name: str,
        output: Sequence[str],
        *,
        max_bytes: int,
        seek: float = 0,
    ) -> None:
        """Run ffmpeg on a file of a type in DEMUXERS.

        output: the arguments behind the input, files to write among them. max_bytes: of the largest of those.
        seek: seconds from the beginning. Raises `ffmpeg_required`, `media_conversion_failed`, `media_too_large`,
        `media_busy`.
        """
        self.require("The file")
        arguments = [
            *("-hide_banner", "-nostdin", "-v", "error", "-n", "-threads", "2", "-filter_threads", "1"),
            *("-protocol_whitelist", "file,pipe", "-max_pixels", str(MAX_PIXELS)),
            *(("-ss", f"{seek:.3f}") if seek else ()),
            *("-f", DEMUXERS[type_name], "-i", f"file:{source}"),
            *output,
        ]
        async with self._gate.enter(tenant_id):
            await self._run(arguments, max_bytes)

    async def _run(self, arguments: Sequence[str], max_bytes: int) -> None:
        cpu_seconds = int(self._seconds * 2) + 5
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(_LAUNCHER)),
            *(str(cpu_seconds), str(MEMORY_MB), str(max_bytes), str(self._program), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            cwd="/",
            # Without the second, every thread would reserve address space that it does not use.
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        )
        said = b""
        try:
            async with asyncio.timeout(self._seconds):
                said = await _tail(process.stderr)
                status = await process.wait()
        except TimeoutError:
            log.warning("ffmpeg took too long", extra={"seconds": self._seconds})
            raise GatewayError(
                "media_conversion_failed", f"The conversion took longer than {self._seconds:g} seconds."
            ) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.shield(process.wait())
        if status != 0:
            if _TOO_LARGE in said:
                raise too_large(max_bytes)
            log.warning("ffmpeg failed", extra={"status": status, "said": _printable(said)})
            raise GatewayError("media_conversion_failed")


async def _tail(stream: asyncio.StreamReader | None) -> bytes:
    """Read to the end and keep the last of it."""
    kept = b""
    while stream is not None and (data := await stream.read(65536)):
        kept = (kept + data)[-_SAID_MAX_BYTES:]
    return kept


def _printable(said: bytes) -> str:
    return "".join(c if c.isprintable() else " " for c in said.decode(errors="replace"))[-400:]
