"""Pictures: measured, checked to be whole, made smaller for the preview, made into JPEG where WhatsApp needs one.

Runs in a worker process, see __main__.py: decoders are handed bytes of strangers here.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from control.media.worker.unfit import Unfit

MAX_PIXELS = 40_000_000
"""Four bytes each when decoded. What claims to be larger is refused before anything of it is decoded."""

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

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def opened(path: Path, type_name: str) -> Image.Image:
    """Open a picture without decoding it; raises Unfit `media_invalid` when it is none or too large."""
    try:
        image = Image.open(path, formats=[DECODERS[type_name]])
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise broken(error) from error
    if image.width * image.height > MAX_PIXELS or min(image.size) < 1:
        image.close()
        raise Unfit("media_invalid", f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.")
    return image


def picture(path: Path, type_name: str, target: Path | None) -> dict[str, object]:
    """Check a picture and describe it; with a `target`, write it there as a JPEG.

    Orientation is applied, and metadata (place, camera) is gone, in what is written; a file sent as it is keeps
    both.
    """
    with opened(path, type_name) as image:
        try:
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            width, height = image.size[::-1] if turned else image.size
            if type_name == "jpeg" and target is None:
                # Reads every byte, but decodes only as finely as the preview needs.
                image.draft("RGB", (THUMBNAIL_PIXELS * 2, THUMBNAIL_PIXELS * 2))
            image.load()
            upright = ImageOps.exif_transpose(image)
            if target is not None:
                _write_jpeg(upright, target, image.info.get("icc_profile"))
            preview = thumbnail(upright)
        except Exception as error:
            # Decoders raise whatever they like at broken files.
            raise broken(error) from error
    return {
        "width": width,
        "height": height,
        "thumbnail": preview,
    }


def preview_of(path: Path, type_name: str) -> bytes:
    """Return the thumbnail of a picture we made ourselves, a frame of a video."""
    with opened(path, type_name) as image:
        try:
            return thumbnail(image)
        except Exception as error:
            raise broken(error) from error


def thumbnail(image: Image.Image) -> bytes:
    """Return a JPEG of at most THUMBNAIL_PIXELS a side and THUMBNAIL_MAX_BYTES."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    small = flattened(small)
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
        clear = image.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        ground.alpha_composite(clear)
        return ground.convert("RGB")
    return image.convert("RGB")


def _write_jpeg(image: Image.Image, target: Path, profile: object) -> None:
    kept = profile if isinstance(profile, bytes) and len(profile) <= MAX_PROFILE_BYTES else None
    if image.mode not in ("RGB", "RGBA", "P", "PA"):
        # A profile describes the colours the picture had, not those it is given now.
        kept = None
    flattened(image).save(target, "JPEG", quality=JPEG_QUALITY, icc_profile=kept, exif=b"")


def broken(error: Exception) -> Unfit:
    """Say that a picture cannot be decoded."""
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning | MemoryError):
        return Unfit("media_invalid", "The picture is too large when it is unpacked.")
    return Unfit("media_invalid", "The picture is damaged or not complete.")
