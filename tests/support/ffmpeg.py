"""The ffmpeg of the tests: makes sound and video to send, and judges what was made of it by decoding it whole."""

from __future__ import annotations

import functools
import re
import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg

FFMPEG = Path(imageio_ffmpeg.get_ffmpeg_exe())

TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=3:sample_rate=44100")
SCENE = ("-f", "lavfi", "-i", "testsrc2=duration=2:size=320x240:rate=15")


@functools.cache
def made(suffix: str, *arguments: str) -> bytes:
    """Have a file made; arguments: all but the name of the output."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / f"out.{suffix}"
        command = [str(FFMPEG), "-v", "error", "-nostdin", *arguments, str(path)]
        subprocess.run(command, check=True, timeout=60, capture_output=True)
        return path.read_bytes()


def tone(suffix: str, *arguments: str) -> bytes:
    """Three seconds of a tone."""
    return made(suffix, *TONE, *arguments)


def scene(suffix: str, *arguments: str, sound: bool = True) -> bytes:
    """Two seconds of a moving picture, with a tone."""
    if not sound:
        return made(suffix, *SCENE, *arguments)
    return made(suffix, *SCENE, *TONE, "-t", "2", *arguments)


def decoded(path: Path) -> str:
    """Decode a file whole and return what ffmpeg says of its streams; AssertionError when anything is wrong."""
    done = subprocess.run(
        [str(FFMPEG), "-hide_banner", "-nostdin", "-xerror", "-i", str(path), "-f", "null", "-"],
        capture_output=True,
        timeout=60,
        text=True,
        errors="replace",
    )
    assert done.returncode == 0, done.stderr
    assert not re.search(r"error|invalid|corrupt", done.stderr, re.IGNORECASE), done.stderr
    return done.stderr.split("Output #0")[0]
