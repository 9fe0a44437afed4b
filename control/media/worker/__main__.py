"""A process that looks into files of strangers: `python -P -m control.media.worker MEMORY_MB FILE_MB SECONDS`.

Decoders and parsers run here and not in control, so that a file that makes one of them run away costs this process
and nothing else: its memory, its files and the time for one job are limited by the kernel. It has no secret in its
environment and no connection to anything but its parent.

A job is a line of JSON on standard input, {"job": name, "arguments": {…}}; its answer is a line on standard
output, {"result": {…}} or {"unfit": code, "sentence": …}, with "raised" if that was not foreseen; bytes are
base64. It ends when standard input does.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from control.media.worker import films, images, sounds, stickers, waveform
from control.media.worker.unfit import Unfit

JOBS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "picture": lambda path, type_name, target: images.picture(
        Path(path), type_name, Path(target) if target else None
    ),
    "square": lambda path, type_name, target: images.square(Path(path), type_name, Path(target)),
    "preview": lambda path: {"thumbnail": images.preview_of(Path(path), "jpeg")},
    "is_sticker": lambda path, type_name: stickers.is_sticker(Path(path), type_name),
    "sticker": lambda path, type_name, target: stickers.sticker(Path(path), type_name, Path(target)),
    "sound": lambda path, type_name: sounds.sound(Path(path), type_name),
    "film": lambda path: films.film(Path(path)),
    "waveform": lambda path: waveform.waveform(Path(path)),
}


def main() -> int:
    """Serve jobs until standard input ends."""
    memory_mb, file_mb, seconds = (int(argument) for argument in sys.argv[1:4])
    _limit(memory_mb, file_mb)
    for line in sys.stdin.buffer:
        # Ends this process even if control is gone and nobody else does.
        signal.alarm(seconds + 5)
        answer = _do(json.loads(line))
        signal.alarm(0)
        sys.stdout.buffer.write(json.dumps(answer, default=_encoded).encode() + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _do(job: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": JOBS[job["job"]](**job["arguments"])}
    except Unfit as unfit:
        return {"unfit": unfit.code, "sentence": unfit.sentence}
    except MemoryError:
        return {"unfit": "media_invalid", "sentence": "The file needs too much memory to be looked at."}
    except Exception as error:
        # Decoders and parsers raise whatever they like at broken files; control logs what it was.
        return {
            "unfit": "media_invalid",
            "sentence": "The file is damaged or not complete.",
            "raised": type(error).__name__,
        }


def _encoded(value: object) -> str:
    if not isinstance(value, bytes):
        raise TypeError(type(value).__name__)
    return base64.b64encode(value).decode()


def _limit(memory_mb: int, file_mb: int) -> None:
    os.umask(0o077)
    os.nice(5)
    for limit, value in (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_FSIZE, file_mb << 20),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    # A file that would get too large is an error and not the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # What is pressed at the terminal is for control, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
