"""Pictures: measured, checked to be whole, made smaller for the preview, made into JPEG where WhatsApp needs one.

Runs in a worker process, see __main__.py: decoders are handed bytes of strangers here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from control.media.worker.unfit import Unfit

MAX_PIXELS = 16_000_000
"""Four bytes each when decoded. What claims to be larger is refused before anything of it is decoded."""

JPEG_MAX_PIXELS = 120_000_000
"""The largest cameras of phones. A JPEG is decoded only as finely as is needed here, which takes little memory."""

MAX_SIDE = 65_535

SQUARE_PIXELS = 640
"""A side of the pictures WhatsApp's own clients upload for groups."""

THUMBNAIL_PIXELS = 100
THUMBNAIL_MAX_BYTES = 8 * 1024
JPEG_QUALITY = 88
MAX_PROFILE_BYTES = 64 * 1024

# The only decoders that ever see a file: the one that its first bytes name.
DECODERS: Final = {
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "bmp": "BMP",
    "tiff": "TIFF",
    "avif": "AVIF",
}

Image.MAX_IMAGE_PIXELS = JPEG_MAX_PIXELS


@contextmanager
def opened(path: Path, type_name: str, *, at_least: int) -> Iterator[tuple[Image.Image, tuple[int, int]]]:
    """Open a picture without decoding it, and give its size too, for decoding may make it smaller.

    at_least: pixels a side that are needed of it; a larger JPEG is decoded more coarsely. Raises Unfit
    `media_invalid` when it is none or too large, and for whatever a decoder raises in the block.
    """
    try:
        with Image.open(path, formats=[DECODERS[type_name]]) as image:
            size = image.size
            most = JPEG_MAX_PIXELS if type_name == "jpeg" else MAX_PIXELS
            if size[0] * size[1] > most or max(size) > MAX_SIDE:
                raise _too_many_pixels(most)
            if type_name == "jpeg":
                # Every byte is read all the same, so that what is not complete is noticed.
                image.draft("RGB", (at_least, at_least))
            yield image, size
    except Unfit:
        raise
    except Exception as error:
        # Decoders raise whatever they like at broken files.
        raise _broken(error) from error


def picture(path: Path, type_name: str, target: Path | None) -> dict[str, object]:
    """Check a picture and describe it; with a `target`, write it there as a JPEG.

    Orientation is applied, and metadata (place, camera) is gone, in what is written; a file sent as it is keeps
    both.
    """
    with opened(path, type_name, at_least=THUMBNAIL_PIXELS * 2) as (image, size):
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        profile = image.info.get("icc_profile")
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        upright: Image.Image = image
        if target is not None:
            # A profile describes the colours the picture had, not those it is given now.
            kept = profile if image.mode in ("RGB", "RGBA", "P") else None
            upright = flattened(image)
            _write_jpeg(upright, target, kept)
        width, height = size[::-1] if turned else size
        return {"width": width, "height": height, "thumbnail": thumbnail(upright)}


def square(path: Path, type_name: str, target: Path) -> dict[str, object]:
    """Write the middle of a picture as a square JPEG of at most SQUARE_PIXELS a side, upright and bare."""
    with opened(path, type_name, at_least=SQUARE_PIXELS) as (image, _):
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        shortest = min(image.size)
        left, top = (image.width - shortest) // 2, (image.height - shortest) // 2
        middle = flattened(image.crop((left, top, left + shortest, top + shortest)))
        side = min(shortest, SQUARE_PIXELS)
        _write_jpeg(middle.resize((side, side), reducing_gap=3.0), target, None)
        return {"side": side}


def preview_of(path: Path, type_name: str) -> bytes:
    """Return the thumbnail of a picture we made ourselves, a frame of a video."""
    with opened(path, type_name, at_least=THUMBNAIL_PIXELS * 2) as (image, _):
        return thumbnail(image)


def thumbnail(image: Image.Image) -> bytes:
    """Return a JPEG of at most THUMBNAIL_PIXELS a side and THUMBNAIL_MAX_BYTES."""
    if image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    shrink = THUMBNAIL_PIXELS / max(image.size)
    size = image.size if shrink >= 1 else (_scaled(image.width, shrink), _scaled(image.height, shrink))
    small = flattened(image.resize(size, reducing_gap=2.0))
    for quality in (70, 50, 30, 10):
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= THUMBNAIL_MAX_BYTES:
            break
    return out.getvalue()


def flattened(image: Image.Image) -> Image.Image:
    """Return the picture as RGB, transparent parts on white."""
    if image.mode in ("I;16", "I", "F"):
        image = image.convert("L")
    if image.mode == "RGB":
        return image
    if image.has_transparency_data:
        clear = image if image.mode == "RGBA" else image.convert("RGBA")
        ground = Image.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear)
        return ground
    return image.convert("RGB")


def _write_jpeg(image: Image.Image, target: Path, profile: object) -> None:
    kept = profile if isinstance(profile, bytes) and len(profile) <= MAX_PROFILE_BYTES else None
    image.save(target, "JPEG", quality=JPEG_QUALITY, icc_profile=kept, exif=b"")


def _broken(error: Exception) -> Unfit:
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return _too_many_pixels(JPEG_MAX_PIXELS)
    if isinstance(error, MemoryError):
        return Unfit("media_invalid", "The picture is too large when it is unpacked.")
    return Unfit("media_invalid", "The picture is damaged or not complete.")


def _scaled(length: int, by: float) -> int:
    return max(1, round(length * by))


def _too_many_pixels(most: int) -> Unfit:
    return Unfit("media_invalid", f"The picture has more than {most // 1_000_000} million pixels.")
