"""Stickers: 512 by 512 pixels of WebP with a transparent ground, moving or not, made from any picture.

Runs in a worker process, see __main__.py. The sizes aimed at are those WhatsApp publishes for packs, 100 KB
for still and 500 KB for moving ones; up to MAX_BYTES is taken.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, ImageSequence

from control.media.worker.images import opened
from control.media.worker.unfit import Unfit

SIDE = 512
MAX_BYTES = 1024 * 1024
STILL_GOAL_BYTES = 100 * 1024
MOVING_GOAL_BYTES = 500 * 1024
MAX_FRAMES = 60
"""More are thinned out evenly; the speed stays."""

MAX_FRAMES_READ = 1_000
MIN_FRAME_MS = 8
MAX_MS = 10_000

_QUALITIES: Final = (90, 75, 50, 25, 5)
_MOVING_QUALITIES: Final = (70, 40, 10)


def is_sticker(path: Path, type_name: str) -> dict[str, object]:
    """Return {"fits", "animated"}: whether a WebP can be sent as it is. Raises Unfit when it is damaged."""
    with opened(path, type_name, at_least=SIDE) as (image, size):
        frames = getattr(image, "n_frames", 1)
        if size != (SIDE, SIDE) or path.stat().st_size > MAX_BYTES or frames > MAX_FRAMES_READ:
            return {"fits": False, "animated": False}
        for frame in ImageSequence.Iterator(image):
            frame.load()
        return {"fits": True, "animated": frames > 1}


def sticker(path: Path, type_name: str, target: Path) -> dict[str, object]:
    """Write a sticker and return {"animated"}.

    Raises Unfit `media_invalid`, or `media_too_large` when it cannot be made small enough.
    """
    with opened(path, type_name, at_least=SIDE) as (image, _):
        moving = getattr(image, "n_frames", 1) > 1
        made = _moving(image) if moving else _still(image)
    if len(made) > MAX_BYTES:
        raise Unfit("media_too_large", "The picture makes a sticker of more than 1 MB; take a simpler one.")
    target.write_bytes(made)
    return {"animated": moving}


def _still(image: Image.Image) -> bytes:
    ImageOps.exif_transpose(image, in_place=True)
    frame = _framed(image)
    made = b""
    for quality in _QUALITIES:
        out = io.BytesIO()
        frame.save(out, "WEBP", quality=quality, method=4)
        made = out.getvalue()
        if len(made) <= STILL_GOAL_BYTES:
            break
    return made


def _moving(image: Image.Image) -> bytes:
    frames, durations = _frames(image)
    made = b""
    for quality in _MOVING_QUALITIES:
        out = io.BytesIO()
        frames[0].save(
            out,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
            quality=quality,
            method=2,
        )
        made = out.getvalue()
        if len(made) <= MOVING_GOAL_BYTES:
            break
    return made


def _frames(image: Image.Image) -> tuple[list[Image.Image], list[int]]:
    """Return at most MAX_FRAMES frames of at most MAX_MS, and how long each is shown, in milliseconds."""
    total = min(getattr(image, "n_frames", 1), MAX_FRAMES_READ)
    step = -(-total // MAX_FRAMES)
    frames: list[Image.Image] = []
    durations: list[int] = []
    for number, (frame, shown) in enumerate(_shown(image, total)):
        if sum(durations) + shown > MAX_MS and frames:
            break
        if number % step == 0:
            frames.append(_framed(frame))
            durations.append(0)
        durations[-1] += shown
    return frames, [max(MIN_FRAME_MS, shown) for shown in durations]


def _shown(image: Image.Image, total: int) -> Iterator[tuple[Image.Image, int]]:
    for number in range(total):
        image.seek(number)
        image.load()
        # Browsers show a frame without a duration for a tenth of a second.
        yield image, int(image.info.get("duration", 0)) or 100


def _framed(image: Image.Image) -> Image.Image:
    """Return the picture as large as it fits, in the middle of a transparent square."""
    if image.mode not in ("RGB", "RGBA") or (image.mode == "RGB" and image.has_transparency_data):
        image = image.convert("RGBA")
    inside = ImageOps.contain(image, (SIDE, SIDE)).convert("RGBA")
    square = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    square.paste(inside, ((SIDE - inside.width) // 2, (SIDE - inside.height) // 2))
    return square
