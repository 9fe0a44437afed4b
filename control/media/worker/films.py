"""Video files: what their boxes say, and whether WhatsApp plays them as they are. Runs in a worker process."""

from __future__ import annotations

from pathlib import Path

from control.media.worker.isobmff import read_movie

AAC = 0x40
"""Object type of MPEG-4 sound; 0x6B, for one, is MP3."""

PLAYED_PROFILES = (66, 77, 88, 100)
"""Baseline, main, extended and high: eight bits, 4:2:0. Phones decode no others in hardware."""


def film(path: Path) -> dict[str, object]:
    """Return {"seconds", "width", "height", "picture", "sound"} of an MP4 or QuickTime file.

    picture: "played" for H.264 that phones play, else its codec's name, None without a picture. sound: likewise,
    with AAC as what is played. Raises Unfit `media_invalid`.
    """
    with path.open("rb") as file:
        movie = read_movie(file)
    seen = movie.first(b"vide")
    heard = movie.first(b"soun")
    picture = sound = None
    if seen is not None:
        played = seen.codec in (b"avc1", b"avc3") and seen.profile in PLAYED_PROFILES
        picture = "played" if played else seen.codec.decode("latin-1")
    if heard is not None:
        played = heard.codec == b"mp4a" and heard.coding == AAC
        sound = "played" if played else heard.codec.decode("latin-1")
    return {
        "seconds": movie.seconds,
        "width": seen.width or None if seen is not None else None,
        "height": seen.height or None if seen is not None else None,
        "picture": picture,
        "sound": sound,
    }
